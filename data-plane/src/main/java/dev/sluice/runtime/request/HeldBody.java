package dev.sluice.runtime.request;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a request's body and is kept, so that it can be sent, and sent again by a further attempt: its
 * beginning in memory, and what lies beyond that on disk, if the body is taken before anything of it is sent.
 */
final class HeldBody {
    /** Bytes. Shorter pieces are put together, since each costs more than it holds. */
    private static final int SMALL = 1024;

    private List<Buffer> inMemory = List.of();
    private int bytesInMemory;
    private boolean lastIsOurs;
    private boolean whole = true;
    private @Nullable Backlog beyond;

    /** Whether nothing was left out, and all of it can be read again. */
    boolean isWhole() {
        return whole && (beyond == null || beyond.isWhole());
    }

    /** Keeps a copy of what is sent on, as long as everything together is not longer than this. */
    void copy(Buffer piece, int mostBytes) {
        if (whole && bytesInMemory + piece.length() <= mostBytes) {
            remember(piece);
        } else {
            forget();
        }
    }

    /**
     * Keeps what is not sent yet, whether there is room for it or not.
     *
     * @param roomier run when there may be room again, and when there will be none any more
     */
    void take(Buffer piece, Loop loop, Runnable roomier) {
        if (beyond == null
                && bytesInMemory + piece.length() <= loop.settings().buffers().memoryBytes()) {
            remember(piece);
            return;
        }
        if (beyond == null) {
            beyond = Backlog.ofBody(loop, roomier);
        }
        beyond.add(piece);
    }

    /** Whether more should be taken. */
    boolean hasRoom() {
        return beyond == null || beyond.hasRoom();
    }

    /** Whether nothing more should be taken, now or later. */
    boolean isFull() {
        return beyond != null && beyond.isFull();
    }

    private void remember(Buffer piece) {
        bytesInMemory += piece.length();
        int last = inMemory.size() - 1;
        if (last < 0) {
            inMemory = new ArrayList<>(4);
        }
        Buffer before = last < 0 || piece.length() >= SMALL ? null : inMemory.get(last);
        if (before == null || before.length() >= SMALL) {
            inMemory.add(piece);
            lastIsOurs = false;
            return;
        }
        if (!lastIsOurs) {
            before = Buffer.buffer(2 * SMALL).appendBuffer(before);
            inMemory.set(last, before);
            lastIsOurs = true;
        }
        before.appendBuffer(piece);
    }

    /** For one who sends it from its beginning; only while it is whole. What is in memory, to begin with. */
    List<Buffer> open() {
        lastIsOurs = false; // it may be on its way out
        if (beyond != null) {
            beyond.rewind();
        }
        return new ArrayList<>(inMemory);
    }

    /** What comes behind that; null for nothing. */
    @Nullable
    Backlog beyondMemory() {
        return beyond;
    }

    /** It will not be sent from its beginning again. Who sends it now may go on. */
    void forget() {
        whole = false;
        inMemory = List.of();
    }

    /** Nobody sends it any more. */
    void close() {
        forget();
        if (beyond != null) {
            beyond.close();
            beyond = null;
        }
    }
}
