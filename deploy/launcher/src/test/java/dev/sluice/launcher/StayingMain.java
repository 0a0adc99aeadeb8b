package dev.sluice.launcher;

import java.util.concurrent.CountDownLatch;

/** Stays until a signal ends it. */
final class StayingMain {
    private StayingMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("stopped in order")));
        System.out.println("running");
        new CountDownLatch(1).await();
    }
}
