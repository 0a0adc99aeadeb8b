package dev.sluice.runtime;

import dev.sluice.model.settings.SettingsReader;
import dev.sluice.model.settings.SluiceProcess;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What clients may ask for in tests: as a runtime is told at its start. */
public final class Limits {
    /** Where nothing is set. */
    public static final ClientLimits DEFAULT = of();

    /** Held in the directory for temporary files. */
    public static final BufferSettings BUFFERS =
            new BufferSettings(Path.of(System.getProperty("java.io.tmpdir")), 64 * 1024, 1L << 30);

    private Limits() {}

    /** @param settings names and values in turn: {@code "SLUICE_MAX_URI_BYTES", "300"} */
    public static ClientLimits of(String... settings) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        SettingsReader reader = SettingsReader.of(SluiceProcess.RUNTIME, environment, null);
        ClientLimits limits = ClientLimits.read(reader);
        reader.finish();
        return limits;
    }
}
