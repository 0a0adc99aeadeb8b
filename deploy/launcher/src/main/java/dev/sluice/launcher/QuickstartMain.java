package dev.sluice.launcher;

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
            System.err.println("quickstart: " + e.getMessage());
            System.exit(2);
        }
    }
}
