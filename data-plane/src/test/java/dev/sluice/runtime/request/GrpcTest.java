package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.model.config.Route;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of gRPC's own client to its own server, through the gateway. Messages are bytes: no code is generated. */
@TestInstance(Lifecycle.PER_CLASS)
final class GrpcTest {
    private static final Metadata.Key<String> SENT = Metadata.Key.of("x-sent", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TRAILING =
            Metadata.Key.of("x-trailing", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> DETAILS = Metadata.Key.of("x-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final MethodDescriptor<byte[], byte[]> UNARY = method("Unary", MethodType.UNARY);
    private static final MethodDescriptor<byte[], byte[]> COLLECT = method("Collect", MethodType.CLIENT_STREAMING);
    private static final MethodDescriptor<byte[], byte[]> COUNT = method("Count", MethodType.SERVER_STREAMING);
    private static final MethodDescriptor<byte[], byte[]> TALK = method("Talk", MethodType.BIDI_STREAMING);
    private static final MethodDescriptor<byte[], byte[]> HANG = method("Hang", MethodType.BIDI_STREAMING);

    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final AtomicReference<Metadata> seen = new AtomicReference<>(new Metadata());
    private final TestGateway gateway = new TestGateway();
    private Server plain;
    private Server secure;
    private ManagedChannel channel;
    private Route route;

    @BeforeAll
    void start() throws IOException {
        plain = NettyServerBuilder.forPort(0).addService(service()).build().start();
        SelfSignedCertificate own = SelfSignedCertificate.create();
        secure = NettyServerBuilder.forPort(0)
                .sslContext(GrpcSslContexts.forServer(new File(own.certificatePath()), new File(own.privateKeyPath()))
                        .build())
                .addService(service())
                .build()
                .start();
        String protocols = ",'protocols':['grpc','grpcs'],'strip_path':false}";
        route = gateway.serve(plain.getPort(), "{'protocol':'grpc'}", "{'paths':['/test.Bytes/']" + protocols);
        gateway.serve(
                secure.getPort(),
                "{'protocol':'grpcs','tls_verify':false}",
                "{'paths':['/test.Bytes/'],'headers':{'x-secure':['1']}" + protocols);
        gateway.serve(1, "{'protocol':'grpc','retries':0}", "{'paths':['/test.Nowhere/']" + protocols);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.port())
                .usePlaintext()
                .build();
    }

    @AfterAll
    void stop() {
        channel.shutdownNow();
        plain.shutdownNow();
        secure.shutdownNow();
        gateway.close();
    }

    private ServerServiceDefinition service() {
        ServerServiceDefinition definition = ServerServiceDefinition.builder("test.Bytes")
                .addMethod(UNARY, ServerCalls.asyncUnaryCall((request, to) -> {
                    if (text(request).equals("fail")) {
                        Metadata trailers = new Metadata();
                        trailers.put(DETAILS, new byte[] {0, 1, (byte) 255});
                        to.onError(Status.FAILED_PRECONDITION
                                .withDescription("not today: 100 % ünlucky")
                                .asRuntimeException(trailers));
                        return;
                    }
                    to.onNext(request);
                    to.onCompleted();
                }))
                .addMethod(COLLECT, ServerCalls.asyncClientStreamingCall(to -> new Collecting(to)))
                .addMethod(COUNT, ServerCalls.asyncServerStreamingCall((request, to) -> {
                    for (int i = 0; i < Integer.parseInt(text(request)); i++) {
                        to.onNext(bytes(Integer.toString(i)));
                    }
                    to.onCompleted();
                }))
                .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(to -> new Echoing(to)))
                .addMethod(HANG, ServerCalls.asyncBidiStreamingCall(to -> {
                    ((ServerCallStreamObserver<byte[]>) to).setOnCancelHandler(cancelled::countDown);
                    hanging.countDown();
                    return new Ignoring();
                }))
                .build();
        return ServerInterceptors.intercept(definition, new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                seen.set(headers);
                return next.startCall(
                        new io.grpc.ForwardingServerCall.SimpleForwardingServerCall<Q, A>(call) {
                            @Override
                            public void close(Status status, Metadata trailers) {
                                trailers.put(TRAILING, "at the end");
                                super.close(status, trailers);
                            }
                        },
                        headers);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc", "grpcs"})
    void aUnaryCallIsAnsweredWithItsTrailers(String protocol) {
        Metadata headers = new Metadata();
        headers.put(SENT, "by the client");
        if (protocol.equals("grpcs")) {
            headers.put(Metadata.Key.of("x-secure", Metadata.ASCII_STRING_MARSHALLER), "1");
        }
        AtomicReference<Metadata> answered = new AtomicReference<>(new Metadata());
        AtomicReference<Metadata> trailing = new AtomicReference<>(new Metadata());
        var with = io.grpc.ClientInterceptors.intercept(
                channel,
                MetadataUtils.newAttachHeadersInterceptor(headers),
                MetadataUtils.newCaptureMetadataInterceptor(answered, trailing));

        byte[] answer = ClientCalls.blockingUnaryCall(with, UNARY, CallOptions.DEFAULT, bytes("hello"));

        assertThat(text(answer)).isEqualTo("hello");
        assertThat(value(seen, SENT)).isEqualTo("by the client");
        assertThat(value(seen, Metadata.Key.of("te", Metadata.ASCII_STRING_MARSHALLER)))
                .isIn("trailers", null);
        assertThat(value(trailing, TRAILING)).isEqualTo("at the end");
    }

    @Test
    void largeMessagesPassWhole() {
        byte[] large = new byte[3 << 20];
        new java.util.Random(4).nextBytes(large);

        assertThat(ClientCalls.blockingUnaryCall(channel, UNARY, CallOptions.DEFAULT, large))
                .isEqualTo(large);
    }

    @Test
    void aStatusPassesWithItsMessageAndDetails() {
        StatusRuntimeException failed = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(channel, UNARY, CallOptions.DEFAULT, bytes("fail")));

        assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(failed.getStatus().getDescription()).isEqualTo("not today: 100 % ünlucky");
        assertThat(failed.getTrailers().get(DETAILS)).containsExactly(0, 1, 255);
    }

    @Test
    void aClientMayStream() throws Exception {
        Heard heard = new Heard();
        StreamObserver<byte[]> to = ClientCalls.asyncClientStreamingCall(call(COLLECT), heard);
        for (int i = 0; i < 1000; i++) {
            to.onNext(bytes("x"));
        }
        to.onCompleted();

        assertThat(heard.next()).isEqualTo("1000");
        assertThat(heard.next()).isEqualTo("completed");
    }

    @Test
    void aServerMayStream() {
        Iterator<byte[]> numbers =
                ClientCalls.blockingServerStreamingCall(channel, COUNT, CallOptions.DEFAULT, bytes("5000"));
        List<String> received = new ArrayList<>();
        numbers.forEachRemaining(number -> received.add(text(number)));

        assertThat(received).hasSize(5000).endsWith("4999");
    }

    /** Each message goes when the one before was answered: nothing may wait for the end of anything. */
    @Test
    void bothMayStreamInTurns() throws Exception {
        Heard heard = new Heard();
        StreamObserver<byte[]> to = ClientCalls.asyncBidiStreamingCall(call(TALK), heard);
        for (int i = 0; i < 20; i++) {
            to.onNext(bytes("turn " + i));
            assertThat(heard.next()).isEqualTo("turn " + i);
        }
        to.onCompleted();
        assertThat(heard.next()).isEqualTo("completed");
    }

    @Test
    void aCancelledCallIsCancelledAtTheServer() throws Exception {
        ClientCall<byte[], byte[]> call = call(HANG);
        ClientCalls.asyncBidiStreamingCall(call, new Heard()).onNext(bytes("go"));
        assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();
        call.cancel("no more", null);

        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        TestGateway.await("ended", () -> gateway.server().inFlight() == 0);
        assertThat(ClientCalls.blockingUnaryCall(channel, UNARY, CallOptions.DEFAULT, bytes("still")))
                .isEqualTo(bytes("still"));
    }

    @Test
    void aDeadlineReachesTheServer() {
        StatusRuntimeException late =
                catchThrowableOfType(StatusRuntimeException.class, () -> ClientCalls.blockingServerStreamingCall(
                                channel,
                                HANG.toBuilder()
                                        .setType(MethodType.SERVER_STREAMING)
                                        .build(),
                                CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS),
                                bytes(""))
                        .next());

        assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(value(seen, Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER)))
                .isNotNull();
    }

    @Test
    void whatTheGatewayAnswersItselfIsAStatusToo() {
        StatusRuntimeException nowhere =
                failure(UNARY.toBuilder().setFullMethodName("test.Nowhere/X").build());
        assertThat(nowhere.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(nowhere.getStatus().getDescription())
                .isEqualTo("An invalid response was received from the upstream server");
        StatusRuntimeException unknown =
                failure(UNARY.toBuilder().setFullMethodName("test.Unknown/X").build());
        assertThat(unknown.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(unknown.getStatus().getDescription()).isEqualTo("no Route matched with those values");
        TestGateway.await("recorded", () -> gateway.countedWithoutRoute(404) == 1);
    }

    private StatusRuntimeException failure(MethodDescriptor<byte[], byte[]> method) {
        return catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, bytes("")));
    }

    @Test
    void aGrpcRouteOverHttp1Is426() {
        RawResponse answer = gateway.get("/test.Bytes/Unary", "Content-Type: application/grpc");

        assertThat(answer.status()).isEqualTo(426);
        assertThat(answer.header("upgrade")).isEqualTo("HTTP/2");
        assertThat(answer.text()).contains("Please use HTTP2 protocol");
        assertThat(gateway.counted(route, 426)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/grpc-web", "application/grpcx"})
    void somethingElseOnAGrpcRouteIs415(String type) {
        var vertx = io.vertx.core.Vertx.vertx();
        try {
            var client = vertx.createHttpClient(new io.vertx.core.http.HttpClientOptions()
                    .setProtocolVersion(io.vertx.core.http.HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false));
            var answer = client.request(
                            io.vertx.core.http.HttpMethod.POST, gateway.port(), "127.0.0.1", "/test.Bytes/Unary")
                    .compose(request -> request.putHeader("content-type", type).send("x"))
                    .compose(response -> response.body().map(body -> response.statusCode() + " " + body))
                    .await();

            client.close().await(); // one that nobody holds any more may be closed at any time
            assertThat(answer).startsWith("415 ").contains("Non-gRPC request matched gRPC route");
        } finally {
            vertx.close().await();
        }
    }

    private ClientCall<byte[], byte[]> call(MethodDescriptor<byte[], byte[]> method) {
        return channel.newCall(method, CallOptions.DEFAULT);
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
                .setType(type)
                .setFullMethodName("test.Bytes/" + name)
                .build();
    }

    private static @Nullable String value(AtomicReference<Metadata> of, Metadata.Key<String> key) {
        Metadata metadata = of.get();
        return metadata == null ? null : metadata.get(key);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Says how many messages there were. */
    private static final class Collecting implements StreamObserver<byte[]> {
        private final StreamObserver<byte[]> to;
        private int messages;

        Collecting(StreamObserver<byte[]> to) {
            this.to = to;
        }

        @Override
        public void onNext(byte[] message) {
            messages++;
        }

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onCompleted() {
            to.onNext(bytes(Integer.toString(messages)));
            to.onCompleted();
        }
    }

    private record Echoing(StreamObserver<byte[]> to) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] message) {
            to.onNext(message);
        }

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onCompleted() {
            to.onCompleted();
        }
    }

    private static final class Ignoring implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] message) {}

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onCompleted() {}
    }

    private static final class Heard implements StreamObserver<byte[]> {
        private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            String next = heard.poll(20, TimeUnit.SECONDS);
            return next == null ? "nothing" : next;
        }

        @Override
        public void onNext(byte[] message) {
            heard.add(text(message));
        }

        @Override
        public void onError(Throwable thrown) {
            heard.add(thrown.toString());
        }

        @Override
        public void onCompleted() {
            heard.add("completed");
        }
    }
}
