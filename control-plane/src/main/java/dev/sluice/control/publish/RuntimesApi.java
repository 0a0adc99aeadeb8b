package dev.sluice.control.publish;

import dev.sluice.control.db.Database;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Page;
import dev.sluice.control.http.Position;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.OwnerStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/runtime-groups/{group}/runtimes}: the directory, in order of name and id. */
public final class RuntimesApi {
    private static final int ALL = 1000;

    private final Database database;
    private final DirectoryStore store = new DirectoryStore();
    private final OwnerStore owners = new OwnerStore();

    public RuntimesApi(Database database) {
        this.database = database;
    }

    public void register(Operations operations) {
        operations.on("listRuntimes", this::list);
    }

    private Future<Answer> list(Call call) {
        Page page = call.query("size") == null ? new Page(ALL, call.page().after()) : call.page();
        After after = After.of(page.after());
        return database.read(connection -> groupId(connection, call)
                        .compose(id -> store.page(connection, id, after.name, after.id, page.limit())))
                .map(entries -> answer(page, entries));
    }

    private Future<UUID> groupId(SqlConnection connection, Call call) {
        IdOrName group = IdOrName.parse(call.path("group"));
        return owners.group(connection, call.caller(), group).map(id -> {
            if (id == null) {
                throw new NotFoundException("There is no runtime group " + group + ".");
            }
            return id;
        });
    }

    private static Answer answer(Page page, List<DirectoryEntry> entries) {
        return Answer.ok(page.answer(entries, entry -> entry.name() + " " + entry.id(), DirectoryEntry::view));
    }

    private static @Nullable UUID uuid(String text) {
        try {
            return text.length() == 36 ? UUID.fromString(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Behind which entry a page begins; both null for the first page. */
    private record After(@Nullable String name, @Nullable UUID id) {
        private static After of(@Nullable String key) {
            if (key == null) {
                return new After(null, null);
            }
            int space = key.lastIndexOf(' ');
            UUID id = uuid(key.substring(space + 1));
            if (space < 0 || id == null) {
                throw Position.notACursor();
            }
            return new After(key.substring(0, space), id);
        }
    }
}
