// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of in-toto's Statement v1 and ResourceDescriptor v1 and of SLSA's provenance v1, all of them: what is in no
 * table is a fault, but for fields with a maker's prefix, which SLSA allows in its objects.
 */
final class StatementRules {
    /** By object: its fields, {@code !} if it must be there, and its type, {@code *} if an array of them. */
    private static final Map<String, List<String>> OBJECTS = Map.of(
            "Statement", List.of("_type! uri", "subject! Resource*", "predicateType! uri", "predicate! Provenance"),
            "Resource", List.of("name text", "uri uri", "digest digests", "content base64", "downloadLocation uri",
                    "mediaType text", "annotations object"),
            "Provenance", List.of("buildDefinition! BuildDefinition", "runDetails! RunDetails"),
            "BuildDefinition", List.of("buildType! uri", "externalParameters! object", "internalParameters object",
                    "resolvedDependencies Resource*"),
            "RunDetails", List.of("builder! Builder", "metadata Metadata", "byproducts Resource*"),
            "Builder", List.of("id! uri", "builderDependencies Resource*", "version texts"),
            "Metadata", List.of("invocationId text", "startedOn time", "finishedOn time"));
    private static final Set<String> OF_SLSA = Set.of("Provenance", "BuildDefinition", "RunDetails", "Builder",
            "Metadata");
    /** Hexadecimal digits of each digest. */
    private static final Map<String, Integer> DIGESTS = Map.of("md5", 32, "sha1", 40, "sha224", 56, "sha256", 64,
            "sha384", 96, "sha512", 128, "gitCommit", 40);

    private final List<String> faults = new ArrayList<>();

    private StatementRules() {
    }

    /** What is wrong with a statement; none if it keeps the rules. */
    static List<String> faults(JsonNode statement) {
        StatementRules rules = new StatementRules();
        rules.object("Statement", statement, "$");
        rules.constant(statement.path("_type"), "https://in-toto.io/Statement/v1");
        rules.constant(statement.path("predicateType"), "https://slsa.dev/provenance/v1");
        Set<String> names = new HashSet<>();
        for (JsonNode subject : statement.path("subject")) {
            rules.check(subject.path("digest").size() > 0, "subject without digest", subject.toString());
            rules.check(names.add(subject.path("name").asText()), "subjects of one name", subject.toString());
        }
        return rules.faults;
    }

    private void constant(JsonNode node, String want) {
        check(node.asText().equals(want), "want " + want, node.toString());
    }

    private void check(boolean right, String rule, String where) {
        if (!right) {
            faults.add(rule + ": " + where);
        }
    }

    private void object(String type, JsonNode node, String where) {
        check(node.isObject(), "not an object", where);
        Set<String> known = new HashSet<>();
        for (String field : OBJECTS.get(type)) {
            String name = field.substring(0, field.indexOf(' ')).replace("!", "");
            known.add(name);
            if (node.has(name)) {
                value(field.substring(field.indexOf(' ') + 1), node.get(name), where + '.' + name);
            } else {
                check(!field.contains("!"), "lacking", where + '.' + name);
            }
        }
        node.fieldNames().forEachRemaining(name -> check(known.contains(name)
                || OF_SLSA.contains(type) && name.matches("headwater_[a-zA-Z]+"), "no such field", where + '.' + name));
        check(!type.equals("Resource") || node.has("uri") || node.has("digest") || node.has("content"),
                "neither URI nor digest nor content", where);
    }

    private void value(String type, JsonNode node, String where) {
        if (type.endsWith("*")) {
            check(node.isArray(), "not an array", where);
            node.forEach(one -> value(type.substring(0, type.length() - 1), one, where + "[]"));
        } else if (OBJECTS.containsKey(type)) {
            object(type, node, where);
        } else if (List.of("object", "texts", "digests").contains(type)) {
            check(node.isObject(), "not an object", where);
            node.properties().forEach(one -> member(type, one.getKey(), one.getValue(), where + '.' + one.getKey()));
        } else {
            check(node.isTextual() && isForm(type, node.textValue()), "no " + type, where + '=' + node);
        }
    }

    private void member(String type, String key, JsonNode value, String where) {
        switch (type) {
            case "texts" -> check(value.isTextual(), "not a text", where);
            case "digests" -> check(value.isTextual() && DIGESTS.containsKey(key)
                    && value.textValue().matches("[0-9a-f]{" + DIGESTS.get(key) + "}"), "no digest", where + '=' + value);
            default -> {
                // Any value may be there.
            }
        }
    }

    private static boolean isForm(String type, String text) {
        try {
            return switch (type) {
                case "uri" -> new URI(text).isAbsolute();
                // RFC 3339 wants seconds and an offset, and SLSA wants it to be Z.
                case "time" -> text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z")
                        && OffsetDateTime.parse(text).toEpochSecond() > 0;
                case "base64" -> Base64.getDecoder().decode(text).length > 0;
                case "text" -> !text.isEmpty();
                default -> throw new IllegalArgumentException("unknown type: " + type);
            };
        } catch (URISyntaxException | DateTimeException e) {
            return false;
        }
    }
}
