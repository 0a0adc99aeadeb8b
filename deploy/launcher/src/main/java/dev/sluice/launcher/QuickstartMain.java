package dev.sluice.launcher;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** What {@code deploy/quickstart} executes. */
public final class QuickstartMain {
    private QuickstartMain() {}

    public static void main(String[] arguments) {
        try {
            Options options = Options.parse(arguments);
            if (options.help()) {
                System.out.print(Help.text());
                return;
            }
            Checkout checkout = Checkout.find();
            Path data = options.data() == null ? checkout.directory().resolve(".sluice") : options.data();
            if (options.addRuntime()) {
                new AddRuntime(options, checkout, Home.at(data), System.getenv()).run();
            } else {
                new Quickstart(options, checkout, Home.at(data), System.getenv()).run();
            }
        } catch (RefusedException e) {
            end(2, String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            end(2, describe(e));
        } catch (StartFailedException e) {
            end(1, String.valueOf(e.getMessage()));
        }
    }

    private static void end(int exitCode, String why) {
        System.err.println("quickstart: " + why);
        System.exit(exitCode);
    }

    private static String describe(UncheckedIOException e) {
        return e.getCause() instanceof AccessDeniedException denied
                ? "permission denied: " + denied.getFile() + " belongs to another user"
                : String.valueOf(e.getMessage());
    }
}
