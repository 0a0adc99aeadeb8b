package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How paths are normalised, stripped and joined, as the upstream reads them. B is the implementation's path, U the
 * request's, R what is left of it when the route's was stripped.
 */
final class PathsOnTheWireTest {
    @ParameterizedTest(name = "{0}: {4} on {1} before {2} goes as {5}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            quoteCharacter = '"',
            value = {
                // what | implementation path | route | options | request | what the upstream reads
                "sample v0 keep                        | /s  | /fv0      | 'strip_path':false                      | /fv0/req            | /s/fv0/req",
                "sample v0 strip                       | /s  | /tv0      | 'strip_path':true                       | /tv0/req            | /s/req",
                "sample v0 strip to a slash            | /s  | /tv0/     | 'strip_path':true                       | /tv0/               | /s/",
                "sample v1 strip                       | /s  | /tv1/     | 'strip_path':true,'path_handling':'v1'  | /tv1/req            | /sreq",
                "sample v1 keep                        | /s  | /fv1      | 'strip_path':false,'path_handling':'v1' | /fv1/req            | /sfv1/req",
                "no implementation path strip          | -   | /mock     | 'strip_path':true                       | /mock               | /",
                "no implementation path keep           | -   | /mock     | 'strip_path':false                      | /mock/a             | /mock/a",
                "v0 B/ strip to nothing, B the root    | /   | /t        | 'strip_path':true                       | /t                  | /",
                "v0 B/ strip to nothing, U with slash  | /s/ | /t/       | 'strip_path':true                       | /t/                 | /s/",
                "v0 B/ strip to nothing, U without     | /s/ | /t        | 'strip_path':true                       | /t                  | /s",
                "v0 B/ strip, R begins with a slash    | /s/ | /t        | 'strip_path':true                       | /t/req              | /s/req",
                "v0 B/ strip, R begins with none       | /s/ | /t/       | 'strip_path':true                       | /t/req              | /s/req",
                "v0 B/ keep                            | /s/ | /t        | 'strip_path':false                      | /t/req              | /s/t/req",
                "v0 B strip to nothing, U with slash   | /s  | /t        | 'strip_path':true                       | /t/                 | /s/",
                "v0 B strip to nothing, U without      | /s  | /t        | 'strip_path':true                       | /t                  | /s",
                "v0 B strip to nothing, U the root     | /s  | /         | 'strip_path':true                       | /                   | /s",
                "v0 B strip, R begins with none        | /s  | /mock     | 'strip_path':true                       | /mockery            | /s/ery",
                "v0 B keep, U the root                 | /s  | /         | 'strip_path':false                      | /                   | /s",
                "v1 strip, B and R have a slash        | /s/ | /t        | 'strip_path':true,'path_handling':'v1'  | /t/req              | /s/req",
                "v1 strip, R has a slash               | /s  | /t        | 'strip_path':true,'path_handling':'v1'  | /t/req              | /s/req",
                "v1 keep, B has a slash                | /s/ | /t        | 'strip_path':false,'path_handling':'v1' | /t/req              | /s/t/req",
                "regex strip takes the whole match     | /s  | ~/x[0-9]+ | 'strip_path':true                       | /x12/y              | /s/y",
                "query cut at the first ?              | /s  | /q        | 'strip_path':true                       | /q?b=1?c=/../%7e    | /s?b=1?c=/../%7e",
                "query untouched                       | /s  | /q        | 'strip_path':true                       | /q/a?b=%7e&c=//..   | /s/a?b=%7e&c=//..",
                "unreserved octets decoded             | /s  | /q        | 'strip_path':true                       | /q/%7Ea%2Fb         | /s/~a%2Fb",
                "reserved octets in upper case         | /s  | /q        | 'strip_path':true                       | /q/%2f%3a           | /s/%2F%3A",
                "dot segments removed                  | /s  | /q        | 'strip_path':true                       | /q/a/../b/./c       | /s/b/c",
                "dot segments removed after decoding   | /s  | /q        | 'strip_path':true                       | /q/a/%2e%2E/b       | /s/b",
                "slashes merged                        | /s  | /q        | 'strip_path':true                       | /q//a///b           | /s/a/b",
                "matched on the normalised path        | /s  | /q        | 'strip_path':true                       | /x/../%71/a         | /s/a",
                "nobody leaves the path by .           | /s  | /q        | 'strip_path':true                       | /q.                 | /s",
                "nobody leaves the path by ..          | /s  | /q        | 'strip_path':true                       | /q..                | /s",
                "nobody leaves the path by ./          | /s  | /q        | 'strip_path':true                       | /q./x               | /s/x",
                "nobody leaves the path by ../         | /s  | /q        | 'strip_path':true                       | /q../x              | /s/x",
                "nobody leaves the path, encoded       | /s  | /q        | 'strip_path':true                       | /q%2e%2E/x          | /s/x",
            })
    void theUpstreamReads(
            String what, String implementationPath, String routePath, String options, String request, String wanted) {
        String path = implementationPath == null ? "null" : "'" + implementationPath + "'";
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'path':" + path + "}", "{'paths':['" + routePath + "']," + options + "}");

            assertThat(gateway.get(request).status()).isEqualTo(200);
            assertThat(upstream.request().line()).isEqualTo("GET " + wanted + " HTTP/1.1");
        }
    }
}
