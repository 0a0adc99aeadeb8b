package dev.sluice.launcher;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the person at the terminal may do next, ready to paste.
 *
 * @param api URL of the control plane
 * @param proxies URLs of the runtimes
 * @param addRuntime the command that starts one more
 * @param demo whether the first two steps are done already
 */
record Walkthrough(
        String api, List<String> proxies, String token, String echo, String addRuntime, Path logs, boolean demo) {
    static final String SERVICES = "/v1/services";
    static final String VERSION = SERVICES + "/example_service/versions/v.1";
    static final String IMPLEMENTATION = VERSION + "/implementation";

    Map<String, ?> serviceBody() {
        return ordered("name", "example_service", "version", "v.1");
    }

    Map<String, ?> implementationBody() {
        return ordered("url", echo, "route", ordered("name", "mockbin", "paths", List.of("/mock")));
    }

    String text() {
        return """

            Sluice is running.

              Console           %s/ in a browser; sign in with the admin token
              REST API          %s, described at /v1/docs
              Proxies           %s
              Admin token       %s
              Echo (upstream)   %s
              Logs              %s

            A first service, with these commands%s:

              1. A service with a version:

                 %s \\
                   -d '%s'

              2. Its implementation and a route, live on every runtime when the answer comes:

                 %s \\
                   -H 'Prefer: wait=5' \\
                   -d '%s'

              3. A request through the gateway:

                 curl %s/mock

              4. What was recorded of it:

                 curl -s %s%s/status -H 'Authorization: Bearer %s'

            One more runtime, from another terminal:

                 %s

            Ctrl-C stops everything; the data is kept.
            """.formatted(
                        api,
                        api,
                        String.join("  ", proxies),
                        token,
                        echo,
                        logs,
                        demo ? " (--demo did 1 and 2)" : "",
                        post(SERVICES),
                        AdminApi.write(serviceBody()),
                        post(IMPLEMENTATION),
                        AdminApi.write(implementationBody()),
                        proxies.get(0),
                        api,
                        VERSION,
                        token,
                        addRuntime);
    }

    private String post(String path) {
        return "curl -s -X POST " + api + path + " \\\n       -H 'Authorization: Bearer " + token
                + "' -H 'Content-Type: application/json'";
    }

    private static Map<String, Object> ordered(String first, Object a, String second, Object b) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(first, a);
        map.put(second, b);
        return map;
    }
}
