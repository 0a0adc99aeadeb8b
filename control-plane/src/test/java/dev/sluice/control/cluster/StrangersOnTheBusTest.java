package dev.sluice.control.cluster;

import static dev.sluice.control.cluster.Members.freePort;
import static dev.sluice.control.publish.FleetHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.cluster.Members.Listening;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.trust.BusIdentity;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.wire.RevisionAnnounced;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whoever has no certificate of the bus's authority hears nothing on the bus and is not heard, though he may be a member
 * of the cluster: that proves nothing.
 */
class StrangersOnTheBusTest {
    private static final RevisionAnnounced FORGED = new RevisionAnnounced("default", 1, 900);
    private static final RevisionAnnounced TRUE = new RevisionAnnounced("default", 1, 7);

    private final Vertx vertx = Vertx.vertx();
    private final BusAuthority authority = new BusAuthority();
    private final HostPort member = new HostPort("127.0.0.1", freePort());
    private final int busPort = freePort();
    private final ClusteredBus bus =
            new ClusteredBus(vertx, Members.settings(member.port(), busPort, List.of()), authority::identity);
    private final int friendPort = freePort();
    private Listening friend = new Listening(vertx, List.of());

    @BeforeEach
    void join() {
        bus.start();
        await(bus.firstJoin());
        friend = Members.listening(
                member, MemberConfig.bus(Members.settings(0, friendPort, List.of()), authority.identity()));
        announceUntilTheFriendHears();
    }

    @AfterEach
    void leave() {
        friend.close();
        await(bus.close());
        await(vertx.close());
    }

    @Test
    void aPeerWithACertificateIsHeard() {
        Future<Buffer> ended = say(friendPort, withCertificate(authority.identity(), authority.identity()));

        Members.until(
                vertx, "the message", () -> ended.isComplete() || friend.heard().contains(FORGED));

        assertThat(ended.isComplete()).as("cut off: %s", ended.result()).isFalse();
    }

    @Test
    void clearTextIsNotHeardAndHearsNothing() {
        assertIsStranger(new NetClientOptions());
    }

    @Test
    void tlsWithoutACertificateIsNotHeardAndHearsNothing() {
        assertIsStranger(tls().setTrustOptions(trust(authority.identity())));
    }

    @Test
    void tlsWithACertificateOfAnotherAuthorityIsNotHeardAndHearsNothing() {
        assertIsStranger(withCertificate(new BusAuthority().identity(), authority.identity()));
    }

    @Test
    void aMemberWithoutTlsIsNotHeardAndHearsNothing() {
        assertMemberIsStranger(new EventBusOptions());
    }

    @Test
    void aMemberOfAnotherAuthorityIsNotHeardAndHearsNothing() {
        assertMemberIsStranger(MemberConfig.bus(Members.settings(0, 0, List.of()), new BusAuthority().identity()));
    }

    /** Says something on the ports of both, and listens there for as long as he may. */
    private void assertIsStranger(NetClientOptions stranger) {
        for (int port : new int[] {busPort, friendPort}) {
            Buffer heard = await(say(port, stranger).timeout(30, TimeUnit.SECONDS));
            assertThat(heard.toString(StandardCharsets.ISO_8859_1)).doesNotContain("default");
        }
        announceUntilTheFriendHears();
        assertThat(friend.heard()).doesNotContain(FORGED);
    }

    /** Registers for announcements, under an address at which every byte is kept that others send there. */
    private void assertMemberIsStranger(EventBusOptions options) {
        Buffer sent = Buffer.buffer();
        NetServer ear = vertx.createNetServer().connectHandler(socket -> socket.handler(sent::appendBuffer));
        int earPort = await(ear.listen(0, "127.0.0.1")).actualPort();
        Listening rogue = Members.listening(
                member,
                options.setHost("127.0.0.1").setClusterPublicHost("127.0.0.1").setClusterPublicPort(earPort));
        Members.until(vertx, "three members", () -> bus.members() == 3);
        Members.until(vertx, "somebody who calls the stranger", () -> {
            bus.announce(TRUE);
            return sent.length() > 0;
        });

        for (int i = 0; i < 3; i++) {
            EventBus ignored =
                    rogue.vertx().eventBus().publish(RevisionAnnounced.ADDRESS, Buffer.buffer(WireJson.bytes(FORGED)));
            announceUntilTheFriendHears();
        }

        assertThat(rogue.heard()).as("all that he hears is himself").allMatch(FORGED::equals);
        assertThat(sent.toString(StandardCharsets.ISO_8859_1)).doesNotContain("default");
        assertThat(friend.heard()).doesNotContain(FORGED);
        rogue.close();
        await(ear.close());
    }

    private void announceUntilTheFriendHears() {
        friend.heard().clear();
        Members.until(vertx, "an announcement", () -> {
            bus.announce(TRUE);
            return friend.heard().contains(TRUE);
        });
    }

    /** The future is what came back, once the connection has ended. */
    private Future<Buffer> say(int port, NetClientOptions options) {
        Promise<Buffer> end = Promise.promise();
        Buffer heard = Buffer.buffer();
        vertx.createNetClient(options.setHostnameVerificationAlgorithm(""))
                .connect(port, "127.0.0.1")
                .onFailure(refused -> end.complete(heard.appendString(String.valueOf(refused))))
                .onSuccess(socket -> {
                    socket.handler(heard::appendBuffer)
                            .exceptionHandler(broken -> {})
                            .closeHandler(closed -> end.complete(heard));
                    socket.write(frame(FORGED)).onFailure(broken -> {});
                });
        return end.future();
    }

    /** A published message as nodes write it to each other. */
    private static Buffer frame(RevisionAnnounced announcement) {
        byte[] body = WireJson.bytes(announcement);
        Buffer frame =
                Buffer.buffer().appendByte((byte) 2).appendByte((byte) 11).appendByte((byte) 1);
        string(frame, RevisionAnnounced.ADDRESS);
        frame.appendInt(0); // no reply address
        string(frame, "stranger");
        frame.appendInt(4); // no headers
        frame.appendInt(body.length).appendBytes(body);
        return Buffer.buffer().appendInt(frame.length()).appendBuffer(frame);
    }

    private static void string(Buffer frame, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Buffer ignored = frame.appendInt(bytes.length).appendBytes(bytes);
    }

    private static NetClientOptions tls() {
        return new NetClientOptions().setSsl(true);
    }

    private static PemTrustOptions trust(BusIdentity known) {
        return new PemTrustOptions().addCertValue(Buffer.buffer(Pem.bytes(known.authorities())));
    }

    private static NetClientOptions withCertificate(BusIdentity own, BusIdentity known) {
        return tls().setTrustOptions(trust(known))
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addKeyValue(Buffer.buffer(Pem.bytes(own.privateKey())))
                        .addCertValue(Buffer.buffer(Pem.bytes(own.certificates()))));
    }
}
