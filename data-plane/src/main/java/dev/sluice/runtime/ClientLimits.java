package dev.sluice.runtime;

import dev.sluice.model.settings.Setting;
import dev.sluice.model.settings.SettingsReader;

/**
 * How much a client may ask for, and how long it may take. What goes beyond is refused with an answer of its own; none
 * of these depends on the route.
 *
 * @param headerBytes of a header section, with its line ends; beyond: 431
 * @param headerCount fields of a header section; beyond: 431
 * @param uriBytes of a request target; beyond: 414
 * @param bodyBytes of a request body, 0 for any size; beyond: 413
 * @param idleMs that a connection may have nothing to do before it is closed
 * @param headerMs from the first byte of a header section to its last; beyond: 408
 * @param bodyMs that a client may send nothing in the middle of its body; beyond: 408
 * @param streams that an HTTP/2 connection may have open at once; beyond: refused by RST_STREAM
 * @param connections that may be open at once; beyond: closed as soon as they come
 * @param connectionsPerAddress that one address may have open at once, 0 for any number; beyond: closed likewise
 */
public record ClientLimits(
        int headerBytes,
        int headerCount,
        int uriBytes,
        long bodyBytes,
        int idleMs,
        int headerMs,
        int bodyMs,
        int streams,
        int connections,
        int connectionsPerAddress) {

    static ClientLimits read(SettingsReader reader) {
        return new ClientLimits(
                reader.integer(Setting.MAX_HEADER_BYTES, 1_024, 1_048_576),
                reader.integer(Setting.MAX_HEADER_COUNT, 10, 10_000),
                reader.integer(Setting.MAX_URI_BYTES, 256, 65_536),
                reader.whole(Setting.MAX_BODY_BYTES, 0, Long.MAX_VALUE),
                reader.integer(Setting.CLIENT_IDLE_MS, 100, 3_600_000),
                reader.integer(Setting.CLIENT_HEADER_MS, 100, 600_000),
                reader.integer(Setting.CLIENT_BODY_MS, 100, 3_600_000),
                reader.integer(Setting.MAX_STREAMS, 1, 10_000),
                reader.integer(Setting.MAX_CONNECTIONS, 1, 1_000_000),
                reader.integer(Setting.MAX_CONNECTIONS_PER_ADDRESS, 0, 1_000_000));
    }
}
