package dev.sluice.control.certificate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Caller;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Etag;
import dev.sluice.control.http.Operation;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Page;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.revision.ConfigWriter;
import dev.sluice.control.revision.EntityFilter;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.control.seal.ContentKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Certificates and CA certificates over HTTP. */
public final class CertificateApi {
    private final Vertx vertx;
    private final Database database;
    private final EntityStore entities;
    private final OwnerStore owners;
    private final Kind certificates;
    private final Kind authorities;

    public CertificateApi(
            Vertx vertx,
            Database database,
            ConfigWriter writer,
            EntityStore entities,
            OwnerStore owners,
            ContentKeys contentKeys) {
        this.vertx = vertx;
        this.database = database;
        this.entities = entities;
        this.owners = owners;
        this.certificates = kind(new CertificateForm(vertx, contentKeys), writer);
        this.authorities = kind(new CaCertificateForm(vertx), writer);
    }

    /** All that handles one kind of certificates. */
    private record Kind(Form form, CertificateFinder finder, CertificateWrites writes) {}

    public void register(Operations operations) {
        register(operations, certificates, "Certificate", "certificate");
        register(operations, authorities, "CaCertificate", "ca_certificate");
    }

    private static Operation at(String parameter, Handler handler) {
        return call -> handler.handle(call, IdOrName.parse(call.path(parameter)));
    }

    private interface Handler {
        Future<Answer> handle(Call call, IdOrName path);
    }

    private void register(Operations operations, Kind kind, String noun, String parameter) {
        operations
                .on("list" + noun + "s", call -> list(call, kind.form()))
                .on("create" + noun, kind.writes()::create)
                .on("get" + noun, at(parameter, (call, path) -> read(kind, call, path)))
                .on("replace" + noun, at(parameter, kind.writes()::replace))
                .on("update" + noun, at(parameter, kind.writes()::update))
                .on("delete" + noun, at(parameter, kind.writes()::delete));
    }

    private Kind kind(Form form, ConfigWriter writer) {
        CertificateFinder finder = new CertificateFinder(form, entities, owners);
        Referrers referrers = new Referrers(owners);
        return new Kind(form, finder, new CertificateWrites(form, database, writer, entities, finder, referrers));
    }

    private Future<Answer> read(Kind kind, Call call, IdOrName path) {
        return database.read(client -> kind.finder().find(client, call.caller(), path))
                .map(stored -> answer(kind.form(), stored, null));
    }

    private Future<Answer> list(Call call, Form form) {
        Page page = call.page();
        return database.read(client -> group(client, call.caller(), call.query("group"))
                        .compose(group -> entities.page(client, call.caller(), form.kind(), filter(call, group), page)))
                .compose(stored -> vertx.executeBlocking(
                        () -> Answer.ok(page.answer(
                                stored, StoredEntity::key, one -> Views.warned(form.view(one), Instant.now()))),
                        false));
    }

    /** The warnings come with the time of day, so the tag does not count them. */
    static Answer answer(Form form, StoredEntity stored, @Nullable String location) {
        ObjectNode view = form.view(stored);
        String etag = Etag.of(view);
        ObjectNode shown = Views.warned(view, Instant.now());
        return (location == null ? Answer.ok(shown) : Answer.created(shown, location)).etag(etag);
    }

    private Future<@Nullable UUID> group(SqlClient client, Caller caller, @Nullable String named) {
        if (named == null) {
            return Future.succeededFuture(null);
        }
        return owners.group(client, caller, IdOrName.parse(named)).map(id -> {
            if (id == null) {
                throw new NotFoundException("There is no runtime group " + IdOrName.parse(named) + ".");
            }
            return id;
        });
    }

    private static EntityFilter filter(Call call, @Nullable UUID group) {
        String tags = call.query("tags");
        List<String> wanted = tags == null
                ? List.of()
                : Arrays.stream(tags.split(",", -1))
                        .map(String::strip)
                        .filter(tag -> !tag.isEmpty())
                        .toList();
        return new EntityFilter(null, call.query("name"), wanted, group);
    }
}
