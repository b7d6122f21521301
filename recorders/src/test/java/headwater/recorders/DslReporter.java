// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads lines by the rules of SPADE's reporter DSL (spade.reporter.DSL), and fails where that would only warn: a token
 * ends at a blank, a key at a colon, that has no backslash right before it; a backslash before a blank or colon is then
 * taken away; {@code id}, {@code type}, {@code from} and {@code to} in any case are the element's own; edges join
 * vertices told before, of the classes that their type wants.
 */
final class DslReporter {
    private static final Set<String> VERTICES = Set.of("entity", "activity", "agent");
    private static final Map<String, List<String>> EDGES = Map.of("used", List.of("activity", "entity"),
            "wasgeneratedby", List.of("entity", "activity"), "wasinformedby", List.of("activity", "activity"),
            "wasassociatedwith", List.of("activity", "agent"), "wasderivedfrom", List.of("entity", "entity"),
            "simpleedge", List.of("", ""));

    private final Map<String, String> vertices = new HashMap<>();
    private final TreeSet<Long> seen = new TreeSet<>();

    int vertices() {
        return vertices.size();
    }

    int edges() {
        return seen.size();
    }

    /** The relation ids of all edges. */
    Set<Long> seen() {
        return seen;
    }

    void line(String line) {
        assertNotNull(line, "the stream ended");
        Map<String, String> own = new HashMap<>();
        Map<String, String> annotations = new LinkedHashMap<>();
        for (String token : split(line, ' ', Integer.MAX_VALUE)) {
            List<String> parts = split(token, ':', 2);
            assertEquals(2, parts.size(), () -> "no value: token=" + token + ", line=" + line);
            String key = plain(parts.get(0));
            boolean isOwn = Set.of("id", "type", "from", "to").contains(key.toLowerCase(java.util.Locale.ROOT));
            String before = (isOwn ? own : annotations).put(isOwn ? key.toLowerCase(java.util.Locale.ROOT) : key,
                    plain(parts.get(1)));
            assertEquals(null, before, () -> "key twice: key=" + key + ", line=" + line);
        }
        String type = own.getOrDefault("type", "").toLowerCase(java.util.Locale.ROOT);
        if (VERTICES.contains(type)) {
            assertEquals(Set.of("id", "type"), own.keySet(), line);
            assertTrue(annotations.containsKey("object_type"), line);
            vertices.put(own.get("id"), type);
            return;
        }
        List<String> ends = EDGES.get(type);
        assertNotNull(ends, () -> "unknown type: " + line);
        assertEquals(Set.of("type", "from", "to"), own.keySet(), line);
        String from = vertices.get(own.get("from"));
        String to = vertices.get(own.get("to"));
        assertNotNull(from, () -> "unknown from: " + line);
        assertNotNull(to, () -> "unknown to: " + line);
        assertTrue(ends.getFirst().isEmpty() || ends.equals(List.of(from, to)), () -> "ends: " + from + " " + to + ": "
                + line);
        seen.add(Long.valueOf(annotations.get("relation_id")));
    }

    /** At each {@code separator} without a backslash right before it. */
    private static List<String> split(String text, char separator, int most) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length() && parts.size() < most - 1; i++) {
            if (text.charAt(i) == separator && (i == 0 || text.charAt(i - 1) != '\\')) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static String plain(String token) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < token.length(); i++) {
            boolean escapes = token.charAt(i) == '\\' && i + 1 < token.length()
                    && " :".indexOf(token.charAt(i + 1)) >= 0;
            if (!escapes) {
                plain.append(token.charAt(i));
            }
        }
        return plain.toString();
    }
}
