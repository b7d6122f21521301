// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.evidence.Members.Value;
import headwater.evidence.ProvTerms.Term;
import headwater.query.format.ProvStatements;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** PROV-JSONLD: W3C PROV as JSON-LD, one graph of CamFlow's vocabulary. */
final class JsonLdFormat implements GraphFormat {
    private static final String CONTEXT = "https://openprovenance.org/prov-jsonld/context.jsonld";
    /** PROV's own attributes have names of their own in the context. */
    private static final Map<String, String> OWN = Map.of("prov:type", "type", "prov:label", "label", "prov:role",
            "role", "prov:location",
            "location", "prov:value", "value");

    @Override
    public String name() {
        return "json-ld";
    }

    @Override
    public void write(Part part, OutputStream out) throws IOException {
        ProvStatements statements = new ProvStatements(part.view());
        JsonFactory factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("@context");
            json.writeStartObject();
            json.writeStringProperty("prov", "http://www.w3.org/ns/prov#");
            ProvTerms.PREFIXES.forEach(json::writeStringProperty);
            statements.prefixes().forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeString(CONTEXT);
            json.writeEndArray();
            json.writeArrayPropertyStart("@graph");
            part.nodes(node -> statements.node(node, (section, id, body) -> statement(json, section, id, body)));
            part.edges(edge -> statements.edge(edge, (section, id, body) -> statement(json, section, id, body)));
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (JacksonException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getMessage(), e);
        }
    }

    private static void statement(JsonGenerator json, String section, String id, String body) {
        Term term = ProvTerms.BY_SECTION.get(section);
        if (term == null) {
            return;
        }
        json.writeRaw('\n');
        json.writeStartObject();
        json.writeStringProperty("@type", term.type());
        boolean bare = ProvTerms.isBare(section);
        if (!bare && !id.startsWith("_:")) {
            json.writeStringProperty("@id", id);
        }
        Members.of(body).forEach((key, values) -> {
            if (term.arguments().contains(key)) {
                // Several are possible of a collection only.
                json.writeName(key.substring("prov:".length()));
                if (section.equals("hadMember") && key.equals("prov:entity")) {
                    json.writeStartArray();
                    values.forEach(value -> json.writeString(value.text()));
                    json.writeEndArray();
                } else {
                    json.writeString(values.isEmpty() ? "" : values.getFirst().text());
                }
            } else if (!bare) {
                attribute(json, OWN.getOrDefault(key, key), values);
            }
        });
        json.writeEndObject();
    }

    private static void attribute(JsonGenerator json, String key, List<Value> values) {
        json.writeArrayPropertyStart(key);
        for (Value value : values) {
            if (value.isName() && key.equals("type")) {
                json.writeString(value.text());
                continue;
            }
            json.writeStartObject();
            json.writeStringProperty("@value", value.text());
            if (value.type().startsWith("@")) {
                json.writeStringProperty("@language", value.type().substring(1));
            } else if (!value.type().isEmpty()) {
                json.writeStringProperty("@type", value.type());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
