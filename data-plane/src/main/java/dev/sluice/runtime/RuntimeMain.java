package dev.sluice.runtime;

import dev.sluice.model.settings.CommandLine;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.settings.SettingsReader;
import dev.sluice.model.settings.SluiceProcess;
import dev.sluice.runtime.disk.DataDirectoryException;
import java.security.Security;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of a runtime. Exit status: 0 after an orderly stop, 1 when an address cannot be bound or an orderly stop
 * failed, 2 for settings or a data directory that it cannot start with.
 */
public final class RuntimeMain {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeMain.class);
    private static final int FAILED = 1;
    private static final int UNUSABLE = 2;

    private RuntimeMain() {}

    public static void main(String[] arguments) {
        try {
            CommandLine line = CommandLine.parse(arguments);
            if (line.help()) {
                System.out.print(CommandLine.help(
                        SluiceProcess.RUNTIME,
                        "java -jar data-plane.jar",
                        "Proxies the traffic of a runtime group and reports what was answered."));
                return;
            }
            RuntimeSettings settings =
                    RuntimeSettings.read(SettingsReader.of(SluiceProcess.RUNTIME, System.getenv(), line.config()));
            trustClusterConfiguration();
            recordNoAllocations();
            leaveCachingOfNamesToUs();
            refuseRenegotiation();
            run(new GatewayRuntime(settings));
        } catch (InvalidSettingsException | DataDirectoryException e) {
            System.err.println(e.getMessage());
            System.exit(UNUSABLE);
        }
    }

    /** The member's configuration is our own file; checking it against a schema costs seconds of a start. */
    private static void trustClusterConfiguration() {
        unlessSaidOtherwise("hazelcast.config.schema.validation.enabled", "false");
    }

    /** Events for the platform's recorder, of every buffer: asking whether anybody records them costs a start, and each request. */
    private static void recordNoAllocations() {
        unlessSaidOtherwise("io.netty.jfr.enabled", "false");
    }

    /** The platform would keep addresses, and that there are none, for as long again as the proxy does. */
    private static void leaveCachingOfNamesToUs() {
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    /** Clients of TLS 1.2 could ask for a handshake after the other over one connection; HTTP/2 forbids it (RFC 9113 9.2.1). */
    private static void refuseRenegotiation() {
        unlessSaidOtherwise("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private static void unlessSaidOtherwise(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static void run(GatewayRuntime runtime) {
        StopSignals.install(() -> runtime.stop().onComplete(stopped -> exit(stopped.succeeded() ? 0 : FAILED)), () -> {
            LOG.info("Asked twice: stopping without waiting");
            runtime.hurry();
        });
        runtime.start().onFailure(cause -> die("The status port cannot be opened", cause));
        runtime.serving().onFailure(cause -> die("The proxy cannot listen", cause));
    }

    private static void die(String what, Throwable cause) {
        System.err.println(what + ": " + cause.getMessage());
        exit(FAILED);
    }

    /** Not on the caller's thread: it may be one that the end of the process waits for. */
    private static void exit(int status) {
        new Thread(() -> System.exit(status), "sluice-exit").start();
    }
}
