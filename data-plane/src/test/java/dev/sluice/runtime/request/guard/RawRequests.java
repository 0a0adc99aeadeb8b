package dev.sluice.runtime.request.guard;

import java.util.ArrayList;
import java.util.List;

/**
 * Requests written by hand, octet by octet (ISO 8859-1): those that must be refused, with the clause that says so, and
 * rare ones that must not. {@code PATH} stands for a path of the test's own.
 */
public final class RawRequests {
    /** What hides behind a request that is read in two ways; no upstream may ever see it. */
    public static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    private RawRequests() {}

    /**
     * A request that must be refused.
     *
     * @param status that it is answered with
     * @param inBody whether the fault lies behind the header section, which may have been passed on
     */
    public record Refused(String name, String clause, int status, boolean inBody, String text) {
        public String text(String path) {
            return text.replace("PATH", path);
        }

        @Override
        public String toString() {
            return name + " (" + clause + ")";
        }
    }

    /**
     * Requests that must be served.
     *
     * @param bodies those that come to the upstream, one a request
     */
    public record Served(String name, String clause, String text, List<String> bodies) {
        public String text(String path) {
            return text.replace("PATH", path);
        }

        @Override
        public String toString() {
            return name + " (" + clause + ")";
        }
    }

    public static List<Refused> refused() {
        List<Refused> all = new ArrayList<>();
        requestLines(all);
        fields(all);
        hosts(all);
        lengths(all);
        codings(all);
        chunks(all);
        return all;
    }

    private static void requestLines(List<Refused> all) {
        line(all, "two spaces before the target", "RFC 9112 3", 400, "GET  PATH HTTP/1.1\r\n");
        line(all, "two spaces before the version", "RFC 9112 3", 400, "GET PATH  HTTP/1.1\r\n");
        line(all, "a tabulator for a space", "RFC 9112 3", 400, "GET\tPATH HTTP/1.1\r\n");
        line(all, "a vertical tabulator for a space", "RFC 9112 3", 400, "GET PATH\u000bHTTP/1.1\r\n");
        line(all, "a space before the method", "RFC 9112 3", 400, " GET PATH HTTP/1.1\r\n");
        line(all, "a space behind the version", "RFC 9112 3", 400, "GET PATH HTTP/1.1 \r\n");
        line(all, "no version", "RFC 9112 2.3", 400, "GET PATH\r\n");
        line(all, "no target", "RFC 9112 3.2", 400, "GET HTTP/1.1\r\n");
        line(all, "HTTP/2.0", "RFC 9110 15.6.6", 505, "GET PATH HTTP/2.0\r\n");
        line(all, "HTTP/0.9 spelled out", "RFC 9110 15.6.6", 505, "GET PATH HTTP/0.9\r\n");
        line(all, "HTTP/1.2", "RFC 9110 15.6.6", 505, "GET PATH HTTP/1.2\r\n");
        line(all, "HTTP/1.10", "RFC 9112 2.3", 400, "GET PATH HTTP/1.10\r\n");
        line(all, "a version in lower case", "RFC 9112 2.3", 400, "GET PATH http/1.1\r\n");
        line(
                all,
                "the beginning of HTTP/2 and something else",
                "RFC 9113 3.4",
                505,
                "PRI * HTTP/2.0\r\n\r\nSX\r\n\r\n");
        line(all, "a bare line feed behind the request line", "RFC 9112 2.2", 400, "GET PATH HTTP/1.1\n");
        line(all, "a bare carriage return behind the request line", "RFC 9112 2.2", 400, "GET PATH HTTP/1.1\rX: y\r\n");
        line(all, "a NUL in the method", "RFC 9110 5.6.2", 400, "G\u0000T PATH HTTP/1.1\r\n");
        line(all, "a brace in the method", "RFC 9110 5.6.2", 400, "G{T PATH HTTP/1.1\r\n");
        line(all, "a method without end", "RFC 9112 3", 400, "G".repeat(40) + " PATH HTTP/1.1\r\n");
        line(all, "a NUL in the target", "RFC 3986 2", 400, "GET PATH\u0000 HTTP/1.1\r\n");
        line(all, "a space in the target", "RFC 9112 3.2", 400, "GET PATH x HTTP/1.1\r\n");
        line(all, "an octet beyond ASCII in the target", "RFC 3986 2", 400, "GET PATH\u00ff HTTP/1.1\r\n");
        line(all, "a DEL in the target", "RFC 3986 2", 400, "GET PATH\u007f HTTP/1.1\r\n");
        line(all, "a control before the method", "RFC 9112 3", 400, "\u0001GET PATH HTTP/1.1\r\n");
        line(all, "a bare line feed before the request line", "RFC 9112 2.2", 400, "\nGET PATH HTTP/1.1\r\n");
        line(all, "empty lines without end", "RFC 9112 2.2", 400, "\r\n\r\n\r\nGET PATH HTTP/1.1\r\n");
        line(all, "a fragment", "RFC 9112 3.2.1", 400, "GET PATH#x HTTP/1.1\r\n");
        line(all, "a target without a slash", "RFC 9112 3.2", 400, "GET x HTTP/1.1\r\n");
        line(all, "CONNECT", "RFC 9110 9.3.6", 501, "CONNECT example.com:80 HTTP/1.1\r\n");
        line(all, "a TLS handshake", "RFC 8446 4", 400, "\u0016\u0003\u0001\u0002\u0000\u0001\r\n");
    }

    private static void fields(List<Refused> all) {
        String folding = "RFC 9112 5.2";
        head(all, "a folded line", folding, "X: a\r\n b");
        head(all, "a line folded with a tabulator", folding, "X: a\r\n\tb");
        all.add(new Refused(
                "a folded first line", "RFC 9112 2.2", 400, false, "GET PATH HTTP/1.1\r\n X: y\r\nHost: a\r\n\r\n"));
        head(all, "a space before the colon", "RFC 9112 5.1", "X : y");
        head(all, "a tabulator before the colon", "RFC 9112 5.1", "X\t: y");
        head(all, "no name", "RFC 9112 5", ": y");
        head(all, "no colon", "RFC 9112 5", "X");
        head(all, "a NUL in a name", "RFC 9110 5.1", "X\u0000: y");
        head(all, "a parenthesis in a name", "RFC 9110 5.1", "X(): y");
        head(all, "a space in a name", "RFC 9110 5.1", "X Y: z");
        head(all, "an octet beyond ASCII in a name", "RFC 9110 5.1", "X\u00e4: y");
        head(all, "a bare line feed behind a field", "RFC 9112 2.2", "X: y\nZ: z");
        head(all, "a bare line feed and a framing field", "RFC 9112 2.2", "X: y\nTransfer-Encoding: chunked");
        head(all, "a bare carriage return in a value", "RFC 9112 2.2", "X: y\rZ: z");
        head(all, "two carriage returns", "RFC 9112 2.2", "X: y\r");
        head(all, "a NUL in a value", "RFC 9110 5.5", "X: a\u0000b");
        head(all, "a control in a value", "RFC 9110 5.5", "X: a\u0001b");
        head(all, "a DEL in a value", "RFC 9110 5.5", "X: a\u007fb");
        all.add(new Refused(
                "an empty line that is a bare line feed",
                "RFC 9112 2.2",
                400,
                false,
                "GET PATH HTTP/1.1\r\nHost: a\r\n\n" + SMUGGLED));
    }

    private static void hosts(List<Refused> all) {
        String clause = "RFC 9112 3.2";
        host(all, "no Host", clause, "");
        host(all, "two Hosts", clause, "Host: a\r\nHost: b\r\n");
        host(all, "the same Host twice", clause, "Host: a\r\nhost: a\r\n");
        host(all, "an empty Host", clause, "Host:\r\n");
        host(all, "a list for a Host", clause, "Host: a, b\r\n");
        host(all, "a Host with a user", "RFC 9110 7.2", "Host: u@a\r\n");
        host(all, "a Host with a path", "RFC 9110 7.2", "Host: a/b\r\n");
        host(all, "a port that is none", "RFC 3986 3.2.3", "Host: a:8x\r\n");
        all.add(new Refused(
                "a Host that contradicts the absolute form",
                "RFC 9112 3.2.2",
                400,
                false,
                "GET http://aPATH HTTP/1.1\r\nHost: b\r\n\r\n" + SMUGGLED));
    }

    private static void lengths(List<Refused> all) {
        String clause = "RFC 9112 6.3";
        length(all, "CL.CL: two lengths", clause, "3", "4");
        length(all, "CL.CL: the same length twice", clause, "3", "3");
        length(all, "a list of lengths", clause, "3, 3");
        length(all, "a length with a plus", "RFC 9110 8.6", "+3");
        length(all, "a length with a minus", "RFC 9110 8.6", "-3");
        length(all, "a length in hexadecimal", "RFC 9110 8.6", "0x3");
        length(all, "a length with a blank", "RFC 9110 8.6", "3 3");
        length(all, "a length with an underscore", "RFC 9110 8.6", "3_0");
        length(all, "a length with a fraction", "RFC 9110 8.6", "3.0");
        length(all, "an empty length", "RFC 9110 8.6", "");
        length(all, "a length beyond all numbers", "RFC 9110 8.6", "99999999999999999999");
        length(all, "a length beyond 64 bits that comes round to 3", "RFC 9110 8.6", "18446744073709551619");
        head(all, "a length with an underscore in its name", "RFC 9110 5.1", "Content_Length: 3");
    }

    private static void codings(List<Refused> all) {
        String both = "RFC 9112 6.3";
        String unknown = "RFC 9112 6.1";
        coded(all, "CL.TE: a length, then chunks", both, "Content-Length: 3\r\nTransfer-Encoding: chunked");
        coded(all, "TE.CL: chunks, then a length", both, "Transfer-Encoding: chunked\r\nContent-Length: 3");
        coded(all, "TE.TE: chunked twice", unknown, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked");
        coded(
                all,
                "TE.TE: chunked, then identity",
                unknown,
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity");
        coded(
                all,
                "TE.TE: identity, then chunked",
                unknown,
                "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked");
        coded(all, "chunked twice in a list", unknown, "Transfer-Encoding: chunked, chunked");
        coded(all, "chunked not last", both, "Transfer-Encoding: chunked, identity");
        coded(all, "another coding before chunked", unknown, "Transfer-Encoding: gzip, chunked");
        coded(all, "another coding alone", both, "Transfer-Encoding: gzip");
        coded(all, "identity", unknown, "Transfer-Encoding: identity");
        coded(all, "no coding", unknown, "Transfer-Encoding:");
        coded(all, "a word that begins with something else", unknown, "Transfer-Encoding: xchunked");
        coded(all, "chunked with a parameter", unknown, "Transfer-Encoding: chunked;q=1");
        coded(all, "chunked in quotes", unknown, "Transfer-Encoding: \"chunked\"");
        coded(all, "a vertical tabulator before chunked", "RFC 9110 5.5", "Transfer-Encoding: \u000bchunked");
        coded(all, "a space before the colon of the coding", "RFC 9112 5.1", "Transfer-Encoding : chunked");
        coded(all, "a folded coding", "RFC 9112 5.2", "Transfer-Encoding:\r\n chunked");
        coded(all, "an underscore in the coding's name", "RFC 9110 5.1", "Transfer_Encoding: chunked");
        all.add(new Refused(
                "chunks in HTTP/1.0",
                unknown,
                400,
                false,
                "POST PATH HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED));
    }

    private static void chunks(List<Refused> all) {
        String size = "RFC 9112 7.1";
        String extension = "RFC 9112 7.1.1";
        String trailer = "RFC 9112 7.1.2";
        chunk(all, "a size with 0x", size, "0x3\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a size with a plus", size, "+3\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a size with a minus", size, "-3\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a blank before the size", size, " 3\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a blank behind the size", size, "3 \r\nabc\r\n0\r\n\r\n");
        chunk(all, "a tabulator behind the size", size, "3\t\r\nabc\r\n0\r\n\r\n");
        chunk(all, "two sizes", size, "3 3\r\nabc\r\n0\r\n\r\n");
        chunk(all, "no size", size, "\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a size that is no number", size, "xyz\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a size with an underscore", size, "0_3\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a size of too many digits", size, "0000000000000003\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a size that is negative in 32 bits", size, "ffffffff\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a size beyond 64 bits that comes round to 3", size, "10000000000000003\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a bare line feed behind the size", "RFC 9112 2.2", "3\nabc\r\n0\r\n\r\n");
        chunk(all, "a bare carriage return behind the size", "RFC 9112 2.2", "3\rabc\r\n0\r\n\r\n");
        chunk(all, "a NUL behind the size", size, "3\u0000\r\nabc\r\n0\r\n\r\n");
        chunk(all, "data without an end of line", size, "3\r\nabc0\r\n\r\n");
        chunk(all, "more data than its size", size, "3\r\nabcdef\r\n0\r\n\r\n");
        chunk(all, "a bare line feed behind data", "RFC 9112 2.2", "3\r\nabc\n0\r\n\r\n");
        chunk(all, "data and something else than a line feed", size, "3\r\nabc\rX0\r\n\r\n");
        chunk(all, "an extension without a name", extension, "3;\r\nabc\r\n0\r\n\r\n");
        chunk(all, "an extension that is a value", extension, "3;=b\r\nabc\r\n0\r\n\r\n");
        chunk(all, "an extension with nothing for a value", extension, "3;a=\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a bare line feed in an extension", extension, "3;a\nb\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a bare carriage return in an extension", extension, "3;a\rb\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a NUL in an extension", extension, "3;a\u0000\r\nabc\r\n0\r\n\r\n");
        chunk(all, "an end of line in quotes", extension, "3;a=\"\r\nabc\r\n0\r\n\r\n");
        chunk(all, "quotes and then more", extension, "3;a=\"b\"c\r\nabc\r\n0\r\n\r\n");
        chunk(all, "extensions without end", extension, "3;" + "a".repeat(1100) + "\r\nabc\r\n0\r\n\r\n");
        chunk(all, "a bare line feed behind the last chunk", "RFC 9112 2.2", "0\n\r\n");
        chunk(all, "a bare line feed behind the body", "RFC 9112 2.2", "3\r\nabc\r\n0\r\n\n");
        chunk(all, "a bare line feed behind a trailer", "RFC 9112 2.2", "0\r\nX: y\n\r\n");
        chunk(all, "a folded trailer", "RFC 9112 5.2", "0\r\nX: y\r\n z\r\n\r\n");
        chunk(all, "a trailer without a colon", trailer, "0\r\nX\r\n\r\n");
        chunk(all, "a space before a trailer's colon", "RFC 9112 5.1", "0\r\nX : y\r\n\r\n");
        chunk(all, "a NUL in a trailer", "RFC 9110 5.5", "0\r\nX: \u0000\r\n\r\n");
        chunk(all, "a length for a trailer", "RFC 9110 6.5.1", "0\r\nContent-Length: 3\r\n\r\n");
        chunk(all, "a coding for a trailer", "RFC 9110 6.5.1", "0\r\ntransfer-encoding: chunked\r\n\r\n");
        chunk(all, "a Host for a trailer", "RFC 9110 6.5.1", "0\r\nHost: b\r\n\r\n");
    }

    private static void line(List<Refused> all, String name, String clause, int status, String line) {
        all.add(new Refused(name, clause, status, false, line + "Host: a\r\n\r\n" + SMUGGLED));
    }

    private static void head(List<Refused> all, String name, String clause, String field) {
        all.add(new Refused(
                name, clause, 400, false, "POST PATH HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n" + SMUGGLED));
    }

    private static void host(List<Refused> all, String name, String clause, String lines) {
        all.add(new Refused(name, clause, 400, false, "GET PATH HTTP/1.1\r\n" + lines + "\r\n" + SMUGGLED));
    }

    private static void length(List<Refused> all, String name, String clause, String... values) {
        StringBuilder lines = new StringBuilder();
        for (String value : values) {
            lines.append("Content-Length: ").append(value).append("\r\n");
        }
        all.add(new Refused(
                name, clause, 400, false, "POST PATH HTTP/1.1\r\nHost: a\r\n" + lines + "\r\nabc" + SMUGGLED));
    }

    private static void coded(List<Refused> all, String name, String clause, String fields) {
        all.add(new Refused(
                name,
                clause,
                400,
                false,
                "POST PATH HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n0\r\n\r\n" + SMUGGLED));
    }

    private static void chunk(List<Refused> all, String name, String clause, String body) {
        all.add(new Refused(
                name,
                clause,
                400,
                true,
                "POST PATH HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body + SMUGGLED));
    }

    public static List<Served> served() {
        String chunked = "POST PATH HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        String extension = "RFC 9112 7.1.1";
        return List.of(
                one("the plainest request", "RFC 9112 3", "GET PATH HTTP/1.1\r\nHost: a\r\n\r\n", ""),
                one("an empty line before it", "RFC 9112 2.2", "\r\nGET PATH HTTP/1.1\r\nHost: a\r\n\r\n", ""),
                one("a method that nobody knows", "RFC 9110 9.1", "M-SEARCH PATH HTTP/1.1\r\nHost: a\r\n\r\n", ""),
                one("HTTP/1.0 without a Host", "RFC 9112 3.2", "GET PATH HTTP/1.0\r\n\r\n", ""),
                one("the absolute form", "RFC 9112 3.2.2", "GET http://aPATH HTTP/1.1\r\nHost: a:80\r\n\r\n", ""),
                one("blanks around values", "RFC 9112 5", "GET PATH HTTP/1.1\r\nHost: \t a \t\r\nX:\r\n\r\n", ""),
                one("no blank before values", "RFC 9112 5", "GET PATH HTTP/1.1\r\nHost:a\r\nX:y\r\n\r\n", ""),
                one("a value that is blank", "RFC 9110 5.5", "GET PATH HTTP/1.1\r\nHost: a\r\nX:  \r\n\r\n", ""),
                one("a value beyond ASCII", "RFC 9110 5.5", "GET PATH HTTP/1.1\r\nHost: a\r\nX: \u00e4\r\n\r\n", ""),
                one(
                        "every character of a name",
                        "RFC 9110 5.6.2",
                        "GET PATH HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~09azAZ: y\r\n\r\n",
                        ""),
                one(
                        "a length with blanks",
                        "RFC 9112 5",
                        "POST PATH HTTP/1.1\r\nHost: a\r\nContent-Length: \t3 \r\n\r\nabc",
                        "abc"),
                one(
                        "a length with zeros before it",
                        "RFC 9110 8.6",
                        "POST PATH HTTP/1.1\r\nHost: a\r\nContent-Length: 0003\r\n\r\nabc",
                        "abc"),
                one(
                        "a length of nothing",
                        "RFC 9110 8.6",
                        "POST PATH HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
                        ""),
                one(
                        "a body to GET",
                        "RFC 9110 9.3.1",
                        "GET PATH HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
                        "abc"),
                one(
                        "CL.0: a body that looks like a request",
                        "RFC 9112 6.3",
                        "POST PATH HTTP/1.1\r\nHost: a\r\nContent-Length: 22\r\n\r\nGET /inner HTTP/1.1\r\n\n",
                        "GET /inner HTTP/1.1\r\n\n"),
                one(
                        "chunked in any case",
                        "RFC 9112 7",
                        "POST PATH HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ChUnKeD\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                        "abc"),
                one(
                        "sizes in either case",
                        "RFC 9112 7.1",
                        chunked + "A\r\n0123456789\r\nb\r\nabcdefghijk\r\n0\r\n\r\n",
                        "0123456789abcdefghijk"),
                one("a size with zeros before it", "RFC 9112 7.1", chunked + "00000003\r\nabc\r\n000\r\n\r\n", "abc"),
                one("no chunk at all", "RFC 9112 7.1", chunked + "0\r\n\r\n", ""),
                one(
                        "data that looks like the end",
                        "RFC 9112 7.1",
                        chunked + "5\r\n0\r\n\r\n\r\n0\r\n\r\n",
                        "0\r\n\r\n"),
                one("an extension", extension, chunked + "3;a\r\nabc\r\n0;last\r\n\r\n", "abc"),
                one("extensions with values", extension, chunked + "3;a=b;c=\"d;\\\" e\"\r\nabc\r\n0\r\n\r\n", "abc"),
                one("blanks before an extension", extension, chunked + "3 \t;a=b;c\r\nabc\r\n0\r\n\r\n", "abc"),
                one("trailers", "RFC 9112 7.1.2", chunked + "3\r\nabc\r\n0\r\nX: y\r\nZ:\r\n\r\n", "abc"),
                new Served(
                        "three requests at once",
                        "RFC 9112 9.3.2",
                        "GET PATH HTTP/1.1\r\nHost: a\r\n\r\n" + chunked + "3\r\nabc\r\n0\r\n\r\n"
                                + "POST PATH HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nde",
                        List.of("", "abc", "de")));
    }

    private static Served one(String name, String clause, String text, String body) {
        return new Served(name, clause, text, List.of(body));
    }
}
