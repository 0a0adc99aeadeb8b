package dev.sluice.echo;

/**
 * What stands behind {@code java -jar echo.jar}.
 *
 * @param port 0 takes a free one
 */
record EchoOptions(String host, int port, boolean help) {
    static final String HELP = """
            A small upstream to try a gateway with.

            Usage: java -jar echo.jar [--host HOST] [--port PORT] [--help]

              --host HOST   address to listen on [127.0.0.1]
              --port PORT   port to listen on; 0 takes a free one [9000]
              --help        this text

            It answers /  /request  /status/{code}  /delay/{ms}  /stream/{n}  /bytes/{n}  /ws
            """;

    /** @throws IllegalArgumentException with one line that says what is wrong */
    static EchoOptions parse(String... arguments) {
        String host = "127.0.0.1";
        int port = 9000;
        boolean help = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--help", "-h" -> help = true;
                case "--host" -> host = value(arguments, ++i);
                case "--port" -> port = port(value(arguments, ++i));
                default -> throw new IllegalArgumentException("'" + arguments[i] + "' is no option, see --help");
            }
        }
        return new EchoOptions(host, port, help);
    }

    private static String value(String[] arguments, int index) {
        if (index == arguments.length || arguments[index].isEmpty()) {
            throw new IllegalArgumentException(arguments[index - 1] + " wants a value");
        }
        return arguments[index];
    }

    private static int port(String text) {
        return (int) Numbers.within(text, 0, 65535)
                .orElseThrow(() -> new IllegalArgumentException("--port wants a number from 0 to 65535"));
    }
}
