// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.query.Limits;
import headwater.query.Lineage;
import headwater.query.Start;
import headwater.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A daemon by CamFlow's two files, changed by CamFlow's command, a signal and a reload; and programs that log to syslog and to the journal:
 * in a guest, as it records a whole system.
 */
@GuestTest
class GuestCamflowTest {
    private static final int TIMEOUT_SECONDS = 1800;

    @TempDir
    Path out;

    @ParameterizedTest
    @ValueSource(strings = {"lsm", "trace"})
    void recordsWhatIsAskedFor(String frontEnd) throws IOException, InterruptedException {
        Path checkout = Build.checkout();
        List<String> words = new ArrayList<>(List.of(checkout.resolve("dev/guest").toString(), "--kernel", "6.12",
                "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", out.toString(), "--",
                "sh", checkout.resolve("system-tests/src/test/sh/camflow-in-guest.sh").toString(), frontEnd, checkout.toString()));
        words.addAll(CommandLine.of());
        CommandLine.Outcome guest = CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
        assertEquals(0, guest.status(), guest::toString);
        verifyWhatWasSaid();
        verifyLogs();
        try (GraphView view = Store.openForReading(out.resolve("store")).view()) {
            verifyRecord(view);
        }
    }

    private void verifyWhatWasSaid() {
        assertEquals(255, status("absent"), "no daemon yet");
        assertTrue(said("start").contains("recording what is tracked by "), () -> said("start"));
        assertTrue(said("state").contains("- capture enabled;\n- all disabled;\n"), () -> said("state"));
        assertTrue(said("file").contains("File is tracked.\nFile is not opaque.\nFile propagates tracking."), () -> said("file"));
        assertEquals(0, status("all"), () -> said("all"));
        assertEquals(0, status("member"), () -> said("member"));
        assertEquals(1, status("other"), () -> said("other"));
        assertTrue(said("other").contains("Permission denied"), () -> said("other"));
        assertTrue(said("after-hangup").contains("\ndirectory\n"), () -> said("after-hangup"));
        assertTrue(said("after-hangup").contains("- duplication disabled;"), "the file holds again: " + said("after-hangup"));
        assertEquals(2, status("bad-reload"), () -> said("bad-reload"));
        assertTrue(said("bad-reload").contains("camflow.ini:") && said("bad-reload").contains("did you mean directory?"),
                () -> said("bad-reload"));
        assertEquals(0, status("opaque"), () -> said("opaque"));
        assertEquals(124, status("follow"), "it follows until it is ended");
        assertTrue(said("follow").contains("/dev/shm/work/secret-copy"), "what was recorded is followed");
        assertEquals(0, status("stop"), () -> said("stop"));
        assertEquals(0, status("daemon"), () -> said("start"));
        assertTrue(said("lines").contains("served plain") && said("lines").contains("for it: /dev/shm/work/plain"), () -> said("lines"));
        assertTrue(read("graph.log").contains("/dev/shm/work/secret-copy"), "the output has it");
    }

    /** The lines of logs, by the answer of {@code headwater lines}; the programs' logs got each of them as it was. */
    private void verifyLogs() {
        List<LoggedLines.Line> lines = LoggedLines.of(read("lines.out")).lines();
        assertEquals(List.of(
                "logins | logger | secret | secret",
                "app | dash | served plain | plain",
                "logins | logger | about order | order",
                "logins | logger | about others | others",
                "logins | python3.11 | done: about order-1 | order-1",
                "logins | python3.11 | done: about order-2 | order-2",
                "unit | logger | about entry | entry",
                "unit | cat | about reply | reply",
                "unit | logger | about note | note",
                "logins | logger | about note-2 | note-2"), lines.stream().map(line -> line.inWords("/dev/shm/work/")).toList(),
                () -> said("lines") + read("heard"));
        List<LoggedLines.Line> tagged = lines.stream().filter(line -> line.rule().equals("logins")).toList();
        assertTrue(tagged.stream().allMatch(line -> line.pid() == line.claimedPid()), "each stands at the process that wrote it: " + tagged);
        assertEquals(lines.size() - 1, lines.stream().mapToLong(LoggedLines.Line::pid).distinct().count(), "two are of one process: " + lines);
        String heard = read("heard");
        for (String said : List.of("]: about order", "]: about other-tag", "]: about others", "]: done: about order-2",
                "MESSAGE=about entry", "MESSAGE=about forged", "about reply", "about stray", "]: about note'", "]: about note-2",
                "]: about unwatched")) {
            assertTrue(heard.contains(said), () -> "the log did not get: " + said + "\n" + heard);
        }
    }

    private static void verifyRecord(GraphView view) {
        for (String file : List.of("secret-copy", "plain-all")) {
            assertTrue(recorded(view, file), "selected: " + file);
        }
        assertFalse(recorded(view, "plain-untracked"), "not selected");
        assertTrue(comesFrom(view, "plain-all", "plain"), "read when everything was recorded");
        assertTrue(recorded(view, "plain-opaque"), "what is made of an opaque file is not opaque");
        assertFalse(comesFrom(view, "plain-opaque", "plain"), "nothing that touches an opaque file is recorded");
        assertTrue(view.gaps().isEmpty(), () -> "gaps: " + view.gaps());
        assertEquals(1, changes(view, "policy: provenance.all = true", 0, "camflow -a true"));
        assertEquals(1, changes(view, "policy: compression.duplicate = true", 65534, "camflow --duplicate true"));
        assertEquals(1, changes(view, "marks of /dev/shm/work/plain: +opaque", 0, "camflow --opaque-file plain true"));
        assertEquals(0, changes(view, "policy: provenance.enabled = false", 65534, ""));
    }

    private static boolean recorded(GraphView view, String file) {
        return objects(view, file).length > 0;
    }

    private static long[] objects(GraphView view, String file) {
        return view.find(Attribute.NAME, ("/dev/shm/work/" + file).getBytes(StandardCharsets.UTF_8));
    }

    private static boolean comesFrom(GraphView view, String sink, String source) {
        for (long object : objects(view, sink)) {
            Start start = new Start(sink, List.of(object), view.versions(object), List.of());
            for (long node : Lineage.ancestors(view, sink, start, Limits.NONE).nodes()) {
                if (Arrays.stream(objects(view, source)).anyMatch(known -> known == view.object(node))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** How many changes of this text the record has, made by a user with a command that ends so. */
    private static int changes(GraphView view, String what, int uid, String command) {
        int changes = 0;
        for (long object = 0; object < view.objects(); object++) {
            GraphView.Attributes said = view.attributes(object);
            if (view.kind(object) == NodeKind.STRING && what.equals(text(said, Attribute.VALUE)) && said.number(Attribute.UID, -1) == uid
                    && text(said, Attribute.COMMAND).endsWith(command)) {
                changes++;
            }
        }
        return changes;
    }

    private static String text(GraphView.Attributes attributes, Attribute attribute) {
        byte[] value = attributes.bytes(attribute);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    private int status(String step) {
        return Integer.parseInt(read(step + ".status").strip());
    }

    private String said(String step) {
        return read(step + ".out") + read(step + ".err");
    }

    private String read(String name) {
        try {
            return Files.readString(out.resolve(name));
        } catch (IOException e) {
            throw new AssertionError("not left by the guest: file=" + name, e);
        }
    }
}
