package dev.sluice.control.people;

import dev.sluice.control.ApiClient;
import dev.sluice.control.RunningControlPlane;
import java.util.UUID;

/** Callers with these roles, made over the API by the administrator. */
final class Granted {
    private Granted() {}

    /** @param grants as JSON, ' for " */
    static ApiClient token(RunningControlPlane controlPlane, String grants) {
        return controlPlane.client(tokenText(controlPlane, grants));
    }

    static String tokenText(RunningControlPlane controlPlane, String grants) {
        return controlPlane
                .client()
                .post(
                        "/v1/tokens",
                        "{'name': 't-" + UUID.randomUUID().toString().substring(0, 8) + "', 'grants': " + grants + "}")
                .expect(201)
                .text("/token");
    }
}
