package dev.sluice.control.db;

import dev.sluice.control.failure.ConflictException;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns a violated unique index into a sentence that names the field and who has the value already. */
final class Conflicts {
    private static final String OTHER_ENTITY = "SELECT format('%s %s', e.kind, e.id)"
            + " || CASE WHEN v.id IS NULL THEN '' ELSE format(' of version ''%s'' of service ''%s''', v.name, s.name) END"
            + " || format(' in runtime group ''%s''', g.name) FROM config_entity e"
            + " JOIN runtime_group g ON g.id = e.group_id LEFT JOIN service_version v ON v.id = e.version_id"
            + " LEFT JOIN service s ON s.id = v.service_id WHERE e.valid_to IS NULL AND ";

    /** Values as PostgreSQL's detail lists them: {@code Key (a, b)=(1, 2) already exists.} */
    private static final Pattern DETAIL =
            Pattern.compile("Key \\((.*)\\)=\\((.*)\\) already exists\\.", Pattern.DOTALL);

    private static final Map<String, Rule> RULES = Map.ofEntries(
            Map.entry(
                    "service_name",
                    new Rule(
                            "name",
                            0,
                            "SELECT format('service %s', id) FROM service WHERE name = $1 AND deleted_at IS NULL")),
            Map.entry(
                    "service_version_name",
                    new Rule(
                            "name",
                            1,
                            "SELECT format('version %s of service ''%s''', v.id, s.name) FROM service_version v"
                                    + " JOIN service s ON s.id = v.service_id"
                                    + " WHERE s.id = CAST($1::text AS uuid) AND v.name = $2 AND v.deleted_at IS NULL")),
            Map.entry(
                    "runtime_group_name_key",
                    new Rule("name", 0, "SELECT format('runtime group %s', id) FROM runtime_group WHERE name = $1")),
            Map.entry(
                    "config_entity_current_name",
                    new Rule(
                            "name",
                            2,
                            OTHER_ENTITY + "e.group_id = CAST($1::text AS uuid) AND e.kind = $2 AND e.name = $3")),
            Map.entry(
                    "config_entity_one_implementation",
                    new Rule(
                            "version",
                            0,
                            OTHER_ENTITY + "e.version_id = CAST($1::text AS uuid) AND e.kind = 'implementation'")),
            Map.entry(
                    "config_entity_current",
                    new Rule("id", 1, OTHER_ENTITY + "e.kind = $1 AND e.id = CAST($2::text AS uuid)")),
            Map.entry(
                    "service_pkey",
                    new Rule(
                            "id",
                            0,
                            "SELECT format('service ''%s''', name) FROM service WHERE id = CAST($1::text AS uuid)")),
            Map.entry(
                    "service_version_pkey",
                    new Rule(
                            "id",
                            0,
                            "SELECT format('version ''%s'' of service ''%s''', v.name, s.name) FROM service_version v"
                                    + " JOIN service s ON s.id = v.service_id WHERE v.id = CAST($1::text AS uuid)")),
            Map.entry(
                    "runtime_group_pkey",
                    new Rule(
                            "id",
                            0,
                            "SELECT format('runtime group ''%s''', name) FROM runtime_group WHERE id = CAST($1::text AS uuid)")),
            Map.entry(
                    "user_account_name",
                    new Rule("name", 0, "SELECT format('user %s', id) FROM user_account WHERE name = $1")),
            Map.entry(
                    "api_token_name_key",
                    new Rule("name", 0, "SELECT 'another API token' FROM api_token WHERE name = $1")));

    /**
     * @param field what the caller sees of the index
     * @param shown which of the key's values that field has
     * @param lookup finds who has the key, one text; its parameters are the key's values as text
     */
    private record Rule(String field, int shown, String lookup) {}

    private Conflicts() {}

    /** The failure to answer instead of this one: the same where the index belongs to no declared name or id. */
    static Future<Throwable> explain(SqlClient client, PgException violation) {
        Rule rule = RULES.get(String.valueOf(violation.getConstraint()));
        Matcher detail = DETAIL.matcher(String.valueOf(violation.getDetail()));
        if (rule == null || !detail.matches()) {
            return Future.succeededFuture(violation);
        }
        int columns = detail.group(1).split(", ", -1).length;
        List<String> values = List.of(detail.group(2).split(", ", columns));
        return client.preparedQuery(rule.lookup())
                .execute(Tuple.wrap(List.<Object>copyOf(values)))
                .map(rows -> rows.size() == 0
                        ? "something that has just been deleted"
                        : rows.iterator().next().getString(0))
                .recover(failure -> Future.succeededFuture("something else"))
                .map(other -> new ConflictException("The " + rule.field() + " '" + values.get(rule.shown())
                        + "' is taken by " + other + ". Take another, or change that one."));
    }
}
