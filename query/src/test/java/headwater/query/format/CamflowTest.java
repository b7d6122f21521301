// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.query.MemoryGraph;
import headwater.query.Scene;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Records of CamFlow's formats, byte for byte; identifiers are those that CamFlow 0.9.0's own library makes. */
class CamflowTest {
    private static final String DATE = "2026:11:20T10:00:00";
    /** Every node of {@link #node} is made in the first second; its jiffies are those of 1 ms after the start. */
    private static final String JIFFIES = Long.toString((Scene.T0 + Scene.MS) / 4_000_000);

    private final Scene scene = new Scene();
    private final MemoryGraph graph = scene.graph();
    private final StringBuilder text = new StringBuilder();

    @ParameterizedTest
    @CsvSource({
        "PROCESS_MEMORY, 107310, 1, AAAIAAAAACAuowEAAAAAAAMAAAA+200UAQAAAAAAAAA=",
        "TASK, 107309, 2, AQAAAAAAAEAtowEAAAAAAAMAAAA+200UAgAAAAAAAAA=",
        "INODE_UNKNOWN, 200, 3, QAAAAAAAACDIAAAAAAAAAAMAAAA+200UAwAAAAAAAAA=",
        "LINK, 201, 3, gAAAAAAAACDJAAAAAAAAAAMAAAA+200UAwAAAAAAAAA=",
        "FILE, 202, 3, AAEAAAAAACDKAAAAAAAAAAMAAAA+200UAwAAAAAAAAA=",
        "DIRECTORY, 203, 3, AAIAAAAAACDLAAAAAAAAAAMAAAA+200UAwAAAAAAAAA=",
        "CHAR, 204, 3, AAQAAAAAACDMAAAAAAAAAAMAAAA+200UAwAAAAAAAAA=",
        "BLOCK, 205, 3, AAgAAAAAACDNAAAAAAAAAAMAAAA+200UAwAAAAAAAAA=",
        "PIPE, 206, 3, ABAAAAAAACDOAAAAAAAAAAMAAAA+200UAwAAAAAAAAA=",
        "SOCKET, 207, 3, ACAAAAAAACDPAAAAAAAAAAMAAAA+200UAwAAAAAAAAA=",
        "IATTR, 301, 0, AAAEAAAAACAtAQAAAAAAAAMAAAA+200UAAAAAAAAAAA=",
        "MSG, 302, 1, AEAAAAAAACAuAQAAAAAAAAMAAAA+200UAQAAAAAAAAA=",
        "SHM, 303, 1, AIAAAAAAACAvAQAAAAAAAAMAAAA+200UAQAAAAAAAAA=",
        "SB, 304, 0, AAABAAAAACAwAQAAAAAAAAMAAAA+200UAAAAAAAAAAA=",
        "STRING, 401, 0, AAAQAAAAACSRAQAAAAAAAAMAAAA+200UAAAAAAAAAAA=",
        "PATH, -7175612801903711412, 0, AABAAAAAACRMq8i4LBprnAMAAAA+200UAAAAAAAAAAA=",
        "ADDRESS, 402, 0, AAAgAAAAACSSAQAAAAAAAAMAAAA+200UAAAAAAAAAAA=",
        "XATTR, 406, 0, AACAAAAAACSWAQAAAAAAAAMAAAA+200UAAAAAAAAAAA=",
        "PACKET_CONTENT, 407, 0, AAAAAQAAACSXAQAAAAAAAAMAAAA+200UAAAAAAAAAAA=",
        "ARGV, 408, 0, AAAAAgAAACSYAQAAAAAAAAMAAAA+200UAAAAAAAAAAA=",
        "ENVP, 409, 0, AAAABAAAACSZAQAAAAAAAAMAAAA+200UAAAAAAAAAAA=",
        "MACHINE, 5381, 1, EAAAAAAAABQFFQAAAAAAAAMAAAA+200UAQAAAAAAAAA="})
    void shouldMakeTheIdentifierOfANode(NodeKind kind, long id, int version, String expected) {
        assertEquals(expected, CamflowId.ofNode(kind.typeWord(), id, 3, Scene.MACHINE, version));
    }

    @ParameterizedTest
    @CsvSource({
        "READ, 900, AQAAAAAAIICEAwAAAAAAAAMAAAA+200UAAAAAAAAAAA=",
        "WRITE, 901, IAAAAAAAQICFAwAAAAAAAAMAAAA+200UAAAAAAAAAAA=",
        "CLONE, 902, AQAAAAAAEICGAwAAAAAAAAMAAAA+200UAAAAAAAAAAA=",
        "LOAD_MODULE, 903, BAAAAAAACICHAwAAAAAAAAMAAAA+200UAAAAAAAAAAA=",
        "RAN_ON, 904, AQAAAAAABICIAwAAAAAAAAMAAAA+200UAAAAAAAAAAA=",
        "NAMED, 905, AQAAAAAAgICJAwAAAAAAAAMAAAA+200UAAAAAAAAAAA="})
    void shouldMakeTheIdentifierOfARelation(Relation relation, long id, String expected) {
        assertEquals(expected, CamflowId.ofRelation(relation.typeWord(), id, 3, Scene.MACHINE));
    }

    /** The attributes that follow the common ones, in W3C and in SPADE. {@code |} stands for a quotation mark. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "PROCESS_MEMORY; |cf:name|:|/usr/bin/wget|,|cf:uid|:1000,|cf:gid|:100,|cf:tgid|:2086,|prov:label|:|[process] "
            + "0|;"
            + "|uid|:1000,|gid|:100,|tgid|:2086",
        "TASK; |cf:name|:|/usr/bin/wget|,|cf:pid|:2087,|cf:vpid|:6,|cf:utime|:|0|,|cf:stime|:|0|,|cf:vm|:|0|,|cf:rss|"
            + ":|0|,"
            + "|cf:hw_vm|:|0|,|cf:hw_rss|:|0|,|cf:rbytes|:|0|,|cf:wbytes|:|0|,|cf:cancel_wbytes|:|0|,|cf:utsns|"
            + ":4026531838,"
            + "|cf:ipcns|:4026531839,|cf:mntns|:4026531841,|cf:pidns|:4026531836,|cf:netns|:4026531840,"
            + "|cf:cgroupns|:4026531835,|prov:label|:|[task] 0|;"
            + "|pid|:2087,|vpid|:6,|utime|:|0|,|stime|:|0|,|vm|:|0|,|rss|:|0|,|hw_vm|:|0|,|hw_rss|:|0|,|rbytes|:|0|,"
            + "|wbytes|:|0|,|cancel_wbytes|:|0|,|utsns|:4026531838,|ipcns|:4026531839,|mntns|:4026531841,"
            + "|pidns|:4026531836,|netns|:4026531840,|cgroupns|:4026531835",
        "FILE; |cf:name|:|/usr/bin/wget|,|cf:uid|:1000,|cf:gid|:100,|cf:mode|:|0x81a4|,|cf:ino|:4801,"
            + "|cf:uuid|:|00000000-0000-0000-0000-000000800001|,|prov:label|:|[file] 0|;"
            + "|uid|:1000,|gid|:100,|mode|:|0x81a4|,|ino|:4801,|uuid|:|00000000-0000-0000-0000-000000800001|",
        "IATTR; |cf:valid|:|0x2068|,|cf:mode|:|0x81a4|,|cf:uid|:1000,|cf:gid|:100,|cf:size|:|-1|,|cf:atime|:|0|,"
            + "|cf:ctime|:|0|,|cf:mtime|:|0|,|prov:label|:|[iattr] 1|;"
            + "|valid|:|0x2068|,|mode|:|0x81a4|,|uid|:1000,|gid|:100,|size|:|-1|,|atime|:|0|,|ctime|:|0|,|mtime|:|0|",
        "MSG; ''; ''",
        "SHM; |cf:mode|:|0x81a4|; |cf:mode|:|0x81a4|",
        "SB; |cf:uuid|:|00000000-0000-0000-0000-000000800001|; |cf:uuid|:|00000000-0000-0000-0000-000000800001|",
        "PATH; |cf:pathname|:|/tmp/a/b.txt|,|prov:label|:|[path] /tmp/a/b.txt|; |pathname|:|/tmp/a/b.txt|",
        "XATTR; |cf:name|:|/usr/bin/wget|,|prov:label|:|[xattr] /usr/bin/wget|; |name|:|/usr/bin/wget|",
        "PACKET_CONTENT; |cf:content|:|LS1mbXQ9ImEvYiIg|,|cf:length|:4294967295,|cf:truncated|:|true|,|prov:label|:|"
            + "[content] |;"
            + "|content|:|LS1mbXQ9ImEvYiIg|,|length|:4294967295,|truncated|:|true|",
        "ARGV; |cf:value|:|--fmt=\\|a/b\\| |,|cf:truncated|:|true|,|prov:label|:|[argv] --fmt=\\|a/b\\| |;"
            + "|value|:|--fmt=\\|a/b\\| |,|truncated|:|true|",
        "ENVP; |cf:value|:|--fmt=\\|a/b\\| |,|cf:truncated|:|true|,|prov:label|:|[envp] --fmt=\\|a/b\\| |;"
            + "|value|:|--fmt=\\|a/b\\| |,|truncated|:|true|",
        "STRING; |cf:log|:|--fmt=\\|a/b\\| |,|prov:label|:|[log] --fmt=\\|a/b\\| |; |log|:|--fmt=\\|a/b\\| |",
        "ADDRESS; |cf:address|:{|type|:|AF_INET|, |host|:|93.184.216.34|, |service|:|443|},"
            + "|prov:label|:|[address] IPV4 93.184.216.34 (443)|; |type|:|AF_INET|,|host|:|93.184.216.34|,|service|:|"
            + "443|",
        "MACHINE; |cf:u_sysname|:|Linux|,|cf:u_nodename|:|host1|,|cf:u_release|:|6.0.5|,|cf:u_version|:|#1 SMP|,"
            + "|cf:u_machine|:|x86_64|,|cf:u_domainname|:|(none)|,|cf:k_version|:|0.9.0|,|cf:l_version|:|v0.5.5|;"
            + "|u_sysname|:|Linux|,|u_nodename|:|host1|,|u_release|:|6.0.5|,|u_version|:|#1 SMP|,|u_machine|:|x86_64|,"
            + "|u_domainname|:|(none)|,|k_version|:|0.9.0|,|l_version|:|v0.5.5|"})
    void shouldWriteEachKindOfNode(NodeKind kind, String w3c, String spade) {
        long object = node(kind);
        String id = CamflowId.ofNode(kind.typeWord(), 1, 3, Scene.MACHINE, 0);
        new W3cWriter(graph, text).node(object);
        String more = w3c.replace('|', '"');
        assertEquals("\"cf:" + id + "\":{\"cf:id\":\"1\",\"prov:type\":\"" + kind.text() + "\",\"cf:boot_id\":3,"
                + "\"cf:machine_id\":\"cf:340646718\",\"cf:version\":0,\"cf:date\":\"" + DATE + "\",\"cf:taint\":\"0\","
                + "\"cf:jiffies\":\"" + JIFFIES + "\",\"cf:epoch\":1" + (more.isEmpty() ? "" : "," + more) + "}",
                text.toString());
        text.setLength(0);
        new SpadeWriter(graph, text).vertex(object);
        more = spade.replace('|', '"');
        String type = kind == NodeKind.TASK ? "Activity" : "Entity";
        boolean named = kind == NodeKind.TASK || kind == NodeKind.PROCESS_MEMORY || kind.isInode();
        assertEquals("{\"type\":\"" + type + "\",\"id\":\"" + id
                + "\",\"annotations\": {\"object_id\":\"1\",\"object_type\":\""
                + kind.text() + "\",\"boot_id\":3,\"cf:machine_id\":\"cf:340646718\",\"version\":0,\"cf:date\":\""
                + DATE
                + "\"," + (named ? "\"cf:name\":\"/usr/bin/wget\"," : "") + "\"cf:taint\":\"0\",\"cf:jiffies\":\""
                + JIFFIES
                + "\",\"cf:epoch\":1" + (more.isEmpty() ? "" : "," + more) + "}}\n", text.toString());
    }

    private long node(NodeKind kind) {
        long o = scene.object(kind);
        scene.number(o, Attribute.PID, 2087).number(o, Attribute.TGID, 2086).number(o, Attribute.VPID, 6);
        scene.number(o, Attribute.UID, 1000).number(o, Attribute.GID, 100).number(o, Attribute.MODE, 0x81a4);
        scene.number(o, Attribute.UTSNS, 4026531838L).number(o, Attribute.IPCNS, 4026531839L);
        scene.number(o, Attribute.MNTNS, 4026531841L).number(o, Attribute.PIDNS, 4026531836L);
        scene.number(o, Attribute.NETNS, 4026531840L).number(o, Attribute.CGROUPNS, 4026531835L);
        scene.number(o, Attribute.INO, 4801).number(o, Attribute.DEV, 8 << 20 | 1).number(o, Attribute.VALID, 0x2068);
        scene.number(o, Attribute.SIZE, -1).number(o, Attribute.TRUNCATED, 1);
        scene.text(o, Attribute.NAME, "/usr/bin/wget").text(o, Attribute.PATHNAME, "/tmp/a/b.txt");
        scene.text(o, Attribute.VALUE, "--fmt=\"a/b\" ").text(o, Attribute.REMOTE_ADDRESS, "93.184.216.34:443");
        scene.text(o, Attribute.SYSNAME, "Linux").text(o, Attribute.NODENAME, "host1").text(o, Attribute.RELEASE,
                "6.0.5");
        scene.text(o, Attribute.KERNEL_VERSION, "#1 SMP").text(o, Attribute.HARDWARE, "x86_64");
        scene.text(o, Attribute.DOMAINNAME, "(none)").text(o, Attribute.LOCAL_ADDRESS, "10.0.2.15:49152");
        return o;
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "0; [2001:db8::1]:80; {|type|:|AF_INET6|, |host|:|2001:db8::1|, |service|:|80|}; IPV6 2001:db8::1 (80)",
        "0; /run/systemd/journal/socket; {|type|:|AF_UNIX|, |path|:|/run/systemd/journal/socket|}; "
            + "UNIX /run/systemd/journal/socket",
        "1; @abstract:1; {|type|:|AF_UNIX|, |path|:|@abstract:1|}; UNIX @abstract:1",
        "16; x; {|type|:16, |host|:|could not resolve|, |service|:|could not resolve|, |error|:|ai_family not "
            + "supported|}; "
            + "16 could not resolve (ai_family not supported)"})
    void shouldWriteAddressesOfEachFamily(int family, String value, String object, String label) {
        long address = scene.object(NodeKind.ADDRESS);
        scene.number(address, Attribute.FAMILY, family).text(address, Attribute.REMOTE_ADDRESS, value);
        new W3cWriter(graph, text).node(address);
        assertTrue(text.toString().endsWith("\"cf:epoch\":1,\"cf:address\":" + object.replace('|', '"')
                + ",\"prov:label\":\"[address] " + label + "\"}"), text::toString);
    }

    @Test
    void shouldWritePacketsTheirOwnWay() {
        long socket = scene.object(NodeKind.SOCKET);
        long packet = node(NodeKind.PACKET);
        String jiffies = Long.toString((Scene.T0 + 2 * Scene.MS) / 4_000_000);
        new W3cWriter(graph, text).node(packet);
        String id = CamflowId.ofNode(NodeKind.PACKET.typeWord(), 2, 3, Scene.MACHINE, 0);
        assertEquals("\"cf:" + id + "\":{\"cf:id\":2,\"cf:seq\":0,\"cf:sender\":\"93.184.216.34:443\","
                + "\"cf:receiver\":\"10.0.2.15:49152\",\"prov:type\":\"packet\",\"cf:taint\":\"0\",\"cf:jiffies\":\""
                + jiffies
                + "\",\"cf:len\":4294967295,\"prov:label\":\"[packet] 93.184.216.34:443->10.0.2.15:49152 (2)\"}",
                text.toString());
        scene.flow(Relation.SEND_PACKET, socket, packet);
        text.setLength(0);
        new SpadeWriter(graph, text).vertex(packet);
        assertEquals("{\"type\":\"Entity\",\"id\":\"" + id
                + "\",\"annotations\": {\"object_type\":\"packet\",\"cf:date\":\""
                + DATE + "\",\"packet_id\":2,\"seq\":0,\"sender\":\"10.0.2.15:49152\","
                + "\"receiver\":\"93.184.216.34:443\","
                + "\"jiffies\":\"" + jiffies + "\",\"ih_len\":4294967295}}\n", text.toString());
    }

    @ParameterizedTest
    @EnumSource(Relation.class)
    void shouldWriteEachKindOfEdge(Relation relation) {
        NodeKind from = switch (relation.relationClass()) {
            case DERIVED, USED -> NodeKind.FILE;
            case GENERATED, INFORMED, INFLUENCED -> NodeKind.TASK;
            case ASSOCIATED -> NodeKind.MACHINE;
        };
        NodeKind to = switch (relation.relationClass()) {
            case DERIVED, GENERATED -> NodeKind.FILE;
            case USED, INFORMED, ASSOCIATED -> NodeKind.TASK;
            case INFLUENCED -> NodeKind.MACHINE;
        };
        long cause = scene.object(from);
        long effect = scene.object(to);
        graph.edge(0, relation, cause, effect, scene.now(), effect, 0x3d0f00, 4096);
        String id = CamflowId.ofRelation(relation.typeWord(), 1, 3, Scene.MACHINE);
        String a = CamflowId.ofNode(from.typeWord(), 1, 3, Scene.MACHINE, 0);
        String b = CamflowId.ofNode(to.typeWord(), 2, 3, Scene.MACHINE, 0);
        String jiffies = Long.toString(scene.now() / 4_000_000);
        String[] keys = switch (relation.relationClass()) {
            case DERIVED -> new String[] {"usedEntity", "generatedEntity"};
            case GENERATED -> new String[] {"activity", "entity"};
            case USED -> new String[] {"entity", "activity"};
            case INFORMED -> new String[] {"informant", "informed"};
            case INFLUENCED -> new String[] {"influencer", "influencee"};
            case ASSOCIATED -> new String[] {"agent", "activity"};
        };
        new W3cWriter(graph, text).edge(graph.edge(0));
        assertEquals("\"cf:" + id + "\":{\"cf:id\":\"1\",\"prov:type\":\"" + relation.text() + "\",\"cf:boot_id\":3,"
                + "\"cf:machine_id\":\"cf:340646718\",\"cf:date\":\"" + DATE + "\",\"cf:jiffies\":\"" + jiffies
                + "\",\"cf:epoch\":1,\"prov:label\":\"" + relation.text() + "\",\"cf:allowed\":\"true\",\"prov:"
                + keys[0]
                + "\":\"cf:" + a + "\",\"prov:" + keys[1] + "\":\"cf:" + b + "\",\"cf:offset\":\"4096\","
                + "\"cf:flags\":\"3d0f00\",\"cf:task_id\":\"2\"}", text.toString());
        text.setLength(0);
        new SpadeWriter(graph, text).edge(graph.edge(0));
        String type = switch (relation.relationClass()) {
            case DERIVED -> "WasDerivedFrom";
            case GENERATED -> "WasGeneratedBy";
            case USED -> "Used";
            case INFORMED -> "WasInformedBy";
            case INFLUENCED -> "WasInfluencedBy";
            case ASSOCIATED -> "WasAssociatedWith";
        };
        assertEquals("{\"type\":\"" + type + "\",\"from\":\"" + b + "\",\"to\":\"" + a
                + "\",\"annotations\": {\"id\":\"" + id
                + "\",\"relation_id\":\"1\",\"relation_type\":\"" + relation.text() + "\",\"boot_id\":3,"
                + "\"cf:machine_id\":\"cf:340646718\",\"cf:date\":\"" + DATE + "\",\"epoch\":1,\"jiffies\":\"" + jiffies
                + "\",\"allowed\":\"true\",\"offset\":\"4096\",\"flags\":\"3d0f00\",\"task_id\":\"2\",\"from_type\":\""
                + to.text() + "\",\"to_type\":\"" + from.text() + "\"}}\n", text.toString());
    }

    @Test
    void shouldOrderTheSectionsOfADocument() throws IOException {
        Scene pipeline = Scene.pipeline();
        long machine = pipeline.object(NodeKind.MACHINE);
        pipeline.flow(Relation.RAN_ON, machine, pipeline.task(101));
        pipeline.flow(Relation.LOAD_MODULE, pipeline.task(101), machine);
        String document = w3c(pipeline.graph(), 10_000);
        assertTrue(document.startsWith("{\"prefix\":{\"prov\" : \"http://www.w3.org/ns/prov\", "
                + "\"cf\":\"http://www.camflow.org\"}, \"activity\":{\"cf:"), document);
        int at = 0;
        for (String section : List.of("activity", "agent", "entity", "used", "wasGeneratedBy", "wasInformedBy",
                "wasAssociatedWith", "wasInfluencedBy", "wasDerivedFrom")) {
            int next = document.indexOf("}, \"" + section + "\":{\"cf:");
            assertTrue(next > at, section);
            at = next;
        }
        assertTrue(document.endsWith("}}}\n"), document);
        assertEquals(1, document.lines().count());
    }

    private static String w3c(MemoryGraph graph, int records) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        W3cFormat.write(Slice.of(graph), out, records);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldSplitAStoreIntoDocumentsThatEachAreJsonAndNeverNameAnUnknownNode() throws IOException {
        MemoryGraph whole = Scene.pipeline().graph();
        for (int records : new int[] {1, 3, 7, 20}) {
            Set<String> seen = new HashSet<>();
            int edges = 0;
            for (String line : w3c(whole, records).lines().toList()) {
                assertJson(line);
                for (String section : List.of("activity", "agent", "entity")) {
                    int at = line.indexOf("}, \"" + section + "\":{");
                    if (at >= 0) {
                        int end = line.indexOf("}, \"", at + 4);
                        Arrays.stream(line.substring(at, end < 0 ? line.length() : end).split("\"cf:"))
                                .filter(part -> part.indexOf("\":{") == 44).forEach(part -> seen.add(part.substring(0,
                                44)));
                    }
                }
                for (String part : line.split("\"prov:(?=usedEntity|generatedEntity|activity|entity|informant|"
                        + "informed)")) {
                    if (part.matches("[a-zA-Z]+\":\"cf:.*")) {
                        String id = part.substring(part.indexOf("cf:") + 3).substring(0, 44);
                        assertTrue(seen.contains(id), line);
                    }
                }
                edges += line.split("\"cf:allowed\"", -1).length - 1;
            }
            assertEquals(whole.edges(), edges);
            assertEquals(whole.nodes(), seen.size());
        }
    }

    @Test
    void shouldGiveEveryIdentifierTheNibbleOfItsClass() {
        for (NodeKind kind : NodeKind.values()) {
            int nibble = Base64.getDecoder().decode(CamflowId.ofNode(kind.typeWord(), 1, 1, 1, 1))[7] & 0xf0;
            assertEquals(switch (kind.provClass()) {
                case ACTIVITY -> 0x40;
                case ENTITY -> 0x20;
                case AGENT -> 0x10;
            }, nibble, kind.text());
        }
        for (Relation relation : EnumSet.allOf(Relation.class)) {
            assertEquals(0x80, Base64.getDecoder().decode(CamflowId.ofRelation(relation.typeWord(), 1, 1,
                    1))[7] & 0xf0);
        }
    }

    @Test
    void shouldAlwaysWriteJsonWhateverTheNamesHold() throws IOException {
        long file = scene.file("/tmp/\"quoted\"\n\t\\back\u0001\u007f");
        scene.bytes(file, Attribute.NAME, new byte[] {'/', (byte) 0xff, '"', '\\', 0x1f, (byte) 0xc3, (byte) 0xa9});
        scene.exec(7, "/bin/x", "a\"b\\c\nd\te");
        String document = w3c(graph, 100).strip();
        assertJson(document);
        assertTrue(document.contains("\"cf:name\":\"/\\\\xff\\\"\\\\\\u001fé\""), document);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SpadeFormat().writeAll(graph, out);
        out.toString(StandardCharsets.UTF_8).lines().forEach(CamflowTest::assertJson);
    }

    @Test
    void shouldRepeatBothVerticesBeforeEachEdgeForSpade() throws IOException {
        scene.object(NodeKind.MSG);
        scene.exec(7, "/bin/x", "x");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SpadeFormat().writeAll(graph, out);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        for (int i = 0; i < graph.edges(); i++) {
            String edge = lines.get(3 * i + 2);
            assertTrue(edge.contains("\"to\":\"" + id(lines.get(3 * i)) + "\""), edge);
            assertTrue(edge.contains("\"from\":\"" + id(lines.get(3 * i + 1)) + "\""), edge);
        }
        assertEquals(3 * graph.edges() + 1, lines.size());
        assertTrue(lines.getLast().contains("\"object_type\":\"msg\""));
        Set<String> ids = lines.stream().filter(l ->
                l.contains("\"object_id\"")).map(CamflowTest::id).collect(Collectors.toSet());
        assertEquals(graph.nodes(), ids.size());
    }

    @Test
    void shouldKeepAnObjectsBootThroughLaterSessions() {
        long file = scene.file("/a");
        scene.end();
        graph.sessionStart(new Session(2, "b", 4, Scene.MACHINE, "trace", "system", "", scene.now() + 2 * Scene.MS, 0));
        scene.object(NodeKind.MSG);
        scene.object(NodeKind.MSG);
        long fresh = scene.object(NodeKind.MSG);
        CamflowGraph camflow = CamflowGraph.of(graph);
        CamflowNames names = new CamflowNames(camflow);
        assertEquals(3, camflow.birth(file).bootNumber());
        assertEquals(4, camflow.birth(fresh).bootNumber());
        assertFalse(names.node(graph.versions(file)[0]).isEmpty());
    }

    private static String id(String line) {
        int at = line.indexOf("\"id\":\"") + 6;
        return line.substring(at, at + 44);
    }

    private static void assertJson(String text) {
        JsonFactory factory = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
            int depth = 0;
            while (parser.nextToken() != null) {
                depth = Math.max(depth, parser.streamReadContext().getNestingDepth());
            }
            assertTrue(depth > 0, text);
        }
    }
}
