package dev.sluice.control.certificate;

import dev.sluice.control.access.Caller;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
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

/** Certificates, CA certificates and SNIs over HTTP. */
public final class CertificateApi {
    private final Vertx vertx;
    private final Database database;
    private final EntityStore entities;
    private final OwnerStore owners;
    private final Kind certificates;
    private final Kind authorities;
    private final Kind snis;
    private final ShownCertificates shown;

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
        this.shown = new ShownCertificates(entities);
        this.certificates = kind(new CertificateForm(vertx, contentKeys), writer);
        this.authorities = kind(new CaCertificateForm(vertx), writer);
        this.snis = kind(new SniForm(), writer);
    }

    /** All that handles one kind of entities. */
    private record Kind(Form form, CertificateFinder finder, CertificateWrites writes) {}

    public void register(Operations operations) {
        register(operations, certificates, "Certificate", "certificate");
        register(operations, authorities, "CaCertificate", "ca_certificate");
        register(operations, snis, "Sni", "sni");
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
        return new Kind(
                form, finder, new CertificateWrites(form, database, writer, entities, finder, referrers, shown));
    }

    private Future<Answer> read(Kind kind, Call call, IdOrName path) {
        return database.read(client -> kind.finder()
                .find(client, call.caller(), path)
                .compose(stored -> shown.answer(client, kind.form(), stored, null)));
    }

    private Future<Answer> list(Call call, Form form) {
        Page page = call.page();
        return database.read(client -> group(client, call.caller(), call.query("group"))
                        .compose(group -> entities.page(client, call.caller(), form.kind(), filter(call, group), page))
                        .compose(
                                stored -> shown.beside(client, form, stored).map(beside -> new Listed(stored, beside))))
                .compose(listed -> vertx.executeBlocking(
                        () -> Answer.ok(page.answer(
                                listed.stored(),
                                StoredEntity::key,
                                one -> ShownCertificates.of(form, one, listed.beside(), Instant.now()))),
                        false));
    }

    /** A page, and what its answer tells of others. */
    private record Listed(List<StoredEntity> stored, ShownCertificates.Beside beside) {}

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
