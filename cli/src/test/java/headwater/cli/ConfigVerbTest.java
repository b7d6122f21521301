// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.agent.Recording;
import headwater.capture.FrontEnd;
import headwater.capture.OnLoss;
import headwater.config.CamflowConfig.Settings;
import headwater.query.FileNow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ConfigVerbTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Context context() {
        return new Context(out, new PrintStream(err, true, StandardCharsets.UTF_8), Map.of("HEADWATER_STORE", folder.toString()),
                Clock.systemUTC(), path -> {
                    throw new AssertionError("no store is needed");
                }, FileNow::onThisMachine);
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return Main.run(arguments, context());
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void shouldEndWithZeroIfThereIsNothingWorseThanAWarning() throws IOException {
        String fine = file("camflow.ini", "[provenance]\nenabled=true\n[user]\ntrack=root\n[group]\ntrack=root\n[file]\nopaque=" + folder + "\n");
        assertEquals(0, run("config", "check", fine), this::err);
        assertEquals(fine + ": camflow.ini, 0 errors, 0 warnings\n", out());
        assertEquals("", err());
        String warned = file("w.ini", "[provenance]\nenabled=yes\n[file]\ntrack=/no/such\n");
        assertEquals(0, run("config", "check", warned), this::err);
        assertEquals(List.of(warned + ":2: warning: neither true nor false: section=provenance, key=enabled, value=yes; it is taken as "
                + "false, as CamFlow takes it; write true or false",
                warned + ":4: warning: no such file: section=file, key=track, value=/no/such; it gets no mark; make the file, then reload",
                warned + ": camflow.ini, 0 errors, 2 warnings"), out().lines().toList());
    }

    @Test
    void shouldEndWithTwoAndTellEveryError() throws IOException {
        String bad = file("camflow.ini", "[provenance]\nnode_filter=fil\nmachine_id=x\n[user]\ntrack=no-such-user-here\n");
        assertEquals(2, run("config", "check", bad));
        assertEquals(4, out().lines().count(), this::out);
        assertTrue(out().contains(bad + ":2: error: unknown node type: section=provenance, key=node_filter, value=fil; did you mean file?"),
                this::out);
        assertTrue(out().contains(bad + ":5: error: no such user: section=user, key=track, value=no-such-user-here"), this::out);
        assertTrue(out().endsWith(bad + ": camflow.ini, 3 errors, 0 warnings\n"), this::out);
        assertEquals(2, run("config", "check", "--json", bad));
        assertTrue(out().startsWith("{\"file\":\"" + bad + "\",\"kind\":\"camflow.ini\",\"errors\":3,\"warnings\":0,\"problems\":["
                + "{\"severity\":\"error\",\"line\":2,\"section\":\"provenance\",\"key\":\"node_filter\",\"value\":\"fil\","
                + "\"problem\":\"unknown node type\",\"next\":\"did you mean file?\"}"), this::out);
        assertTrue(out().endsWith("]}\n"), this::out);
        assertEquals(2, run("config", "show", bad));
        assertEquals("", out());
        assertTrue(err().contains("headwater: the file is refused: file=" + bad + ", errors=3; "), this::err);
    }

    @Test
    void shouldShowWhatIsInEffectAsAFileThatSaysTheSame() throws IOException {
        String given = file("c.ini", "[provenance]\nenabled=true\nnode_filter=directory\n[ipv4-egress]\ntrack=10.0.0.0/8:0\n[relay]\n"
                + "buff_exp=20\nsubuf_nb=32\n");
        assertEquals(0, run("config", "show", given), this::err);
        String shown = out();
        assertTrue(shown.startsWith("; what is in effect by " + given + "\n\n[provenance]\nmachine_id=0\nenabled=true\nall=false\n"
                + "node_filter=directory\n"), shown);
        assertTrue(shown.contains("[ipv4\u2212egress]\ntrack=10.0.0.0/8:0\n"), shown);
        assertTrue(shown.contains("\nring_size=32\n"), shown);
        assertTrue(err().contains("CamFlow itself passes over this section"), this::err);
        assertEquals(0, run("config", "show", file("again.ini", shown)), this::err);
        assertEquals(shown.replace(given, folder.resolve("again.ini").toString()), out());
        assertEquals("", err());
        assertEquals(0, run("config", "show", "--json", given), this::err);
        assertTrue(out().contains("\"absent\":false,\"config\":{\"provenance\":{\"machine_id\":0,\"enabled\":true,\"all\":false,"
                + "\"node_filter\":[\"directory\"],"), this::out);
        assertTrue(out().contains("\"ipv4-egress\":{\"track\":[\"10.0.0.0/8:0\"],\"propagate\":[],\"record\":[]}"), this::out);
    }

    @Test
    void shouldSayWhatHoldsWithoutAFile() throws Exception {
        String absent = folder.resolve("none.ini").toString();
        assertEquals(0, show(absent));
        assertTrue(out().startsWith("; what is in effect: there is no " + absent + "\n\n[provenance]\nmachine_id=0\nenabled=true\nall=true\n"),
                this::out);
        assertEquals(0, show(absent, "--json"));
        assertTrue(out().contains("\"absent\":true,\"config\":{"), this::out);
        assertEquals(0, show(file("here.ini", "[provenance]\nenabled=true\n")));
        assertTrue(out().contains("enabled=true\nall=false\n"), this::out);
    }

    private int show(String standardFile, String... options) throws Failure, IOException {
        out.reset();
        ConfigVerb verb = new ConfigVerb(standardFile);
        CommandSpec spec = CommandSpec.create();
        verb.describe(spec);
        return verb.run(new CommandLine(spec).parseArgs(Stream.concat(Stream.of("show"), Arrays.stream(options)).toArray(String[]::new)),
                context());
    }

    @Test
    void shouldKnowTheKindAndHideThePassword() throws IOException {
        String daemon = file("x.ini", "[general]\noutput=mqtt\nformat=w3c\n[mqtt]\naddress=h:1883\npassword=s3cret\n");
        assertEquals(0, run("config", "check", daemon), this::err);
        assertTrue(out().endsWith(": camflowd.ini, 0 errors, 0 warnings\n"), this::out);
        for (String[] line : new String[][] {{"config", "show", daemon}, {"config", "show", "--json", daemon}}) {
            assertEquals(0, run(line), this::err);
            assertTrue(out().contains("(hidden)") && !out().contains("s3cret"), this::out);
        }
        assertEquals(0, run("config", "check", "--kind", "camflow.ini", daemon), this::err);
        assertTrue(out().contains("unknown section: section=general"), this::out);
        assertEquals(2, run("config", "check", "--kind", "ini", daemon));
        assertTrue(err().contains("unknown kind: --kind=ini, want one of camflow.ini camflowd.ini"), this::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "config check", "config chekc /x", "config show /x /y", "config check /tmp", "config check --bad /x"})
    void shouldRefuseWrongUse(String line) {
        assertEquals(2, run(line.split(" ")), this::err);
        assertEquals("", out());
        assertTrue(err().startsWith("headwater: "), this::err);
    }

    @Test
    void shouldSayThatAFileIsNotThere() {
        assertEquals(1, run("config", "check", "/no/such.ini"));
        assertTrue(err().startsWith("headwater: there is no such file: file=/no/such.ini; "), this::err);
        assertEquals(1, run("config", "show", "/no/such.ini"));
    }

    @Test
    void shouldReadDevicesWithoutEnd() {
        assertEquals(2, run("config", "check", "/dev/zero"));
        assertTrue(out().contains("the file is too long for a configuration"), this::out);
        assertEquals(0, run("config", "check", "/dev/null"), this::err);
    }

    @Test
    void shouldHaveTheWordsOfTheOptions() {
        List<String> frontEnds = Stream.concat(Stream.of("auto"), Arrays.stream(FrontEnd.values()).map(FrontEnd::text)).toList();
        assertEquals(frontEnds, Settings.FRONT_ENDS);
        assertEquals(Arrays.stream(OnLoss.values()).map(OnLoss::text).toList(), Settings.ON_LOSS);
        assertEquals(Arrays.stream(Recording.Environment.values()).map(word -> word.name().toLowerCase(Locale.ROOT)).toList(),
                Settings.ENVIRONMENT);
        assertFalse(Settings.ON_LOSS.contains("drop"));
    }
}
