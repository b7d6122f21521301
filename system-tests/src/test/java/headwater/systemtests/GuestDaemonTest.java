// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.RelationClass;
import headwater.model.Session;
import headwater.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon records a whole system: in a guest, whose processes are all ours to look at. */
@GuestTest
class GuestDaemonTest {
    private static final int TIMEOUT_SECONDS = 1800;

    @TempDir
    Path out;

    @ParameterizedTest
    @ValueSource(strings = {"lsm", "trace"})
    void recordsTheWholeSystemButItself(String frontEnd) throws IOException, InterruptedException {
        Path checkout = Build.checkout();
        List<String> words = new ArrayList<>(List.of(checkout.resolve("dev/guest").toString(), "--kernel", "6.12",
                "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", out.toString(), "--",
                "sh", checkout.resolve("system-tests/src/test/sh/daemon-in-guest.sh").toString(),
                frontEnd, checkout.resolve("headwater").toString()));
        words.addAll(CommandLine.of());
        CommandLine.Outcome guest = CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
        assertEquals(0, guest.status(), guest::toString);
        verifyWhatWasSaid();
        try (GraphView view = Store.openForReading(out.resolve("store")).view()) {
            verifyRecord(view, frontEnd);
            verifyWhoLeft(view);
        }
        CommandLine.Outcome shown = CommandLine.run(out, "ancestors", "pid:" + read("launched.pid"), "--store",
                out.resolve("store").toString());
        assertTrue(shown.out().contains("left the record"), shown::toString);
    }

    private void verifyWhatWasSaid() {
        assertEquals(1, status("status-before"), "nothing is recorded yet");
        assertEquals(0, status("start"), () -> said("start"));
        assertEquals(0, status("status"));
        assertTrue(said("status").contains("\"running\":true"), () -> said("status"));
        assertEquals(4, status("start-again"), () -> said("start-again"));
        assertTrue(said("start-again").contains("already recording"), () -> said("start-again"));
        assertEquals(4, status("run-beside"), () -> said("run-beside"));
        assertTrue(said("run-beside").contains("headwater start"), "the holder is named: " + said("run-beside"));
        assertEquals(0, status("ancestors"), () -> said("ancestors"));
        assertTrue(said("ancestors").contains("/dev/shm/work/source"), "asked while the daemon runs");
        assertEquals(0, status("launched"), () -> said("launched"));
        assertTrue(said("launched").contains("/dev/shm/work/source"), "asked by the launcher");
        assertEquals(0, status("by-environment"), () -> said("by-environment"));
        assertEquals(0, status("run"), () -> said("run"));
        assertEquals(0, status("nobody"), () -> said("nobody"));
        assertEquals(0, status("stop"), () -> said("stop"));
        assertEquals(1, status("status-after"));
    }

    private void verifyRecord(GraphView view, String frontEnd) {
        Session session = view.sessions().getFirst();
        assertEquals("system", session.scope());
        assertEquals(frontEnd, session.frontEnd());
        assertTrue(session.endNs() > session.startNs(), "the session was closed");
        assertTrue(view.gaps().isEmpty(), () -> "gaps: " + view.gaps());
        assertTrue(tasks(view, Long.parseLong(read("before.pid"))) > 0, "what ran before the start is known");
        assertEquals(0, tasks(view, daemonPid()), "the daemon does not record itself");
        assertFalse(recorded(view, "unseen"), "what came after the stop is not recorded");
        for (String file : List.of("sink", "by-run", "by-nobody", "by-reader", "last")) {
            assertTrue(recorded(view, file), "all else is recorded: " + file);
        }
    }

    private void verifyWhoLeft(GraphView view) {
        for (String own : List.of("start", "status", "start-again", "ancestors", "launched", "by-environment", "stop")) {
            assertEquals(1, marks(view, own), "it left the record, which says so: " + own);
        }
        for (String stays : List.of("run", "run-beside", "nobody")) {
            assertEquals(0, marks(view, stays), "it has not left: " + stays);
        }
        assertEquals(List.of(), readFromStore(view), "nobody is seen to read the store");
        for (String launched : List.of("launched", "by-environment", "stop")) {
            assertEquals(List.of(), programs(view, launched, "java"), "the launcher leaves before it starts Java");
        }
    }

    private static boolean recorded(GraphView view, String file) {
        return view.find(Attribute.NAME, ("/dev/shm/work/" + file).getBytes(StandardCharsets.UTF_8)).length > 0;
    }

    /** How often the process of a step is said to have left the record. */
    private long marks(GraphView view, String step) {
        List<Long> marks = new ArrayList<>();
        for (long task : tasksOf(view, Long.parseLong(read(step + ".pid")))) {
            for (long node : view.versions(task)) {
                view.causes(node, (edge, relation, other, timeNs) -> {
                    if (relation == Relation.LOG) {
                        assertEquals("left the record", text(view, view.object(other), Attribute.VALUE));
                        marks.add(edge);
                    }
                    return true;
                });
            }
        }
        return marks.size();
    }

    /**
     * The files of the store that a process is seen to have taken something from, but for the way out itself, and the lock, at
     * which {@code run} looks, which does not leave.
     */
    private static List<String> readFromStore(GraphView view) {
        List<String> files = new ArrayList<>();
        for (long edge = 0; edge < view.edges(); edge++) {
            GraphView.Edge drawn = view.edge(edge);
            long cause = view.object(drawn.cause());
            String name = view.kind(cause) == NodeKind.FILE ? text(view, cause, Attribute.NAME) : "";
            if (name.startsWith("/dev/shm/system/") && !name.endsWith("/opaque") && !name.endsWith("/LOCK")
                    && drawn.relation().relationClass() == RelationClass.USED) {
                files.add(name + " by " + text(view, view.object(drawn.effect()), Attribute.COMMAND));
            }
        }
        return files;
    }

    /** The programs that the process of a step was, as far as it is recorded, whose path contains {@code part}. */
    private List<String> programs(GraphView view, String step, String part) {
        List<String> programs = new ArrayList<>();
        for (long object : view.find(Attribute.TGID, Long.parseLong(read(step + ".pid")))) {
            if (view.kind(object) == NodeKind.PROCESS_MEMORY) {
                programs.add(text(view, object, Attribute.NAME));
            }
        }
        assertFalse(programs.isEmpty(), "before it left it was recorded: " + step);
        programs.removeIf(program -> !program.contains(part));
        return programs;
    }

    private static String text(GraphView view, long object, Attribute attribute) {
        byte[] value = view.attributes(object).bytes(attribute);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    private static long tasks(GraphView view, long pid) {
        return tasksOf(view, pid).size();
    }

    private static List<Long> tasksOf(GraphView view, long pid) {
        List<Long> tasks = new ArrayList<>();
        for (long object : view.find(Attribute.TGID, pid)) {
            if (view.kind(object) == NodeKind.TASK) {
                tasks.add(object);
            }
        }
        return tasks;
    }

    private long daemonPid() {
        Matcher matcher = Pattern.compile("\"pid\":(\\d+)").matcher(said("status"));
        assertTrue(matcher.find(), () -> said("status"));
        long pid = Long.parseLong(matcher.group(1));
        assertFalse(pid <= 1, "a daemon's pid");
        return pid;
    }

    private int status(String name) {
        return Integer.parseInt(read(name + ".status"));
    }

    private String said(String name) {
        return read(name + ".out") + read(name + ".err");
    }

    private String read(String name) {
        try {
            return Files.readString(out.resolve(name)).strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the guest left no such file: " + name, e);
        }
    }
}
