// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * What the readers of CamFlow's streams ask for, all of them together: JSON without duplicate members, the attributes that they need in
 * the types that they need, identifiers that decode and have the nibble of their class, both ends of an edge known before it and of
 * the right class, no cycle, relation ids that only rise. A stream that is sent again from some edge on is taken if it is said to be
 * {@link #mayRepeat}.
 *
 * <p>Who insists on what: Unicorn's {@code prepare.py} reads W3C a line at a time, gives up at the first that is not JSON (so also at
 * an empty one), and hashes {@link #HASHED} values, which must be texts; {@code cf:id} of an edge is its clock. ProvMark merges all lines
 * but the first, member by member. camtool wants the class nibbles, all ends, no cycle. flurry takes {@code cf:jiffies} for a number.
 * AttacksTracerClient unmarshals SPADE records into Go structs, in which each member has one type ({@link #SPADE_NUMBERS}, all others
 * are texts). SPADE's reporter counts, for each vertex, how often it came against how often an edge named it, and forgets it at zero:
 * what comes too often is held for ever, what comes too seldom makes edges wait ({@link #held}).
 */
public final class StrictConsumer {
    private static final JsonFactory JSON = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu:MM:dd'T'HH:mm:ss");
    private static final Map<String, String[]> ENDS = Map.of(
            "used", new String[] {"prov:entity", "prov:activity"},
            "wasGeneratedBy", new String[] {"prov:activity", "prov:entity"},
            "wasInformedBy", new String[] {"prov:informant", "prov:informed"},
            "wasInfluencedBy", new String[] {"prov:influencer", "prov:influencee"},
            "wasAssociatedWith", new String[] {"prov:agent", "prov:activity"},
            "wasDerivedFrom", new String[] {"prov:usedEntity", "prov:generatedEntity"});
    private static final Map<String, int[]> CLASSES = Map.of(
            "used", new int[] {0x20, 0x40}, "wasGeneratedBy", new int[] {0x40, 0x20}, "wasInformedBy", new int[] {0x40, 0x40},
            "wasInfluencedBy", new int[] {0x40, 0x10}, "wasAssociatedWith", new int[] {0x10, 0x40},
            "wasDerivedFrom", new int[] {0x20, 0x20});
    private static final Map<String, Integer> NODE_CLASSES = Map.of("activity", 0x40, "entity", 0x20, "agent", 0x10);
    private static final List<String> SECTIONS = List.of("prefix", "activity", "agent", "entity", "used", "wasGeneratedBy",
            "wasInformedBy", "wasAssociatedWith", "wasInfluencedBy", "wasDerivedFrom");

    /** What Unicorn hashes. */
    private static final List<String> HASHED = List.of("prov:type", "cf:secctx", "cf:mode", "cf:name", "cf:flags");
    /** All that is no text in a SPADE record. */
    private static final Set<String> SPADE_NUMBERS = Set.of("boot_id", "version", "epoch", "cf:epoch", "uid", "gid", "tgid", "pid", "vpid",
            "utsns", "ipcns", "mntns", "pidns", "netns", "cgroupns", "ino", "length", "packet_id", "seq", "ih_len");

    private final Map<String, Integer> nodes = new HashMap<>();
    /** As SPADE counts: up for each edge that names a vertex, down for each time that it comes. */
    private final Map<String, Integer> balance = new HashMap<>();
    private long waited;
    private final Map<Long, String[]> edges = new HashMap<>();
    private long lastRelation;
    private String lastDate = "";
    private long repeated;
    private boolean mayRepeat;
    private long documents;

    /** From now on edges may come that were there before, with all that follows them, as after a reader or writer went away. */
    public void mayRepeat() {
        mayRepeat = true;
    }

    public int nodes() {
        return nodes.size();
    }

    public int edges() {
        return edges.size();
    }

    public long repeated() {
        return repeated;
    }

    /** The vertices that SPADE would keep for ever, as they came more often than edges named them. */
    public Set<String> held() {
        return balance.keySet();
    }

    /** How many edges SPADE would have had to keep until an end came. */
    public long waited() {
        return waited;
    }

    public long documents() {
        return documents;
    }

    /** The reader is another one, who knows no node; what edges there were is kept. */
    public void begin() {
        nodes.clear();
        balance.clear();
    }

    /** Bytes that a reader of lines in UTF-8 takes for what they are. */
    private static void plain(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            check(c >= ' ' && c != 0x7f, "control character: code=", (int) c, ", at=", i);
            check(!Character.isSurrogate(c) || Character.isHighSurrogate(c) && i + 1 < line.length()
                    && Character.isLowSurrogate(line.charAt(i + 1)) || i > 0 && Character.isHighSurrogate(line.charAt(i - 1)), "half a character: at=", i);
        }
    }

    /** One W3C document. */
    public void w3c(String line) {
        documents++;
        check(line.startsWith("{\"prefix\":{\"prov\" : \"http://www.w3.org/ns/prov\", \"cf\":\"http://www.camflow.org\"}, \""), line);
        plain(line);
        Map<String, Object> document = parse(line);
        check(SECTIONS.stream().filter(document::containsKey).toList().equals(List.copyOf(document.keySet())), "sections: ", document.keySet());
        Map<Long, Runnable> inOrder = new TreeMap<>();
        for (String section : List.of("activity", "agent", "entity")) {
            members(document, section).forEach((key, value) -> w3cNode(section, key, object(value)));
        }
        for (String section : ENDS.keySet()) {
            members(document, section).forEach((key, value) -> {
                Map<String, Object> a = object(value);
                long number = Long.parseLong(string(a, "cf:id"));
                check(inOrder.put(number, () -> w3cEdge(section, key, a)) == null, "relation id twice in a document: ", number);
            });
        }
        inOrder.values().forEach(Runnable::run);
    }

    private static void hashed(Map<String, Object> a) {
        string(a, "prov:type");
        HASHED.forEach(key -> check(!a.containsKey(key) || a.get(key) instanceof String, key, " is no text: ", a));
    }

    private void w3cNode(String section, String key, Map<String, Object> a) {
        hashed(a);
        check(key.startsWith("cf:"), key);
        String id = key.substring(3);
        boolean packet = string(a, "prov:type").equals("packet");
        node(id, NODE_CLASSES.get(section));
        ByteBuffer bytes = decode(id);
        digits(a, "cf:jiffies");
        string(a, "cf:taint");
        if (packet) {
            for (String member : List.of("cf:id", "cf:seq", "cf:len")) {
                check(a.get(member) instanceof Number, member, ": ", a);
            }
            check(string(a, "cf:sender").contains(":") && string(a, "cf:receiver").contains(":"), a);
            return;
        }
        check(Long.parseUnsignedLong(string(a, "cf:id")) == bytes.getLong(8), "id: ", a);
        check(number(a, "cf:boot_id") == bytes.getInt(16), "boot: ", a);
        check(string(a, "cf:machine_id").equals("cf:" + Integer.toUnsignedString(bytes.getInt(20))), "machine: ", a);
        check(number(a, "cf:version") == bytes.getInt(24), "version: ", a);
        check(bytes.getInt(28) == 0, "padding: ", id);
        check(number(a, "cf:epoch") >= 1, "epoch: ", a);
        date(string(a, "cf:date"));
        if (string(a, "prov:type").equals("address")) {
            string(object(a.get("cf:address")), "type");
        }
    }

    private void date(String date) {
        if (!date.equals(lastDate)) {
            LocalDateTime.parse(date, DATE);
            lastDate = date;
        }
    }

    private void w3cEdge(String section, String key, Map<String, Object> a) {
        hashed(a);
        String cause = string(a, ENDS.get(section)[0]);
        String effect = string(a, ENDS.get(section)[1]);
        check(cause.startsWith("cf:") && effect.startsWith("cf:"), a);
        date(string(a, "cf:date"));
        digits(a, "cf:jiffies");
        Long.parseUnsignedLong(string(a, "cf:flags"), 16);
        digits(a, "cf:task_id");
        check(string(a, "cf:allowed").equals("true"), a);
        check(string(a, "prov:type").equals(string(a, "prov:label")), a);
        number(a, "cf:epoch");
        edge(section, key.substring(3), Long.parseLong(string(a, "cf:id")), cause.substring(3), effect.substring(3));
    }

    /** Some SPADE records, each on a line. */
    public void spade(String text) {
        documents++;
        check(text.endsWith("\n"), "record without newline");
        text.lines().forEach(this::record);
    }

    private void record(String line) {
        plain(line);
        Map<String, Object> record = parse(line);
        Map<String, Object> a = object(record.get("annotations"));
        a.forEach((key, value) -> check(isNumber(a, key) == value instanceof Number || unknownFamily(a, key), key,
                " is of the other type: ", line));
        check(line.contains("\"annotations\": {"), line);
        String type = string(record, "type");
        if (record.containsKey("from")) {
            check(List.copyOf(record.keySet()).equals(List.of("type", "from", "to", "annotations")), line);
            digits(a, "task_id");
            digits(a, "jiffies");
            number(a, "boot_id");
            number(a, "epoch");
            string(a, "relation_type");
            date(string(a, "cf:date"));
            String section = Character.toLowerCase(type.charAt(0)) + type.substring(1);
            edge(section, string(a, "id"), Long.parseLong(string(a, "relation_id")), string(record, "to"), string(record, "from"));
            string(a, "from_type");
            string(a, "to_type");
            named(string(record, "from"));
            named(string(record, "to"));
            return;
        }
        check(List.copyOf(record.keySet()).equals(List.of("type", "id", "annotations")), line);
        String kind = string(a, "object_type");
        check(Set.of("Entity", "Activity").contains(type), line);
        int wanted = kind.equals("machine") ? 0x10 : type.equals("Activity") ? 0x40 : 0x20;
        node(string(record, "id"), wanted);
        count(string(record, "id"), -1);
        date(string(a, "cf:date"));
        if (kind.equals("packet")) {
            number(a, "packet_id");
            number(a, "seq");
            number(a, "ih_len");
        } else {
            number(a, "boot_id");
            number(a, "version");
            number(a, "cf:epoch");
            digits(a, "object_id");
            digits(a, "cf:jiffies");
        }
        if (kind.equals("task")) {
            number(a, "pid");
            number(a, "vpid");
            digits(a, "utime");
        }
    }

    /** The size of an extended attribute has 32 bits, that of a file 64, which CamFlow writes as a text. */
    private static boolean isNumber(Map<String, Object> a, String key) {
        return SPADE_NUMBERS.contains(key) || key.equals("size") && "xattr".equals(a.get("object_type"));
    }

    /** Of an address of another family the number stands for its name. */
    private static boolean unknownFamily(Map<String, Object> a, String key) {
        return key.equals("type") && "address".equals(a.get("object_type"));
    }

    private void named(String vertex) {
        waited += balance.getOrDefault(vertex, 0) < 0 ? 0 : 1;
        count(vertex, 1);
    }

    private void count(String vertex, int by) {
        balance.merge(vertex, by, (a, b) -> a + b == 0 ? null : a + b);
    }

    private void node(String id, int wanted) {
        ByteBuffer bytes = decode(id);
        int nibble = bytes.get(7) & 0xf0;
        check(nibble == wanted, "class of a node: is=", nibble, ", want=", wanted, ", id=", id);
        nodes.put(id, nibble);
    }

    private void edge(String section, String id, long relation, String cause, String effect) {
        ByteBuffer bytes = decode(id);
        check((bytes.get(7) & 0xf0) == 0x80 && bytes.getLong(8) == relation && bytes.getLong(24) == 0, "relation: ", id);
        int[] wanted = CLASSES.get(section);
        check(wanted != null, "unknown class of relation: ", section);
        check(nodes.containsKey(cause), "cause unknown: edge=", relation, ", cause=", cause);
        check(nodes.containsKey(effect), "effect unknown: edge=", relation, ", effect=", effect);
        check(nodes.get(cause) == wanted[0] && nodes.get(effect) == wanted[1], "ends of ", section, ": edge=", relation);
        String[] before = edges.put(relation, new String[] {cause, effect});
        if (before == null) {
            check(relation > lastRelation, "relation id falls: is=", relation, ", after=", lastRelation);
        } else {
            check(mayRepeat, "relation again: ", relation);
            check(before[0].equals(cause) && before[1].equals(effect), "relation changed: ", relation);
            repeated++;
        }
        lastRelation = relation;
    }

    /** Checks that no path of all that came leads back to where it began. */
    public void acyclic() {
        Map<String, List<String>> effects = new HashMap<>();
        Map<String, Integer> causes = new HashMap<>();
        for (String[] edge : edges.values()) {
            effects.computeIfAbsent(edge[0], key -> new ArrayList<>()).add(edge[1]);
            causes.merge(edge[1], 1, Integer::sum);
            causes.putIfAbsent(edge[0], 0);
        }
        List<String> free = new ArrayList<>(causes.keySet().stream().filter(node -> causes.get(node) == 0).toList());
        int done = 0;
        while (!free.isEmpty()) {
            done++;
            for (String effect : effects.getOrDefault(free.removeLast(), List.of())) {
                if (causes.merge(effect, -1, Integer::sum) == 0) {
                    free.add(effect);
                }
            }
        }
        check(done == causes.size(), "cycle among ", (causes.size() - done), " nodes");
    }

    private static ByteBuffer decode(String id) {
        check(id.length() == 44 && id.endsWith("="), "identifier: ", id);
        byte[] bytes = Base64.getDecoder().decode(id);
        check(bytes.length == 32, "identifier: ", id);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Map<String, Object> members(Map<String, Object> document, String section) {
        Object members = document.get(section);
        if (members == null) {
            return Map.of();
        }
        check(!object(members).isEmpty(), "empty section: ", section);
        return object(members);
    }

    private static long number(Map<String, Object> a, String key) {
        check(a.get(key) instanceof Number, key, " is no number: ", a);
        return ((Number) a.get(key)).longValue();
    }

    private static String string(Map<String, Object> a, String key) {
        check(a.get(key) instanceof String text && !text.isEmpty(), key, " is no text: ", a);
        return (String) a.get(key);
    }

    private static void digits(Map<String, Object> a, String key) {
        String text = string(a, key);
        check(text.chars().allMatch(c -> c >= '0' && c <= '9'), key, " is no number in quotes: ", a);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        check(value instanceof Map, "not an object: ", value);
        return (Map<String, Object>) value;
    }

    /** What a JSON string says. */
    static String text(String json) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            check(parser.nextToken() == JsonToken.VALUE_STRING, json);
            return parser.getString();
        }
    }

    private static Map<String, Object> parse(String text) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            check(parser.nextToken() == JsonToken.START_OBJECT, "not an object: ", text);
            Map<String, Object> object = members(parser);
            check(parser.nextToken() == null, "something behind the object: ", text);
            return object;
        }
    }

    private static Map<String, Object> members(JsonParser parser) {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            object.put(name, switch (parser.nextToken()) {
                case START_OBJECT -> members(parser);
                case VALUE_STRING -> parser.getString();
                case VALUE_NUMBER_INT -> parser.getLongValue();
                default -> throw new AssertionError("unexpected value: member=" + name);
            });
        }
        return object;
    }

    private static void check(boolean holds, Object... otherwise) {
        if (!holds) {
            throw new AssertionError(String.join("", Arrays.stream(otherwise).map(String::valueOf).toList()));
        }
    }
}
