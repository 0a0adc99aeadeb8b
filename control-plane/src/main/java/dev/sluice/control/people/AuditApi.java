package dev.sluice.control.people;

import dev.sluice.control.audit.AuditFilter;
import dev.sluice.control.audit.AuditStore;
import dev.sluice.control.db.Database;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Page;
import dev.sluice.control.http.Position;
import io.vertx.core.Future;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** The audit trail over HTTP, the newest first. */
final class AuditApi {
    private final Database database;
    private final AuditStore store = new AuditStore();

    AuditApi(Database database) {
        this.database = database;
    }

    void register(Operations operations) {
        operations.on("listAudit", this::list);
    }

    private Future<Answer> list(Call call) {
        Page page = call.page();
        Long before = before(page.after());
        AuditFilter filter = new AuditFilter(
                call.query("actor"),
                call.query("operation"),
                call.query("entity"),
                time(call, "from"),
                time(call, "to"));
        return database.read(client -> store.page(client, filter, before, page.limit()))
                .map(rows -> Answer.ok(page.answer(rows, row -> Long.toString(row.id()), row -> row)));
    }

    private static @Nullable OffsetDateTime time(Call call, String name) {
        String text = call.query(name);
        return text == null ? null : OffsetDateTime.parse(text);
    }

    private static @Nullable Long before(@Nullable String after) {
        try {
            return after == null ? null : Long.valueOf(after);
        } catch (NumberFormatException e) {
            throw Position.notACursor();
        }
    }
}
