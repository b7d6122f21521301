// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The body of a PROV-JSON member taken apart: each key with its values. */
final class Members {
    static final JsonFactory JSON = new JsonFactory();

    /**
     * One value.
     *
     * @param type its data type's name, {@code @} and a language, or empty for a plain text
     */
    record Value(String text, String type) {
        boolean isName() {
            return type.equals("prov:QUALIFIED_NAME") || type.equals("xsd:QName");
        }
    }

    private Members() {
    }

    static Map<String, List<Value>> of(String body) {
        Map<String, List<Value>> members = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                List<Value> values = members.computeIfAbsent(key, k -> new ArrayList<>());
                if (parser.nextToken() == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        values.add(value(parser));
                    }
                } else {
                    values.add(value(parser));
                }
            }
        }
        return members;
    }

    private static Value value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT, START_ARRAY -> structure(parser);
            case VALUE_NUMBER_INT -> new Value(parser.getString(), "xsd:long");
            case VALUE_NUMBER_FLOAT -> new Value(parser.getString(), "xsd:double");
            case VALUE_TRUE, VALUE_FALSE -> new Value(parser.getString(), "xsd:boolean");
            case VALUE_NULL -> new Value("", "");
            default -> new Value(parser.getString(), "");
        };
    }

    /** A typed literal, or what no PROV notation has room for: then its JSON as a text. */
    private static Value structure(JsonParser parser) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.copyCurrentStructureExact(parser);
        }
        if (!text.toString().contains("\"$\"")) {
            return new Value(text.toString(), "");
        }
        String value = "";
        String type = "";
        try (JsonParser inner = JSON.createParser(ObjectReadContext.empty(), text.toString())) {
            inner.nextToken();
            while (inner.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = inner.currentName();
                if (!inner.nextToken().isScalarValue()) {
                    return new Value(text.toString(), "");
                }
                switch (key) {
                    case "$" -> value = inner.getString();
                    case "type" -> type = inner.getString();
                    case "lang" -> type = "@" + inner.getString();
                    default -> {
                        // Nothing else is in a literal.
                    }
                }
            }
        }
        return new Value(value, type);
    }
}
