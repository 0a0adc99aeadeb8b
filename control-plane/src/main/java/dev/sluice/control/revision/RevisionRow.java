package dev.sluice.control.revision;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a group's history, as the API shows it in lists.
 *
 * @param author who made it: the name of the token
 * @param summary what was done, in a few words
 * @param restoredFrom number of the revision whose content it brought back, or null
 */
record RevisionRow(
        long number,
        long epoch,
        String digest,
        String author,
        String summary,
        Instant createdAt,
        @Nullable Long restoredFrom) {
    static final String COLUMNS = "number, epoch, digest, author, summary, created_at, restored_from";

    static RevisionRow of(Row row) {
        return new RevisionRow(
                row.getLong("number"),
                row.getLong("epoch"),
                row.getString("digest"),
                row.getString("author"),
                row.getString("summary"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getLong("restored_from"));
    }
}
