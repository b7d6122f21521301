// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.config.CamflowConfig.Settings;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.RelationClass;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CamflowConfigTest {
    /** Has the files, users and groups that are named here. */
    private record Known(Set<String> names) implements Machine {
        @Override
        public boolean hasFile(RawText path) {
            return names.contains(path.toString());
        }

        @Override
        public boolean hasUser(String name) {
            return names.contains(name);
        }

        @Override
        public boolean hasGroup(String name) {
            return names.contains(name);
        }
    }

    private static Parsed<CamflowConfig> parse(String text, Machine machine) {
        return CamflowConfig.parse("c.ini", text.getBytes(StandardCharsets.UTF_8), machine);
    }

    private static Parsed<CamflowConfig> parse(String text) {
        return parse(text, Machine.ANY);
    }

    private static CamflowConfig config(String text) {
        Parsed<CamflowConfig> parsed = parse(text);
        return parsed.config().orElseThrow(() -> new AssertionError(parsed.problems()));
    }

    private static String texts(Parsed<?> parsed) {
        return parsed.problems().stream().map(Problem::text).collect(Collectors.joining("\n"));
    }

    @Test
    void shouldReadTheShippedFileWithoutAWord() throws IOException {
        byte[] bytes;
        try (InputStream in = CamflowConfigTest.class.getResourceAsStream("camflow.ini")) {
            bytes = in.readAllBytes();
        }
        Parsed<CamflowConfig> parsed = CamflowConfig.parse("camflow.ini", bytes, Machine.ANY);
        assertEquals("", texts(parsed));
        CamflowConfig config = parsed.config().orElseThrow();
        assertEquals(new CamflowConfig.Provenance(0, true, false, List.of("directory", "inode_unknown", "char", "envp"), List.of(),
                List.of(), List.of()), config.provenance());
        assertEquals(new CamflowConfig.Compression(true, true, true, false), config.compression());
        assertEquals(new Marks<>(List.of(), List.of(), List.of(RawText.of("/usr/bin/bash")), List.of()), config.files());
        assertTrue(config.ipv4Egress().isEmpty() && config.users().isEmpty() && config.contexts().isEmpty());
        assertEquals(new CamflowConfig.Relay(20, 8), config.relay());
        assertEquals(8, config.ringMib());
        assertEquals(EnumSet.of(NodeKind.DIRECTORY, NodeKind.INODE_UNKNOWN, NodeKind.CHAR, NodeKind.ENVP),
                config.provenance().nodesNotRecorded());
        // As it ships, bash is opaque, and a machine without it is told so.
        assertEquals("camflow.ini:24: warning: no such file: section=file, key=opaque, value=/usr/bin/bash; it gets no mark; make the "
                + "file, then reload", texts(CamflowConfig.parse("camflow.ini", bytes, new Known(Set.of()))));
    }

    @Test
    void shouldTakeAMissingKeyForFalseOrZero() {
        CamflowConfig config = config("");
        assertEquals(new CamflowConfig.Provenance(0, false, false, List.of(), List.of(), List.of(), List.of()), config.provenance());
        assertEquals(new CamflowConfig.Compression(false, false, false, false), config.compression());
        assertEquals(Settings.DEFAULT, config.settings());
        assertEquals(16, config.ringMib());
    }

    @Test
    void shouldReadAllMarks() {
        CamflowConfig config = config("""
                [file]
                track=/a
                track=/b
                propagate=/c
                opaque=/d
                [ipv4−egress]
                track=10.0.0.0/8:0
                propagate=192.168.1.7/32:443
                record=0.0.0.0/0:80
                [ipv4-ingress]
                track=127.0.0.1/32:22
                [ipv6-egress]
                record=[2001:db8::]/32:443
                [ipv6−ingress]
                propagate=[::]/0:0
                [user]
                track=alice
                [group]
                opaque=wheel
                [secctx]
                propagate=system_u:object_r:bin_t:s0-s0:c0.c1023
                [cgroup]
                track=/system.slice/nginx.service
                propagate=/sys/fs/cgroup/user.slice/
                [namespace]
                track=net:4026531840
                opaque=user:[4026531837]
                [taint]
                file=0,63 /srv/secret file
                [headwater]
                front_end=lsm
                on_loss=block
                ring_size=64
                store=/srv/store
                environment=names
                packets=/system.slice
                group=wheel
                """);
        assertEquals(List.of("/a", "/b"), config.files().track().stream().map(RawText::toString).toList());
        assertEquals("10.0.0.0/8:0", config.ipv4Egress().track().getFirst().text());
        assertEquals(443, config.ipv4Egress().propagate().getFirst().port());
        assertEquals("0.0.0.0/0:80", config.ipv4Egress().record().getFirst().text());
        assertEquals("127.0.0.1/32:22", config.ipv4Ingress().track().getFirst().text());
        assertEquals("[2001:db8::]/32:443", config.ipv6Egress().record().getFirst().text());
        assertEquals("[::]/0:0", config.ipv6Ingress().propagate().getFirst().text());
        assertEquals(List.of("alice"), config.users().track());
        assertEquals(List.of("wheel"), config.groups().opaque());
        assertEquals(List.of("system_u:object_r:bin_t:s0-s0:c0.c1023"), config.contexts().propagate());
        assertEquals(List.of(RawText.of("/user.slice")), config.cgroups().propagate());
        assertEquals(List.of(new NamespaceId(NamespaceId.Kind.USER, 4026531837L)), config.namespaces().opaque());
        assertEquals(List.of(new Taint(RawText.of("/srv/secret file"), 1L | 1L << 63)), config.taints());
        assertEquals(new Settings("lsm", "block", 64, RawText.of("/srv/store"), "names", RawText.of("/system.slice"), "wheel"),
                config.settings());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {
        "[provenance];enabled=True ~ warning: neither true nor false",
        "[provenance];enabled=1 ~ warning: neither true nor false",
        "[compression];node=true@ ~ `camflow -c` writes this semicolon: remove it to mean true",
        "[provenance];machine_id=-1 ~ error: not a whole number",
        "[provenance];machine_id=4294967296 ~ error: out of range",
        "[provenance];machine_id=99999999999999999999 ~ error: not a whole number",
        "[provenance];node_filter=directoy ~ error: unknown node type: section=provenance, key=node_filter, value=directoy! did you mean directory?",
        "[provenance];node_filter=read ~ it is a relation type: it belongs into the other filter",
        "[provenance];relation_filter=file ~ it is a node type: it belongs into the other filter",
        "[provenance];relation_filter=ran_on ~ error: this relation type cannot be filtered",
        "[provenance];relation_filter=load_module ~ error: this relation type cannot be filtered",
        "[provenance];relation_filter=xyzzy ~ docs/configuration.md names them all",
        "[provenance];relation_filter=version_entity ~ warning: without edges between versions",
        "[provenance];node_filter= ~ warning: the value is empty",
        "[provenance];node_filter=file;node_filter=file ~ warning: the value is listed twice",
        "[provenance];enabled=false;enabled=true ~ c.ini:2: warning: the key is given more than once: section=provenance, key=enabled, value=false! the value on line 3 counts",
        "[provenance];enable=true ~ warning: unknown key: section=provenance, key=enable, value=true! did you mean enabled? it is not read",
        "[provenance];duplicate=true ~ it belongs into [compression]! it is not read",
        "[provenanse];enabled=true;all=true ~ c.ini:1: warning: unknown section: section=provenanse! did you mean provenance? its keys are not read: count=2",
        "[gruop];track=x ~ did you mean group? its keys are not read: count=1",
        "[provenance];node_filter=pipo ~ did you mean pipe?",
        "enabled=true ~ warning: a key before the first section",
        "[ipv4-egress] ~ warning: CamFlow itself passes over this section: section=ipv4-egress",
        "[ipv4−egress];track=10.0.0.1 ~ error: not an IPv4 range",
        "[ipv4−egress];track=10.0.0.1/8 ~ write a.b.c.d/length:port, port 0 for any",
        "[ipv4−egress];track=10.0.0.1/33:0 ~ error: wrong prefix length: length=33, max=32",
        "[ipv4−egress];track=10.0.0.1/32:65536 ~ error: wrong port: port=65536, max=65535",
        "[ipv4−egress];track=10.0.1/32:0 ~ error: not an IPv4 address: address=10.0.1",
        "[ipv4−egress];track=10.0.0.010/32:0 ~ write four decimal numbers without leading zeros",
        "[ipv4−egress];track=10.0.0.256/32:0 ~ each number is at most 255",
        "[ipv4−egress];track=10.1.2.3/8:0 ~ warning: the address has bits beyond its prefix: section=ipv4−egress, key=track, value=10.1.2.3/8:0! it is taken as 10.0.0.0/8:0",
        "[ipv4−egress];track=[::1]/128:0 ~ error: not an IPv4 range",
        "[ipv4−egress];opaque=10.0.0.0/8:0 ~ warning: unknown key",
        "[ipv6-egress];track=[::g]/128:0 ~ error: not an IPv6 range",
        "[ipv6-egress];track=[1:2]/128:0 ~ error: not an IPv6 address: address=1:2",
        "[ipv6-egress];track=[::ffff:1.2.3.4]/128:0 ~ error: an IPv4 address in IPv6 form",
        "[ipv6-egress];track=[2001:db8::1]/32:0 ~ it is taken as [2001:db8::]/32:0",
        "[file];track=\"/a b\" ~ remove the quotes",
        "[file];track=a ~ warning: not an absolute path",
        "[file];track=/a;opaque=/a ~ c.ini:3: warning: contradictory marks: it is both opaque and track",
        "[user];propagate=u;opaque=u ~ warning: contradictory marks: it is both opaque and propagate",
        "[relay];buff_exp=20 ~ warning: a buffer's size needs both keys: missing=subuf_nb",
        "[relay];buff_exp=31;subuf_nb=8 ~ error: out of range: section=relay, key=buff_exp, value=31! write a number from 12 to 30",
        "[cgroup];track=nginx.service ~ error: not an absolute path",
        "[namespace];track=net ~ error: not a namespace",
        "[namespace];track=nett:1 ~ error: unknown kind of namespace: kind=nett",
        "[namespace];track=net:0 ~ error: wrong inode number of a namespace",
        "[namespace];track=net:4294967296 ~ error: wrong inode number of a namespace",
        "[taint];file=/a ~ error: not labels and an absolute path",
        "[taint];file=64 /a ~ error: wrong label: label=64",
        "[taint];file=1, 2 /a ~ error: not labels and an absolute path",
        "[taint];file=1 /a;file=2 /a ~ warning: the path is listed twice",
        "[headwater];front_end=ebpf ~ use one of auto, lsm, fexit, trace",
        "[headwater];on_loss=blok ~ did you mean block?",
        "[headwater];ring_size=24 ~ error: not a power of two",
        "[headwater];ring_size=1024 ~ error: out of range",
        "[headwater];store=here ~ error: not an absolute path",
        "[headwater];packets=yes ~ use none, all, or the path of a control group",
        "[headwater];front_end=trace;on_loss=block ~ c.ini:3: error: operations can be refused by the front-end lsm only"})
    void shouldTellOfEachProblem(String file, String expected) {
        Parsed<CamflowConfig> parsed = parse(file.replace(';', '\n').replace("true@", "true;"));
        String text = texts(parsed);
        assertTrue(text.contains(expected.replace("! ", "; ")), text);
        assertEquals(text.contains(" error: "), parsed.config().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {
        "node_filter=fifo ~ pipe ~ before 0.4.2: section=provenance, key=node_filter, value=fifo! it is taken as pipe",
        "node_filter=file_name ~ path ~ it is taken as path",
        "node_filter=process ~ process_memory ~ it is taken as process_memory",
        "relation_filter=version ~ version_entity,version_activity ~ it is taken as version_entity and version_activity",
        "relation_filter=munmap ~ '' ~ nothing is recorded of it now",
        "relation_filter=perm_read ~ '' ~ it is not applied, as perm_check, which replaced it, means more",
        "relation_filter=sh_create_read;relation_filter=sh_create_write ~ sh_create ~ it is taken as sh_create",
        "relation_filter=sh_attach_read;relation_filter=sh_attach ~ sh_attach ~ it is part of sh_attach, which is given: remove it",
        "relation_filter=mmap_read;relation_filter=mmap_write;relation_filter=mmap_exec ~ mmap ~ it is taken as mmap",
        "relation_filter=create ~ '' ~ it is not applied, as it was split: name those that you mean of inode_create",
        "relation_filter=splice_out ~ splice_out ~ ''",
        "node_filter=disc_entity ~ disc_entity ~ ''"})
    void shouldKnowTheNamesOfOlderReleases(String keys, String names, String expected) {
        Parsed<CamflowConfig> parsed = parse("[provenance]\n" + keys.replace(';', '\n'));
        CamflowConfig.Provenance provenance = parsed.config().orElseThrow().provenance();
        String filtered = String.join(",", keys.startsWith("node") ? provenance.nodeFilter() : provenance.relationFilter());
        assertEquals(names, filtered);
        assertTrue(texts(parsed).contains(expected.replace("! ", "; ")), texts(parsed));
        assertEquals(0, parsed.count(Severity.ERROR));
    }

    @Test
    void shouldTakeEveryNameThatTheModelHas() {
        for (NodeKind kind : NodeKind.values()) {
            if (kind.isGeneric()) {
                // Of imported evidence only: nothing that could be left out of a capture.
                continue;
            }
            assertEquals(EnumSet.of(kind), config("[provenance]\nnode_filter=" + kind.text()).provenance().nodesNotRecorded());
        }
        for (Relation relation : Relation.values()) {
            if (relation.isGeneric()) {
                continue;
            }
            Parsed<CamflowConfig> parsed = parse("[provenance]\npropagate_relation_filter=" + relation.text());
            RelationClass kind = relation.relationClass();
            assertEquals(kind != RelationClass.INFLUENCED && kind != RelationClass.ASSOCIATED, parsed.config().isPresent(), relation::text);
            parsed.config().ifPresent(config ->
                    assertEquals(EnumSet.of(relation), config.provenance().relationsNotPassed(), relation::text));
        }
    }

    @Test
    void shouldTellAllProblemsOfAFileInItsOrder() {
        Parsed<CamflowConfig> parsed = parse("[provenance]\nnode_filter=x1\nmachine_id=x\n[none]\n[file]\nbad=1\nnothing\n");
        assertEquals(List.of(2, 3, 4, 6, 7), parsed.problems().stream().map(Problem::line).toList());
        assertTrue(parsed.config().isEmpty());
        assertEquals(3, parsed.count(Severity.ERROR));
        assertEquals(2, parsed.count(Severity.WARNING));
    }

    @Test
    void shouldTakeTwoHundredFiftyFiveValuesAndNotOneMore() {
        String list = "[file]\n" + IntStream.range(0, 255).mapToObj(i -> "track=/f" + i + "\n").collect(Collectors.joining());
        assertEquals(255, config(list).files().track().size());
        Parsed<CamflowConfig> parsed = parse(list + "opaque=/o\ntrack=/g\ntrack=/h\n");
        assertEquals("c.ini:258: error: the list is too long: values=257, max=255: section=file, key=track, value=/g; name a folder, "
                + "group or range instead of its members", texts(parsed));
    }

    @Test
    void shouldLookNamesUp() {
        Machine machine = new Known(Set.of("/there", "alice", "wheel"));
        Parsed<CamflowConfig> parsed = parse("[file]\ntrack=/there\ntrack=/not\n[user]\ntrack=alice\ntrack=bob\n[group]\ntrack=wheel\n"
                + "track=staff\n[taint]\nfile=1 /gone\n[headwater]\ngroup=nobody\n", machine);
        assertEquals(Map.of(3, Severity.WARNING, 6, Severity.ERROR, 9, Severity.ERROR, 11, Severity.WARNING, 13, Severity.ERROR),
                parsed.problems().stream().collect(Collectors.toMap(Problem::line, Problem::severity)));
        assertTrue(texts(parsed).contains("make it with groupadd --system nobody"), texts(parsed));
    }

    @Test
    void shouldKeepPathsAsBytes() {
        byte[] bytes = "[file]\ntrack=/x\u00e9y\n[user]\ntrack=\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        Parsed<CamflowConfig> parsed = CamflowConfig.parse("c.ini", bytes, Machine.ANY);
        assertEquals("c.ini:4: error: not UTF-8: section=user, key=track, value=\\xe9; save the file as UTF-8", texts(parsed));
        byte[] path = {'/', 'x', (byte) 0xe9, 'y'};
        Parsed<CamflowConfig> fine = CamflowConfig.parse("c.ini", java.util.Arrays.copyOf(bytes, 18), Machine.ANY);
        assertArrayEquals(path, fine.config().orElseThrow().files().track().getFirst().bytes());
    }

    @ParameterizedTest
    @CsvSource({"12, 1, 1", "20, 1, 1", "20, 3, 4", "20, 8, 8", "20, 9, 16", "30, 65536, 512", "21, 255, 512"})
    void shouldMakeARingOfCamflowsBuffers(int buffExp, int subufNb, int mebibytes) {
        assertEquals(mebibytes, config("[relay]\nbuff_exp=" + buffExp + "\nsubuf_nb=" + subufNb).ringMib());
        assertEquals(32, config("[relay]\nbuff_exp=" + buffExp + "\nsubuf_nb=" + subufNb + "\n[headwater]\nring_size=32").ringMib());
    }

    @Test
    void shouldCaptureEverythingWithoutAFile() {
        CamflowConfig config = CamflowConfig.withoutFile();
        assertTrue(config.provenance().enabled() && config.provenance().all());
        assertEquals(16, config.inEffect().settings().ringMib());
        assertFalse(new String(config.toIni(""), StandardCharsets.UTF_8).contains("ring_size"));
    }
}
