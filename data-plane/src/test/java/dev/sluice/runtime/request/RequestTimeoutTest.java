package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The deadline for a request as a whole: {@code request_timeout}. */
final class RequestTimeoutTest {
    @Test
    void allAttemptsTogetherHaveNoLonger() {
        try (RawUpstream silent = new RawUpstream(RawUpstream.Connection::awaitEnd);
                TestGateway gateway = new TestGateway()) {
            Route route = gateway.serve(
                    silent.port(), "{'request_timeout':1000,'read_timeout':200,'retries':20}", "{'paths':['/']}");

            RawResponse answer = gateway.get("/");

            assertThat(answer.status()).isEqualTo(504);
            assertThat(gateway.requestsFailed("REQUEST_DEADLINE")).isEqualTo(1);
            assertThat(gateway.attemptsFailed("READ_TIMEOUT")).isBetween(1.0, 5.0);
            assertThat(gateway.counted(route, 504)).isEqualTo(1);
        }
    }

    @Test
    void anAnswerThatHasBegunIsCut() {
        try (RawUpstream dripping = new RawUpstream(connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway()) {
            Route route = gateway.serve(dripping.port(), "{'request_timeout':1500}", "{'paths':['/']}");

            RawResponse answer = gateway.get("/");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.complete()).isFalse();
            assertThat(gateway.counted(route, 200)).isEqualTo(1);
            assertThat(gateway.requestsFailed("REQUEST_DEADLINE")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBodyThatTheClientDoesNotEndIsNotWaitedForLonger(boolean buffered) {
        try (RawUpstream silent = new RawUpstream(RawUpstream.Connection::awaitEnd);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(
                    silent.port(), "{'request_timeout':200}", "{'paths':['/'],'request_buffering':" + buffered + "}");

            RawResponse answer = client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhi")
                    .read();

            assertThat(answer.status()).isEqualTo(504);
        }
    }

    @Test
    void whatIsAnsweredInTimeIsNotTouched() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'request_timeout':60000}", "{'paths':['/']}");

            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }
}
