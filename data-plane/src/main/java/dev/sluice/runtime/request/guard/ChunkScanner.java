package dev.sluice.runtime.request.guard;

import dev.sluice.runtime.ClientLimits;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import io.netty.buffer.ByteBuf;
import io.vertx.core.MultiMap;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chunked body to its end (RFC 9112 7.1), wherever it is split. Data is passed over as a whole; of the lines
 * between, every octet is looked at.
 */
final class ChunkScanner {
    /** 7fffffff is the largest chunk; zeros before it count too. */
    private static final int MOST_SIZE_DIGITS = 8;

    /** Nobody uses extensions; so much of them is passed over, in each line. */
    private static final int LONGEST_SIZE_LINE = 1024;

    private enum State {
        SIZE,
        BEFORE_EXTENSION,
        EXTENSION,
        NAME,
        BEFORE_VALUE,
        VALUE,
        QUOTED,
        QUOTED_PAIR,
        AFTER_QUOTED,
        SIZE_LINE_FEED,
        DATA,
        DATA_RETURN,
        DATA_LINE_FEED,
        TRAILER,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LINE_FEED,
        LAST_LINE_FEED,
        DONE
    }

    private final ClientLimits limits;
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder value = new StringBuilder();
    private State state = State.SIZE;
    private long size;
    private int digits;
    private int lineOctets;
    private int trailerOctets;
    private int count;
    private @Nullable MultiMap trailers;

    ChunkScanner(ClientLimits limits) {
        this.limits = limits;
    }

    /** Whether the body has ended. */
    boolean done() {
        return state == State.DONE;
    }

    /** The fields behind the last chunk, in the order that they came; null for none. */
    @Nullable
    MultiMap trailers() {
        return trailers;
    }

    /**
     * Reads on.
     *
     * @return where it stopped: at {@code to}, or behind the body
     * @throws RequestFailed when that is no chunked body
     */
    int scan(ByteBuf in, int from, int to) {
        int at = from;
        while (at < to && state != State.DONE) {
            if (state == State.DATA) {
                int taken = (int) Math.min(size, to - at);
                size -= taken;
                at += taken;
                if (size == 0) {
                    state = State.DATA_RETURN;
                }
            } else {
                state = next(in.getByte(at++));
            }
        }
        return at;
    }

    private State next(byte octet) {
        return switch (state) {
            case DATA_RETURN -> exactly(octet, '\r', State.DATA_LINE_FEED);
            case DATA_LINE_FEED -> {
                digits = 0;
                lineOctets = 0;
                yield exactly(octet, '\n', State.SIZE);
            }
            case SIZE_LINE_FEED -> exactly(octet, '\n', size == 0 ? State.TRAILER : State.DATA);
            case LAST_LINE_FEED -> exactly(octet, '\n', State.DONE);
            case TRAILER, TRAILER_NAME, TRAILER_VALUE, TRAILER_LINE_FEED -> trailer(octet);
            default -> {
                require(++lineOctets <= LONGEST_SIZE_LINE);
                yield state == State.SIZE ? size(octet) : extension(octet);
            }
        };
    }

    private State size(byte octet) {
        int digit = Octets.hex(octet);
        if (digit >= 0) {
            require(++digits <= MOST_SIZE_DIGITS);
            size = size * 16 + digit;
            return State.SIZE;
        }
        require(digits > 0 && size <= Integer.MAX_VALUE);
        return Octets.blank(octet) ? State.BEFORE_EXTENSION : endOfWord(octet);
    }

    /** Behind a size or a value: the line ends, or another extension begins. */
    private static State endOfWord(byte octet) {
        return octet == '\r' ? State.SIZE_LINE_FEED : exactly(octet, ';', State.EXTENSION);
    }

    /** RFC 9112 7.1.1; of the blanks that a recipient should bear, the parser bears those before the first extension alone. */
    private State extension(byte octet) {
        return switch (state) {
            case BEFORE_EXTENSION -> Octets.blank(octet) ? state : exactly(octet, ';', State.EXTENSION);
            case EXTENSION -> exactly(Octets.token(octet), State.NAME);
            case NAME -> {
                if (octet == '=') {
                    yield State.BEFORE_VALUE;
                }
                yield Octets.token(octet) ? state : endOfWord(octet);
            }
            case BEFORE_VALUE -> octet == '"' ? State.QUOTED : exactly(Octets.token(octet), State.VALUE);
            case VALUE -> Octets.token(octet) ? state : endOfWord(octet);
            case QUOTED ->
                switch (octet) {
                    case '"' -> State.AFTER_QUOTED;
                    case '\\' -> State.QUOTED_PAIR;
                    default -> exactly(Octets.quoted(octet), State.QUOTED);
                };
            case QUOTED_PAIR -> exactly(Octets.value(octet), State.QUOTED);
            case AFTER_QUOTED -> endOfWord(octet);
            default -> throw new IllegalStateException(state.name());
        };
    }

    private State trailer(byte octet) {
        if (++trailerOctets > limits.headerBytes()) {
            throw new RequestFailed(Failure.HEADERS_TOO_LARGE);
        }
        return switch (state) {
            case TRAILER -> {
                if (octet == '\r') {
                    yield State.LAST_LINE_FEED;
                }
                if (++count > limits.headerCount()) {
                    throw new RequestFailed(Failure.HEADERS_TOO_LARGE);
                }
                name.setLength(0);
                yield name(octet);
            }
            case TRAILER_NAME -> {
                if (octet != ':') {
                    yield name(octet);
                }
                require(!ChunkedTrailers.NEVER.contains(name.toString().toLowerCase(Locale.ROOT)));
                value.setLength(0);
                yield State.TRAILER_VALUE;
            }
            case TRAILER_VALUE -> {
                if (octet == '\r') {
                    keep();
                    yield State.TRAILER_LINE_FEED;
                }
                value.append((char) (octet & 0xff));
                yield exactly(Octets.value(octet), State.TRAILER_VALUE);
            }
            default -> exactly(octet, '\n', State.TRAILER);
        };
    }

    private State name(byte octet) {
        name.append((char) octet);
        return exactly(Octets.token(octet), State.TRAILER_NAME);
    }

    private void keep() {
        if (trailers == null) {
            trailers = MultiMap.caseInsensitiveMultiMap();
        }
        trailers.add(name.toString(), value.toString().strip());
    }

    private static State exactly(byte octet, char wanted, State then) {
        return exactly(octet == wanted, then);
    }

    private static State exactly(boolean holds, State then) {
        require(holds);
        return then;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new RequestFailed(Failure.BAD_REQUEST);
        }
    }
}
