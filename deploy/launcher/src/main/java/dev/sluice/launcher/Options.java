package dev.sluice.launcher;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind {@code deploy/quickstart}.
 *
 * @param runtimes 1 to 20
 * @param data directory of all that is kept; null means {@code .sluice} in the checkout
 * @param proxyPort of the first runtime; each further one listens ten higher
 * @param demo whether to declare the service of the walk-through
 * @param addRuntime whether to start one more runtime beside a running quickstart, and nothing else
 */
record Options(
        boolean help, int runtimes, @Nullable Path data, int apiPort, int proxyPort, boolean demo, boolean addRuntime) {
    private static final int MOST_RUNTIMES = 20;
    static final int PROXY_PORT_STEP = 10;

    /** @throws RefusedException when there is anything that is no option, or no value of it */
    static Options parse(String... arguments) {
        Deque<String> left = new ArrayDeque<>(Arrays.asList(arguments));
        Parsed parsed = new Parsed();
        while (!left.isEmpty()) {
            parsed.take(left.removeFirst(), left);
        }
        if (parsed.proxyPort + (parsed.runtimes - 1) * PROXY_PORT_STEP > 65535) {
            throw new RefusedException("--proxy-port is too high for so many runtimes: each listens ten higher");
        }
        return parsed.options();
    }

    private static final class Parsed {
        private boolean help;
        private int runtimes = 2;
        private @Nullable Path data;
        private int apiPort = 8001;
        private int proxyPort = 8000;
        private boolean demo;
        private boolean addRuntime;

        void take(String option, Deque<String> left) {
            switch (option) {
                case "--help", "-h" -> help = true;
                case "--demo" -> demo = true;
                case "--add-runtime" -> addRuntime = true;
                case "--runtimes" -> runtimes = number(option, left, MOST_RUNTIMES);
                case "--api-port" -> apiPort = number(option, left, 65535);
                case "--proxy-port" -> proxyPort = number(option, left, 65535);
                case "--data" ->
                    data = Path.of(value(option, left)).toAbsolutePath().normalize();
                default -> throw new RefusedException("'" + option + "' is no option, see --help");
            }
        }

        Options options() {
            return new Options(help, runtimes, data, apiPort, proxyPort, demo, addRuntime);
        }

        private static int number(String option, Deque<String> left, int most) {
            String value = value(option, left);
            try {
                int number = Integer.parseInt(value);
                if (number >= 1 && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // told below, with what is wanted
            }
            throw new RefusedException(option + " is '" + value + "', want a number from 1 to " + most);
        }

        private static String value(String option, Deque<String> left) {
            String value = left.pollFirst();
            if (value == null || value.isEmpty()) {
                throw new RefusedException(option + " wants a value, see --help");
            }
            return value;
        }
    }
}
