package dev.sluice.control.enrolment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Caller;
import dev.sluice.control.access.Principal;
import dev.sluice.control.access.RequestFacts;
import dev.sluice.control.audit.AuditChange;
import dev.sluice.control.audit.AuditStore;
import dev.sluice.control.db.Database;
import dev.sluice.control.enrolment.JoinTokenStore.Stored;
import dev.sluice.control.failure.UnavailableException;
import dev.sluice.control.trust.PlaneTrust;
import dev.sluice.control.trust.RuntimeCertificates.Issued;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.trust.Fingerprints;
import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.trust.RuntimeName;
import dev.sluice.model.wire.Enrolment;
import dev.sluice.model.wire.EnrolmentRequest;
import dev.sluice.model.wire.RenewalRequest;
import dev.sluice.model.wire.RuntimeApi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.security.PublicKey;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives runtimes their certificates. A certificate that was made counts only once it is in the database, in the one
 * transaction that also counts the use of the token.
 */
final class Enrolments {
    private static final Logger LOG = LoggerFactory.getLogger(Enrolments.class);

    private final Vertx vertx;
    private final Database database;
    private final PlaneTrust trust;
    private final JoinTokenStore tokens = new JoinTokenStore();
    private final IdentityStore identities = new IdentityStore();
    private final AuditStore audit = new AuditStore();

    Enrolments(Vertx vertx, Database database, PlaneTrust trust) {
        this.vertx = vertx;
        this.database = database;
        this.trust = trust;
    }

    private record Prepared(RuntimeName name, String keyFingerprint, Issued issued) {}

    /**
     * Lets a runtime join, and writes that into the audit trail.
     *
     * @param address where it calls from
     * @return fails with {@link RefusedRuntimeException}, 401 for the sake of the token and 403 of the runtime; with
     *     {@link InvalidConfigurationException} for the sake of name or certificate request; with {@link
     *     UnavailableException}
     */
    Future<Enrolment> join(EnrolmentRequest request, String address) {
        JoinToken token =
                JoinRules.token(request.token(), trust.authorities().api().digest());
        return database.read(client -> tokens.find(client, token.id()))
                .map(stored -> JoinRules.present(token, stored))
                .compose(stored -> prepared(
                        new RuntimeName(request.runtime(), stored.groupId()),
                        request.name(),
                        request.certificateRequest()))
                .compose(prepared -> database.transaction(connection -> admit(connection, token, request, prepared)
                                .compose(done -> audit.wrote(
                                        connection, caller(token, address), List.of(joined(request, prepared)))))
                        .onSuccess(done -> LOG.info(
                                "Runtime {} ({}) has joined with token {}",
                                request.runtime(),
                                request.name(),
                                token.id()))
                        .compose(done -> answer(prepared)));
    }

    /** The next certificate of a runtime that calls with a valid one; fails as {@link #join} does. */
    Future<Enrolment> renew(RuntimeCaller caller, RenewalRequest request) {
        return prepared(new RuntimeName(caller.id(), caller.groupId()), "renewed", request.certificateRequest())
                .compose(prepared -> database.transaction(connection -> renewed(connection, prepared))
                        .compose(done -> answer(prepared)));
    }

    private Future<Prepared> prepared(RuntimeName name, String shownName, String certificateRequest) {
        return vertx.executeBlocking(
                () -> {
                    JoinRules.checkName(shownName);
                    PublicKey key = CertificateRequest.key(certificateRequest);
                    return new Prepared(
                            name, Fingerprints.of(key), trust.certificates().issue(name, key));
                },
                false);
    }

    private Future<Void> admit(SqlConnection connection, JoinToken token, EnrolmentRequest request, Prepared prepared) {
        return tokens.lock(connection, token.id())
                .map(stored -> JoinRules.present(token, stored))
                .compose(stored -> use(connection, stored, prepared))
                .compose(used -> identities.meet(connection, prepared.name, request.name(), prepared.keyFingerprint))
                .compose(joining -> {
                    JoinRules.check(joining);
                    return identities.update(connection, prepared.name, request.name());
                })
                .compose(done -> within(connection, prepared));
    }

    private static Caller caller(JoinToken token, String address) {
        RequestFacts facts = new RequestFacts("joinRuntime", "POST", RuntimeApi.ENROLMENT_PATH, address, "");
        return new Caller(Principal.ofJoinToken(token.id()), facts, null);
    }

    private static AuditChange joined(EnrolmentRequest request, Prepared prepared) {
        ObjectNode after = ConfigJson.MAPPER
                .createObjectNode()
                .put("name", request.name())
                .put("group_id", prepared.name.group().toString())
                .put("certificate", prepared.issued.serial())
                .put("fingerprint", prepared.keyFingerprint);
        return new AuditChange("runtime", request.runtime(), request.name(), null, after);
    }

    private Future<Void> use(SqlConnection connection, Stored stored, Prepared prepared) {
        return tokens.use(connection, stored.id(), prepared.keyFingerprint, prepared.name.runtime())
                .compose(isNew -> {
                    if (!isNew) {
                        return Future.succeededFuture();
                    }
                    JoinRules.requireUseLeft(stored);
                    return tokens.count(connection, stored.id());
                });
    }

    private Future<Void> renewed(SqlConnection connection, Prepared prepared) {
        return identities
                .rejoin(connection, prepared.name, prepared.keyFingerprint)
                .compose(joining -> {
                    JoinRules.checkRenewal(joining);
                    return within(connection, prepared);
                });
    }

    /** Nobody needs that many certificates at a time: a runtime that asks on and on does not fill the database. */
    private Future<Void> within(SqlConnection connection, Prepared prepared) {
        return identities.validCertificates(connection, prepared.name.runtime()).compose(number -> {
            if (number >= JoinRules.MOST_VALID_CERTIFICATES) {
                throw RefusedRuntimeException.tooOften("This runtime has asked for too many certificates.", 3600);
            }
            return identities.insert(connection, prepared.name, prepared.keyFingerprint, prepared.issued);
        });
    }

    private Future<Enrolment> answer(Prepared prepared) {
        return trust.documents()
                .of(prepared.name.group())
                .map(document -> new Enrolment(
                        prepared.name.runtime(),
                        Pem.write(prepared.issued.api()),
                        Pem.write(prepared.issued.bus()),
                        document));
    }
}
