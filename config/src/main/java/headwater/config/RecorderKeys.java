// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The recorders that there are, and their keys: one section each, in {@code camflowd.ini}. All are Headwater's. */
public final class RecorderKeys {
    /** How a value is checked. */
    enum Type {
        TEXT, NUMBER, PATH
    }

    private static final Map<String, Map<String, Type>> KINDS = new LinkedHashMap<>();
    private static final Map<String, List<String>> NEEDED = Map.of("kafka", List.of("address"), "neo4j", List.of("address"),
            "parquet", List.of("path"), "gzip", List.of("path"), "spade", List.of("path"));

    static {
        KINDS.put("postgresql", keys("address", Type.TEXT, "database", Type.TEXT, "user", Type.TEXT, "password_file", Type.PATH,
                "password_env", Type.TEXT, "schema", Type.TEXT, "sslmode", Type.TEXT));
        KINDS.put("neo4j", keys("address", Type.TEXT, "database", Type.TEXT, "user", Type.TEXT, "password_file", Type.PATH,
                "password_env", Type.TEXT));
        KINDS.put("kafka", keys("address", Type.TEXT, "topic", Type.TEXT, "partitions", Type.NUMBER, "replication", Type.NUMBER,
                "properties_file", Type.PATH, "host", Type.TEXT));
        KINDS.put("parquet", keys("path", Type.PATH, "rows", Type.NUMBER, "seconds", Type.NUMBER));
        KINDS.put("gzip", keys("path", Type.PATH, "max_bytes", Type.NUMBER, "level", Type.NUMBER));
        KINDS.put("spade", keys("path", Type.PATH, "format", Type.TEXT));
    }

    private RecorderKeys() {
    }

    private static Map<String, Type> keys(Object... namesAndTypes) {
        Map<String, Type> keys = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            keys.put((String) namesAndTypes[i], (Type) namesAndTypes[i + 1]);
        }
        return keys;
    }

    /** The names of the sections. */
    public static List<String> kinds() {
        return List.copyOf(KINDS.keySet());
    }

    /** The keys of a section. */
    public static List<String> of(String kind) {
        return List.copyOf(KINDS.get(kind).keySet());
    }

    static Type type(String kind, String key) {
        return KINDS.get(kind).get(key);
    }

    /** The keys that a recorder cannot do without. */
    static List<String> needed(String kind) {
        return NEEDED.getOrDefault(kind, List.of());
    }
}
