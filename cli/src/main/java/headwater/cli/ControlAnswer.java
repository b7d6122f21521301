// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the daemon answered: the members of one JSON object.
 *
 * @param members its scalars, as text
 * @param lists its arrays of scalars
 * @param objects its arrays of objects, of each the scalars as text
 */
public record ControlAnswer(Map<String, String> members, Map<String, List<String>> lists,
        Map<String, List<Map<String, String>>> objects) {
    /** Reads an answer; what is nested deeper is left out. */
    public static ControlAnswer parse(String json) {
        Map<String, String> members = new LinkedHashMap<>();
        Map<String, List<String>> lists = new LinkedHashMap<>();
        Map<String, List<Map<String, String>>> objects = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.START_ARRAY) {
                    List<String> list = new ArrayList<>();
                    for (JsonToken item = parser.nextToken(); item != null && item != JsonToken.END_ARRAY; item = parser.nextToken()) {
                        if (item.isScalarValue()) {
                            list.add(parser.getString());
                        } else if (item == JsonToken.START_OBJECT) {
                            objects.computeIfAbsent(name, key -> new ArrayList<>()).add(scalars(parser));
                        } else {
                            parser.skipChildren();
                        }
                    }
                    lists.put(name, list);
                } else if (value == JsonToken.START_OBJECT) {
                    parser.skipChildren();
                } else {
                    members.put(name, parser.getString());
                }
            }
        }
        return new ControlAnswer(members, lists, objects);
    }

    private static Map<String, String> scalars(JsonParser parser) {
        Map<String, String> scalars = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (parser.nextToken().isScalarValue()) {
                scalars.put(name, parser.getString());
            } else {
                parser.skipChildren();
            }
        }
        return scalars;
    }

    /** An array of objects, empty if it is not there. */
    public List<Map<String, String>> objects(String name) {
        return objects.getOrDefault(name, List.of());
    }

    /** True if it was done. */
    public boolean ok() {
        return "true".equals(members.get("ok"));
    }

    /** A member, empty if it is not there. */
    public String text(String name) {
        return members.getOrDefault(name, "");
    }

    /** An array, empty if it is not there. */
    public List<String> list(String name) {
        return lists.getOrDefault(name, List.of());
    }
}
