// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The members of one JSON object; scalars as text, objects as maps, arrays as lists, null as nothing.
 *
 * @param members in their order
 */
record JsonBody(Map<String, Object> members) {
    static final JsonFactory JSON = new JsonFactory();

    /**
     * @throws tools.jackson.core.JacksonException if it is not one JSON object
     */
    static JsonBody of(String json) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            Map<String, Object> members = parser.nextToken() == JsonToken.START_OBJECT ? object(parser) : Map.of();
            return new JsonBody(members);
        }
    }

    private static Map<String, Object> object(JsonParser parser) {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            Object value = value(parser);
            if (value != null) {
                members.put(key, value);
            }
        }
        return members;
    }

    private static Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<Object> values = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    values.add(value(parser));
                }
                yield values;
            }
            case VALUE_NULL -> null;
            default -> parser.getString();
        };
    }

    /** The text of a member: of a typed literal its value, of several the first; null if there is none. */
    String text(String key) {
        return text(members.get(key));
    }

    private static String text(Object value) {
        return switch (value) {
            case String text -> text;
            case Map<?, ?> typed -> text(typed.get("$"));
            case List<?> several -> several.isEmpty() ? null : text(several.getFirst());
            case null, default -> null;
        };
    }

    /** A member that is an object, null if it is none. */
    @SuppressWarnings("unchecked")
    JsonBody object(String key) {
        return members.get(key) instanceof Map<?, ?> map ? new JsonBody((Map<String, Object>) map) : null;
    }

    /** A number, decimal or (after 0x) hexadecimal; {@code otherwise} if it is none. */
    long number(String key, long otherwise) {
        return parse(text(key), otherwise);
    }

    static long parse(String text, long otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16)
                    : text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
