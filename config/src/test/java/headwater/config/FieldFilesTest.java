// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.config.CamflowdConfig.Format;
import headwater.config.CamflowdConfig.Output;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shapes that files have in the field: CamFlow's own of five years, what its command prints, and what other projects' scripts write.
 * What each key means holds, and what does not hold is told with its line.
 */
class FieldFilesTest {
    private static Parsed<CamflowConfig> camflow(String... lines) {
        return CamflowConfig.parse("camflow.ini", String.join("\n", lines).getBytes(StandardCharsets.UTF_8), Machine.ANY);
    }

    private static Parsed<CamflowdConfig> camflowd(String... lines) {
        return CamflowdConfig.parse("camflowd.ini", String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    private static List<Integer> lines(Parsed<?> parsed) {
        return parsed.problems().stream().map(Problem::line).toList();
    }

    private static String texts(Parsed<?> parsed) {
        return parsed.problems().stream().map(Problem::text).collect(Collectors.joining("\n"));
    }

    private static CamflowConfig config(Parsed<CamflowConfig> parsed) {
        return parsed.config().orElseThrow(() -> new AssertionError(texts(parsed)));
    }

    @Test
    void shouldReadTheFileOfTheFirstReleases() {
        Parsed<CamflowConfig> parsed = camflow("[provenance]", "machine_id=0", "enabled=true", "all=false", "opaque=/usr/bin/bash",
                "tracked=/srv/a", "propagate=/srv/b", "node_filter=directory", "node_filter=inode_unknown", "node_filter=char",
                "relation_filter=sh_read", "propagate_node_filter=directory", "", "[ipv4\u2212egress]", "record=127.0.0.1/32:80", "[user]",
                "track=vagrant", "[group]", "propagate=docker");
        CamflowConfig config = config(parsed);
        assertEquals(new Marks<>(List.of(RawText.of("/srv/a")), List.of(RawText.of("/srv/b")), List.of(RawText.of("/usr/bin/bash")),
                List.of()), config.files());
        assertEquals(List.of("directory", "inode_unknown", "char"), config.provenance().nodeFilter());
        assertEquals(List.of("sh_read"), config.provenance().relationFilter());
        assertEquals("127.0.0.1/32:80", config.ipv4Egress().record().getFirst().text());
        assertEquals(List.of("docker"), config.groups().propagate());
        assertEquals(List.of(5, 6, 7), lines(parsed), () -> texts(parsed));
        assertTrue(texts(parsed).contains("camflow.ini:6: warning: a key of camconfd 0.1.5 and before: section=provenance, key=tracked, "
                + "value=/srv/a; it is taken as track of [file]; move it there"), () -> texts(parsed));
    }

    @Test
    void shouldReadTheFileBeforeCompressionHadASection() {
        Parsed<CamflowConfig> parsed = camflow("[provenance]", "machine_id=0", "enabled=true", "all=false", "compress=true",
                "node_filter=mmaped_file", "node_filter=envp", "relation_filter=sh_write", "relation_filter=perm_exec",
                "relation_filter=closed", "relation_filter=terminate", "relation_filter=named_process", "[file]", "opaque=/usr/bin/bash",
                "[ipv4\u2212egress]", "propagate=0.0.0.0/0:80", "[ipv4\u2212ingress]", "[user]", "opaque=someone");
        CamflowConfig config = config(parsed);
        assertTrue(config.compression().node());
        assertFalse(config.compression().edge());
        assertEquals(List.of("envp"), config.provenance().nodeFilter());
        assertEquals(List.of("sh_write", "free", "terminate_task", "terminate_proc"), config.provenance().relationFilter());
        assertEquals("0.0.0.0/0:80", config.ipv4Egress().propagate().getFirst().text());
        assertEquals(List.of("someone"), config.users().opaque());
        assertEquals(List.of(5, 6, 9, 10, 11, 12), lines(parsed), () -> texts(parsed));
    }

    @Test
    void shouldLetTodaysKeyCountBesideAnOlderOne() {
        Parsed<CamflowConfig> parsed = camflow("[compression]", "node=false", "[provenance]", "compress=true", "track=/a", "[file]",
                "track=/b", "track=/a");
        assertFalse(config(parsed).compression().node());
        assertEquals(List.of(RawText.of("/a"), RawText.of("/b")), config(parsed).files().track());
        assertTrue(texts(parsed).contains("camflow.ini:4: warning: the key is given more than once: section=provenance, key=compress, "
                + "value=true; the value on line 2 counts"), () -> texts(parsed));
        assertTrue(texts(parsed).contains("camflow.ini:8: warning: the value is listed twice"), () -> texts(parsed));
    }

    /** What scripts of other projects write has no {@code all} and no {@code version}, and comments in all sections. */
    @Test
    void shouldReadAFileThatLacksKeys() {
        Parsed<CamflowConfig> parsed = camflow("[provenance]", "machine_id=0", "enabled=true", ";all=true", "node_filter=directory",
                "; relation_filter=sh_read", "", "[compression]", "; a comment", "node=true", "edge=true", "duplicate=true", "", "[file]",
                "opaque=/usr/bin/bash", ";track=/srv/a", "[ipv4\u2212egress]", ";propagate=0.0.0.0/0:80", "[user]", ";track=u", "[secctx]",
                ";opaque=system_u:object_r:bin_t:s0");
        assertEquals("", texts(parsed));
        assertFalse(config(parsed).provenance().all());
        assertEquals(new CamflowConfig.Compression(false, true, true, true), config(parsed).compression());
        assertTrue(config(parsed).users().isEmpty() && config(parsed).contexts().isEmpty());
    }

    /** As CamFlow's own command prints it, which CamFlow itself does not read back whole. */
    @Test
    void shouldReadWhatCamflowsCommandPrints() {
        Parsed<CamflowConfig> parsed = camflow(";a comment", "[provenance]", "machine_id=0", "enabled=true", "all=false",
                "node_filter=directory", "propagate_node_filter=char", "relation_filter=read", "propagate_node_filter=char",
                "propagate_relation_filter=write", "", "[compression]", "node=true", "edge=true", "duplicate=true;", "", "[ipv4-ingress]",
                "track=10.0.0.0/8:22", "record=10.0.0.0/8:22", "", "[ipv4-egress]", "", "[user]", "opaque=root", "", "[group]", "",
                "[secctx]", "propagate=unconfined_u:unconfined_r:unconfined_t:s0", "");
        CamflowConfig config = config(parsed);
        assertEquals(List.of(9, 15, 17, 21), lines(parsed), () -> texts(parsed));
        assertEquals(List.of("char"), config.provenance().propagateNodeFilter());
        assertFalse(config.compression().duplicate(), "as the dialect has it, and told");
        assertEquals("10.0.0.0/8:22", config.ipv4Ingress().record().getFirst().text());
        assertEquals(List.of("unconfined_u:unconfined_r:unconfined_t:s0"), config.contexts().propagate());
    }

    @Test
    void shouldTellOfASectionThatIsNoMore() {
        Parsed<CamflowConfig> parsed = camflow("[provenance]", "enabled=true", "[ifc]", "bridge=/usr/bin/b", "trusted=/usr/bin/t");
        assertEquals("camflow.ini:3: warning: unknown section: section=ifc; its keys are not read: count=2", texts(parsed));
        assertTrue(parsed.config().isPresent());
    }

    @Test
    void shouldTellOfKeysBehindAHeader() {
        Parsed<CamflowConfig> parsed = camflow("[provenance] enabled=true all=true", "[compression] ; a comment", "[file] # another");
        assertEquals("camflow.ini:1: warning: what follows the section's ] is not read: rest=enabled=true all=true: section=provenance; "
                + "put it on a line of its own", texts(parsed));
        assertFalse(config(parsed).provenance().enabled());
    }

    @Test
    void shouldReadTheOutputsOfTheFirstReleases() {
        Parsed<CamflowdConfig> log = camflowd("[general]", "output=log", "log=/tmp/audit.log", "[mqtt]", "address=broker.example.org:17065",
                "username=u", "password=p", "; a comment", "qos=2");
        assertEquals(RawText.of("/tmp/audit.log"), log.config().orElseThrow().log().path());
        assertEquals(List.of(Output.LOG), log.config().orElseThrow().outputs());
        assertTrue(texts(log).contains("camflowd.ini:3: warning: a key of camflowd 0.1.8 and before: section=general, key=log, "
                + "value=/tmp/audit.log; it is taken as path of [log]; move it there"), () -> texts(log));
        CamflowdConfig mqtt = camflowd("[general]", "output=mqtt", "format=w3c", "[mqtt]", "address=tcp://localhost:1883", "qos=0",
                "topic=camflow/provenance/", "[log]", ";path=/tmp/audit.log").config().orElseThrow();
        assertEquals(List.of("localhost", 1883, 0), List.of(mqtt.mqtt().host(), mqtt.mqtt().port(), mqtt.mqtt().qos()));
        CamflowdConfig unended = camflowd("[general]", "output=log", "format=w3c", "[log]", "path=/w/audit.log").config().orElseThrow();
        assertEquals(RawText.of("/w/audit.log"), unended.log().path());
        assertEquals(Format.W3C, unended.format());
    }

    @ParameterizedTest
    @ValueSource(strings = {"path-/tmp/audit.log", "path/tmp/camflowd-pipe"})
    void shouldRefuseALineThatAScriptHasSpoilt(String line) {
        Parsed<CamflowdConfig> parsed = camflowd("[general]", "output=mqtt", "format=w3c", "[mqtt]", "address=localhost:1883", "[log]", line);
        assertEquals("camflowd.ini:7: error: neither a section nor key=value: line=" + line + ": section=log; write key=value, or ; before "
                + "a comment", texts(parsed));
        assertTrue(parsed.config().isEmpty());
    }

    /** A shell that does not quote the text makes one line of it, which is a header and a comment. */
    @Test
    void shouldTellThatAFileOfOneLineSaysNothing() {
        Parsed<CamflowdConfig> parsed = camflowd("[general] ;output=null output=mqtt format=w3c [log] path=/tmp/audit.log");
        assertEquals(Set.of("no output is given", "no format is given"),
                parsed.problems().stream().map(Problem::what).collect(Collectors.toSet()));
    }
}
