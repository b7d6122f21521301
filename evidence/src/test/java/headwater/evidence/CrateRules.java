// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An RO-Crate 1.1 by the schema and the context that ro-crate-java carries: its entities are flat, and each property and
 * type is a term of the context, or one that the crate's own context defines.
 */
final class CrateRules {
    private static final String CONTEXT = "https://w3id.org/ro/crate/1.1/context";
    /** Where the schemas are to lie, so that they find each other; nothing is fetched from there. */
    private static final String SCHEMAS = "https://schemas.invalid/";

    private CrateRules() {
    }

    /** What is wrong with a crate; none if it keeps the rules. */
    static List<String> faults(JsonNode crate) throws IOException {
        List<String> faults = new ArrayList<>();
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2019_09,
                builder -> builder.schemas(name -> name.startsWith(SCHEMAS)
                        ? resource("json_schemas/" + name.substring(SCHEMAS.length())) : null));
        registry.getSchema(SchemaLocation.of(SCHEMAS + "default.json")).validate(crate.toString(), InputFormat.JSON)
                .forEach(error -> faults.add(error.toString()));
        Set<String> terms = new HashSet<>();
        JsonNode base = new ObjectMapper().readTree(resource("default_context/version1.1.json"));
        base.path("@context").fieldNames().forEachRemaining(terms::add);
        for (JsonNode context : crate.path("@context")) {
            if (context.isObject()) {
                context.properties().forEach(one -> {
                    terms.add(one.getKey());
                    uri(one.getValue().asText(), faults);
                });
            } else if (!context.asText().equals(CONTEXT)) {
                faults.add("context that no reader has without a network: " + context);
            }
        }
        for (JsonNode entity : crate.path("@graph")) {
            entity.properties().stream().filter(one -> !Set.of("@id", "@type").contains(one.getKey())
                    && !terms.contains(one.getKey())).forEach(one -> faults.add("no term: " + one.getKey()));
            for (JsonNode type : entity.path("@type").isArray() ? entity.path("@type") : List.of(entity.path("@type"))) {
                if (!terms.contains(type.asText())) {
                    faults.add("no type: " + type);
                }
            }
            reference(entity.path("@id").asText(), faults);
        }
        return faults;
    }

    private static void uri(String text, List<String> faults) {
        try {
            if (!new URI(text).isAbsolute()) {
                faults.add("not absolute: " + text);
            }
        } catch (URISyntaxException e) {
            faults.add(e.getMessage());
        }
    }

    private static void reference(String text, List<String> faults) {
        try {
            if (text.isEmpty() || new URI(text).toString().isEmpty()) {
                faults.add("entity without @id");
            }
        } catch (URISyntaxException e) {
            faults.add(e.getMessage());
        }
    }

    private static String resource(String name) {
        try (InputStream in = CrateRules.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no such resource: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
