package dev.sluice.control.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks query parameters: unknown and doubled ones are refused, values must be what the contract says. */
final class QueryCheck {
    private final Map<String, SchemaCheck> parameters;

    QueryCheck(Map<String, SchemaCheck> parameters) {
        this.parameters = parameters;
    }

    /**
     * The parameters that were given.
     *
     * @throws InvalidConfigurationException with all that is wrong
     */
    Map<String, String> check(MultiMap given) {
        List<Violation> violations = new ArrayList<>();
        Map<String, String> values = new HashMap<>();
        for (String name : given.names()) {
            List<String> all = given.getAll(name);
            SchemaCheck check = parameters.get(name);
            if (check == null) {
                violations.add(new Violation(
                        name,
                        "unknown_field",
                        "is no query parameter here" + NearestName.hint(name, parameters.keySet())));
            } else if (all.size() > 1) {
                violations.add(new Violation(name, "invalid", "is given " + all.size() + " times; give it once."));
            } else {
                JsonNode value = check.type().equals("integer") ? number(all.get(0)) : TextNode.valueOf(all.get(0));
                check.check(value, Set.of()).forEach(violation -> violations.add(violation.within(name)));
                Nul.check(all.get(0), name, violations);
                values.put(name, all.get(0));
            }
        }
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(violations);
        }
        return values;
    }

    private static JsonNode number(String text) {
        try {
            return LongNode.valueOf(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return TextNode.valueOf(text);
        }
    }
}
