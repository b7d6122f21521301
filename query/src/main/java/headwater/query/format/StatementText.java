// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.StatementChunk.Dialect;
import headwater.model.StatementChunk.Statement;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * An imported statement in the words of PROV-JSON and of SPADE JSON. In those that it was written in it is given back as it was; in the
 * others its keys are renamed by CamFlow's rules, and none is left out.
 *
 * @param section of PROV-JSON, or SPADE's type
 * @param id with a prefix in PROV-JSON
 * @param body one JSON object; of SPADE the whole record
 */
record StatementText(String section, String id, String body) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Map<String, String> SPADE_TO_PROV = Map.of("object_id", "cf:id", "relation_id", "cf:id", "object_type",
            "prov:type", "relation_type", "prov:type");
    /** CamFlow writes these with its prefix to SPADE too. */
    private static final Set<String> PREFIXED = Set.of("cf:machine_id", "cf:date", "cf:name", "cf:taint", "cf:jiffies", "cf:epoch",
            "cf:uuid", "cf:mode");
    private static final Map<String, String> SECTIONS = Map.of("Activity", "activity", "Process", "activity", "Agent", "agent",
            "WasTriggeredBy", "wasInformedBy", "WasControlledBy", "wasAssociatedWith", "Used", "used", "WasGeneratedBy", "wasGeneratedBy",
            "WasDerivedFrom", "wasDerivedFrom", "WasInformedBy", "wasInformedBy", "WasAssociatedWith", "wasAssociatedWith");
    private static final Map<String, String[]> ENDS = Map.ofEntries(
            Map.entry("used", new String[] {"prov:activity", "prov:entity"}),
            Map.entry("wasGeneratedBy", new String[] {"prov:entity", "prov:activity"}),
            Map.entry("wasDerivedFrom", new String[] {"prov:generatedEntity", "prov:usedEntity"}),
            Map.entry("wasInformedBy", new String[] {"prov:informed", "prov:informant"}),
            Map.entry("wasAssociatedWith", new String[] {"prov:activity", "prov:agent"}),
            Map.entry("wasInfluencedBy", new String[] {"prov:influencee", "prov:influencer"}),
            Map.entry("wasAttributedTo", new String[] {"prov:entity", "prov:agent"}),
            Map.entry("actedOnBehalfOf", new String[] {"prov:delegate", "prov:responsible"}),
            Map.entry("wasStartedBy", new String[] {"prov:activity", "prov:trigger"}),
            Map.entry("wasEndedBy", new String[] {"prov:activity", "prov:trigger"}),
            Map.entry("wasInvalidatedBy", new String[] {"prov:entity", "prov:activity"}),
            Map.entry("specializationOf", new String[] {"prov:specificEntity", "prov:generalEntity"}),
            Map.entry("alternateOf", new String[] {"prov:alternate1", "prov:alternate2"}),
            Map.entry("hadMember", new String[] {"prov:collection", "prov:entity"}),
            Map.entry("mentionOf", new String[] {"prov:specificEntity", "prov:generalEntity"}));

    /** As a member of a PROV-JSON section. */
    static StatementText prov(Statement statement) {
        if (statement.dialect() == Dialect.PROV_JSON) {
            String id = statement.id().isEmpty() ? "_:e" + statement.number() : statement.id();
            return new StatementText(statement.section(), id, statement.body());
        }
        boolean[] edge = {false};
        StringWriter text = new StringWriter();
        String[] ends = new String[2];
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), statement.body());
                JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            in.nextToken();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = in.currentName();
                in.nextToken();
                switch (key) {
                    case "annotations" -> annotations(in, out);
                    case "from" -> ends[0] = in.getString();
                    case "to" -> ends[1] = in.getString();
                    case "id", "type" -> in.skipChildren();
                    default -> {
                        out.writeName("cf:" + key);
                        out.copyCurrentStructureExact(in);
                    }
                }
            }
            edge[0] = ends[0] != null && ends[1] != null;
            if (edge[0]) {
                String[] keys = ENDS.getOrDefault(section(statement.section(), true), ENDS.get("wasInfluencedBy"));
                out.writeStringProperty(keys[0], qualified(ends[0]));
                out.writeStringProperty(keys[1], qualified(ends[1]));
            }
            out.writeEndObject();
        }
        String id = statement.id().isEmpty() ? "_:e" + statement.number() : qualified(statement.id());
        return new StatementText(section(statement.section(), edge[0]), id, text.toString());
    }

    private static void annotations(JsonParser in, JsonGenerator out) {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            in.skipChildren();
            return;
        }
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = in.currentName();
            in.nextToken();
            out.writeName(SPADE_TO_PROV.getOrDefault(key, key.indexOf(':') > 0 ? key : "cf:" + key.replace(' ', '_')));
            out.copyCurrentStructureExact(in);
        }
    }

    private static String section(String type, boolean edge) {
        String section = SECTIONS.get(type);
        if (section == null && edge) {
            String lower = Character.toLowerCase(type.charAt(0)) + type.substring(1);
            section = ENDS.containsKey(lower) ? lower : "wasInfluencedBy";
        }
        return section == null ? "entity" : section;
    }

    private static String qualified(String id) {
        return id.indexOf(':') > 0 ? id : "cf:" + id;
    }

    /** As a record of SPADE JSON. */
    static String spade(Statement statement) {
        if (statement.dialect() == Dialect.SPADE) {
            return statement.body();
        }
        String[] keys = ENDS.get(statement.section());
        String type = Character.toUpperCase(statement.section().charAt(0)) + statement.section().substring(1);
        StringWriter text = new StringWriter();
        String[] ends = new String[2];
        StringWriter annotations = new StringWriter();
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), statement.body());
                JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), annotations)) {
            out.writeStartObject();
            if (keys != null) {
                out.writeStringProperty("id", bare(statement.id()));
            }
            in.nextToken();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = in.currentName();
                in.nextToken();
                if (keys != null && in.currentToken() == JsonToken.VALUE_STRING && (key.equals(keys[0]) || key.equals(keys[1]))) {
                    ends[key.equals(keys[0]) ? 0 : 1] = in.getString();
                } else {
                    out.writeName(spadeKey(key, keys != null));
                    out.copyCurrentStructureExact(in);
                }
            }
            out.writeEndObject();
        }
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            out.writeStringProperty("type", type);
            if (keys == null) {
                out.writeStringProperty("id", bare(statement.id()));
            } else {
                out.writeStringProperty("from", bare(ends[0] == null ? "" : ends[0]));
                out.writeStringProperty("to", bare(ends[1] == null ? "" : ends[1]));
            }
            out.writeName("annotations");
            out.writeRawValue(annotations.toString());
            out.writeEndObject();
        }
        return text.toString();
    }

    private static String spadeKey(String key, boolean edge) {
        return switch (key) {
            case "cf:id" -> edge ? "relation_id" : "object_id";
            case "prov:type" -> edge ? "relation_type" : "object_type";
            default -> key.startsWith("cf:") && (edge || !PREFIXED.contains(key)) ? key.substring(3) : key;
        };
    }

    private static String bare(String id) {
        return id.startsWith("cf:") ? id.substring(3) : id;
    }

    /** The members of a JSON object that are texts. */
    static Map<String, String> texts(String json) {
        Map<String, String> texts = new LinkedHashMap<>();
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
            in.nextToken();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = in.currentName();
                if (in.nextToken() == JsonToken.VALUE_STRING) {
                    texts.put(key, in.getString());
                } else {
                    in.skipChildren();
                }
            }
        }
        return texts;
    }
}
