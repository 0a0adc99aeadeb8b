package dev.sluice.runtime;

import dev.sluice.model.settings.Setting;
import dev.sluice.model.settings.SettingsReader;
import java.nio.file.Path;

/**
 * How much is held for clients that are slower than their upstreams, where the route allows it: of answers, and of
 * request bodies, which are taken whole before they go upstream. What goes beyond waits in the upstream, or is streamed to
 * it.
 *
 * @param directory of the files
 * @param memoryBytes of one answer or request body, held in memory before anything goes to disk
 * @param diskBytes of all answers and request bodies together, on disk; 0 for none
 */
public record BufferSettings(Path directory, int memoryBytes, long diskBytes) {
    static BufferSettings read(SettingsReader reader, Path directory) {
        return new BufferSettings(
                directory,
                reader.integer(Setting.BUFFER_MEMORY_BYTES, 0, 16_777_216),
                reader.whole(Setting.BUFFER_DISK_BYTES, 0, Long.MAX_VALUE));
    }
}
