// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.Filter;
import headwater.capture.Mark;
import headwater.capture.Marks;
import headwater.capture.OnLoss;
import headwater.capture.Policy;
import headwater.capture.Target;
import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.RelationClass;
import headwater.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a policy records of the test's own processes on this machine's kernel: targets, marks, how they spread, filters, changes. */
class SelectionTest {
    private static final int USER = 54321;
    private static final long TAINT = 0x8000000000000401L;

    @TempDir
    Path folder;

    /** The control group whose packets are recorded. */
    private Path packets;

    @BeforeEach
    void source() throws IOException {
        Files.writeString(folder.resolve("source"), "secret\n");
    }

    private record Recorded(Recording.Figures figures, GraphView view) implements AutoCloseable {
        @Override
        public void close() {
            view.close();
        }
    }

    private Recorded record(Policy policy, String script) throws IOException {
        return record(policy, script, recording -> { });
    }

    /** Records a script under {@code sh}, after {@code prepare}; when the script makes the file {@code now}, {@code then} is done. */
    private Recorded record(Policy policy, String script, Consumer<Recording> prepare) throws IOException {
        return record(policy, script, prepare, recording -> { });
    }

    private Recorded record(Policy policy, String script, Consumer<Recording> prepare, Consumer<Recording> then) throws IOException {
        Path path = folder.resolve("store");
        List<byte[]> command = CommandRun.words(List.of("sh", "-c", "cd " + folder + "\n" + script));
        Recording.Figures figures;
        try (Store store = Store.openForWriting(path, "test");
                Recording recording = Recording.start(store, new Recording.Plan(TestedFrontEnd.get(), false, "sh", 1 << 22, OnLoss.RECORD,
                        Recording.Environment.NONE, packets, policy));
                GatedCommand gated = GatedCommand.start(command)) {
            prepare.accept(recording);
            recording.adopt(gated.pid());
            gated.release();
            Idle idle = new Idle();
            boolean done = false;
            while (gated.isAlive()) {
                idle.idle(recording.doWork());
                if (!done && Files.exists(folder.resolve("now"))) {
                    then.accept(recording);
                    done = true;
                    Files.writeString(folder.resolve("go"), "");
                }
            }
            recording.stop();
            assertEquals(0, gated.status());
            figures = recording.figures();
        }
        assertEquals(0, figures.lost(), "lost");
        return new Recorded(figures, Store.openForReading(path).view());
    }

    private long[] named(GraphView view, String name) {
        return view.find(Attribute.NAME, folder.resolve(name).toString().getBytes());
    }

    private boolean isRecorded(GraphView view, String name) {
        return named(view, name).length > 0;
    }

    private long number(GraphView view, String name, Attribute attribute) {
        long[] objects = named(view, name);
        assertEquals(1, objects.length, name);
        return view.attributes(objects[0]).number(attribute, 0);
    }

    private static boolean has(GraphView view, Relation wanted) {
        boolean[] found = new boolean[1];
        for (long node = 0; node < view.nodes(); node++) {
            view.causes(node, (edge, relation, other, time) -> {
                found[0] |= relation == wanted;
                return true;
            });
        }
        return found[0];
    }

    private boolean isCause(GraphView view, String name) {
        boolean[] found = new boolean[1];
        for (long object : named(view, name)) {
            for (long version : view.versions(object)) {
                view.effects(version, (edge, relation, other, time) -> {
                    found[0] |= relation == Relation.READ || relation == Relation.COPY || relation == Relation.EXEC;
                    return true;
                });
            }
        }
        return found[0];
    }

    private static boolean has(GraphView view, NodeKind kind) {
        for (long node = 0; node < view.nodes(); node++) {
            if (view.kind(view.object(node)) == kind) {
                return true;
            }
        }
        return false;
    }

    private static int inode(String namespace) throws IOException {
        return ((Long) Files.getAttribute(Path.of("/proc/self/ns/" + namespace), "unix:ino")).intValue();
    }

    @Test
    void anUnselectedProcessAddsNoRecord() throws IOException {
        try (Recorded recorded = record(Policy.TRACKED, "cat source >copy; cat copy >again; rm again; (cat source | cat >piped)")) {
            assertEquals(0, recorded.figures.records());
        }
    }

    @Test
    void disabledNothingIsRecordedWhoeverIsTracked() throws IOException {
        try (Recorded recorded = record(Policy.EVERYTHING.withEnabled(false).with(new Target.User(0), Marks.TRACK),
                "cat source >copy")) {
            assertEquals(0, recorded.figures.records());
        }
    }

    @Test
    void aUserIsFollowedFromTheChangeOn() throws IOException {
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        Policy policy = Policy.TRACKED.with(new Target.User(USER), Marks.TRACK.tainted(TAINT));
        try (Recorded recorded = record(policy, "cat source >others\nsetpriv --reuid " + USER
                + " --regid 54321 --clear-groups sh -c 'cat source >users'\ncat source >after")) {
            assertTrue(isRecorded(recorded.view, "users"));
            assertFalse(isRecorded(recorded.view, "others"));
            assertEquals(1, number(recorded.view, "users", Attribute.MARKS));
        }
    }

    @Test
    void aGroupIsFollowed() throws IOException {
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Recorded recorded = record(Policy.TRACKED.with(new Target.Group(USER), Marks.TRACK),
                "setpriv --regid " + USER + " --clear-groups sh -c 'cat source >groups'\n")) {
            assertTrue(isRecorded(recorded.view, "groups"));
        }
    }

    @Test
    void eachKindOfNamespaceIsATarget() throws IOException {
        String[] names = {"uts", "ipc", "mnt", "pid", "net", "cgroup"};
        for (Target.Namespace.Kind kind : Target.Namespace.Kind.values()) {
            Policy policy = Policy.TRACKED.with(new Target.Namespace(kind, inode(names[kind.ordinal()])), Marks.TRACK);
            try (Recorded recorded = record(policy, "cat source >inside")) {
                assertTrue(isRecorded(recorded.view, "inside"), kind.name());
            }
            delete(folder.resolve("store"));
        }
        try (Recorded recorded = record(Policy.TRACKED.with(new Target.Namespace(Target.Namespace.Kind.UTS, 1), Marks.TRACK),
                "cat source >inside")) {
            assertEquals(0, recorded.figures.records());
        }
    }

    private static void delete(Path path) throws IOException {
        try (var paths = Files.walk(path)) {
            for (Path each : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    @Test
    void whoMovesIntoANamespaceIsFollowedThere() throws IOException {
        // The inode of a new namespace is not known before: everything but this one is entered by unshare.
        Policy policy = Policy.EVERYTHING.with(new Target.Namespace(Target.Namespace.Kind.UTS, inode("uts")), Marks.OPAQUE);
        try (Recorded recorded = record(policy, "cat source >outside\nunshare --uts sh -c 'cat source >inside'")) {
            assertFalse(isRecorded(recorded.view, "outside"));
        }
    }

    @Test
    void anAddressSelectsWhoConnectsAndWhoBinds() throws IOException {
        Policy egress = Policy.TRACKED.with(new Target.Address(InetAddress.getByName("127.0.0.0"), 8, 54399, true), Marks.TRACK);
        String connects = "python3 -c \"import socket\ns=socket.socket()\ns.connect_ex(('127.0.0.1',54399))\n"
                + "u=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\nu.connect(('127.0.0.1',54399))\nopen('after','w').write('x')\"";
        try (Recorded recorded = record(egress, connects)) {
            assertTrue(isRecorded(recorded.view, "after"));
            assertTrue(has(recorded.view, Relation.CONNECT));
        }
        delete(folder.resolve("store"));
        Policy ingress = Policy.TRACKED.with(new Target.Address(InetAddress.getByName("::1"), 128, 0, false), Marks.TRACK);
        try (Recorded recorded = record(ingress, "python3 -c \"import socket\nopen('before','w').write('x')\n"
                + "s=socket.socket(socket.AF_INET6)\ns.bind(('::1',0))\nopen('bound','w').write('x')\"")) {
            assertTrue(isRecorded(recorded.view, "bound"));
            assertFalse(isRecorded(recorded.view, "before"));
            assertTrue(has(recorded.view, Relation.BIND));
        }
    }

    @Test
    void aTrackedFileIsSeenWhoeverTouchesIt() throws IOException {
        try (Recorded recorded = record(Policy.TRACKED, "cat other >copied\ncat source | cat >taken\n",
                recording -> recording.mark(folder.resolve("source"), Marks.TRACK.tainted(TAINT), Set.of()))) {
            assertTrue(isRecorded(recorded.view, "source"));
            assertTrue(has(recorded.view, Relation.READ));
            assertEquals(TAINT, number(recorded.view, "source", Attribute.TAINT));
            assertFalse(has(recorded.view, Relation.WRITE), "it does not propagate");
            assertFalse(isRecorded(recorded.view, "copied"));
        }
    }

    @BeforeEach
    void other() throws IOException {
        Files.writeString(folder.resolve("other"), "harmless\n");
    }

    @Test
    void marksAndTaintSpreadAlongEdges() throws IOException {
        try (Recorded recorded = record(Policy.TRACKED, "cat source | cat >first\ncat first >second\ncat other >third",
                recording -> recording.mark(folder.resolve("source"), Marks.PROPAGATE.tainted(TAINT), Set.of()))) {
            assertEquals(TAINT, number(recorded.view, "first", Attribute.TAINT));
            assertEquals(TAINT, number(recorded.view, "second", Attribute.TAINT));
            assertEquals(5, number(recorded.view, "second", Attribute.MARKS));
            assertFalse(isRecorded(recorded.view, "third"));
        }
    }

    @Test
    void marksStopWherePropagationIsFiltered() throws IOException {
        Policy policy = Policy.EVERYTHING.withSpreading(new Filter(Set.of(NodeKind.PIPE), Set.of()));
        try (Recorded recorded = record(policy, "cat source | cat >piped\ncat source >direct",
                recording -> recording.mark(folder.resolve("source"), Marks.PROPAGATE.tainted(TAINT), Set.of()))) {
            assertEquals(TAINT, number(recorded.view, "direct", Attribute.TAINT));
            assertEquals(0, number(recorded.view, "piped", Attribute.TAINT));
        }
    }

    @Test
    void relationsAndKindsAreFiltered() throws IOException {
        Policy policy = Policy.EVERYTHING.withFilter(new Filter(Set.of(NodeKind.DIRECTORY, NodeKind.ARGV), Set.of(Relation.READ)));
        try (Recorded recorded = record(policy, "ls . >listed\ncat source >copy")) {
            assertTrue(isRecorded(recorded.view, "copy"));
            assertFalse(has(recorded.view, Relation.READ));
            assertFalse(has(recorded.view, NodeKind.ARGV));
            assertFalse(has(recorded.view, NodeKind.DIRECTORY));
            assertTrue(has(recorded.view, Relation.WRITE));
        }
    }

    @Test
    void anOpaqueFileAndAnOpaqueProgramAreNotRecorded() throws IOException {
        Path program = folder.resolve("mycat");
        Files.copy(Path.of("/bin/cat"), program);
        program.toFile().setExecutable(true);
        try (Recorded recorded = record(Policy.EVERYTHING, "cat source >hidden\ncat other >shown\n./mycat other >dark\ncat other >lit",
                recording -> {
                    recording.mark(folder.resolve("source"), Marks.OPAQUE, Set.of());
                    recording.mark(program, Marks.OPAQUE, Set.of());
                })) {
            assertTrue(isRecorded(recorded.view, "shown"));
            assertTrue(isRecorded(recorded.view, "lit"), "a child of none that is opaque");
            assertFalse(isCause(recorded.view, "source"));
            assertFalse(isCause(recorded.view, "mycat"));
            assertTrue(isCause(recorded.view, "other"));
        }
    }

    @Test
    void aTrackedProgramIsFollowedWithAllThatItStarts() throws IOException {
        Path program = folder.resolve("mysh");
        Files.copy(Path.of("/bin/sh"), program);
        program.toFile().setExecutable(true);
        try (Recorded recorded = record(Policy.TRACKED, "cat source >before\n./mysh -c 'cat source >within'",
                recording -> recording.mark(program, Marks.TRACK, Set.of()))) {
            assertTrue(isRecorded(recorded.view, "within"));
            assertFalse(isRecorded(recorded.view, "before"));
        }
    }

    @Test
    void aPolicyChangesWhileTheCaptureRuns() throws IOException {
        String script = "cat source >before\n: >now\nwhile [ ! -e go ]; do sleep 0.05; done\ncat source >after";
        long[] took = new long[1];
        try (Recorded recorded = record(Policy.TRACKED, script, recording -> { }, recording -> {
            long start = System.nanoTime();
            recording.policy(Policy.EVERYTHING);
            took[0] = System.nanoTime() - start;
        })) {
            assertTrue(isRecorded(recorded.view, "after"));
            assertFalse(isRecorded(recorded.view, "before"));
            assertTrue(took[0] < 1_000_000_000L, "took ns=" + took[0]);
            System.out.println("SelectionTest: policy changed in ms=" + took[0] / 1_000_000);
        }
    }

    @Test
    void aProcessIsMarkedByItsNumber() throws IOException {
        String script = "cat source >before\necho $$ >pid\n: >now\nwhile [ ! -e go ]; do sleep 0.05; done\ncat source >after";
        try (Recorded recorded = record(Policy.TRACKED, script, recording -> { }, recording -> {
            int pid = Integer.parseInt(read("pid").strip());
            assertTrue(recording.mark(pid, Marks.TRACK, Set.<Mark>of()));
            assertFalse(recording.mark(1, Marks.TRACK, Set.of()), "not of this tree");
        })) {
            assertTrue(isRecorded(recorded.view, "after"));
            assertFalse(isRecorded(recorded.view, "before"));
        }
    }

    @Test
    void marksOfAProcessCanBeRead() throws IOException {
        String script = "echo $$ >pid\n: >now\nwhile [ ! -e go ]; do sleep 0.05; done";
        try (Recorded recorded = record(Policy.TRACKED, script, recording -> { }, recording -> {
            int pid = Integer.parseInt(read("pid").strip());
            assertEquals(Marks.NONE, recording.marks(pid).orElseThrow());
            recording.mark(pid, Marks.PROPAGATE.tainted(TAINT), Set.of());
            assertEquals(Marks.PROPAGATE.tainted(TAINT), recording.marks(pid).orElseThrow());
            recording.mark(pid, Marks.OPAQUE, Set.of(Mark.TRACKED, Mark.PROPAGATE));
            assertEquals(Marks.OPAQUE.tainted(TAINT), recording.marks(pid).orElseThrow());
            assertTrue(recording.marks(1).isEmpty(), "not of this tree");
        })) {
            assertTrue(recorded.figures.records() > 0);
        }
    }

    /** A process writes into one new file after another while the policy changes again and again; by each it is recorded. */
    @Test
    void noEventIsLostWhileThePolicyChanges() throws IOException {
        int files = 3000;
        String script = ": >now\npython3 -c \"\nfor i in range(" + files + "):\n  open('made%d' % i, 'w').write('x')\n\"";
        Policy[] policies = {
            Policy.EVERYTHING,
            Policy.TRACKED.with(new Target.User(0), Marks.TRACK),
            Policy.EVERYTHING.withFilter(new Filter(Set.of(), Set.of(Relation.SIGNAL))),
            Policy.TRACKED.with(new Target.Group(0), Marks.TRACK).with(new Target.User(USER), Marks.PROPAGATE),
        };
        long[] slowest = new long[1];
        int[] changes = new int[1];
        try (Recorded recorded = record(policies[1], script, recording -> { }, recording -> {
            long end = System.nanoTime() + 1_500_000_000L;
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                recording.policy(policies[changes[0]++ % policies.length]);
                slowest[0] = Math.max(slowest[0], System.nanoTime() - start);
                recording.doWork();
            }
        })) {
            System.out.println("SelectionTest: changes=" + changes[0] + ", slowest us=" + slowest[0] / 1000);
            assertTrue(changes[0] > 10, "changes=" + changes[0]);
            assertTrue(slowest[0] < 1_000_000_000L, "slowest ns=" + slowest[0]);
            for (int i = 0; i < files; i++) {
                long[] objects = named(recorded.view, "made" + i);
                assertEquals(1, objects.length, "made" + i);
                assertTrue(isEffect(recorded.view, objects[0], Relation.INODE_CREATE), "made" + i);
            }
        }
    }

    private static Set<Relation> relations(GraphView view) {
        Set<Relation> found = java.util.EnumSet.noneOf(Relation.class);
        for (long node = 0; node < view.nodes(); node++) {
            view.causes(node, (edge, relation, other, time) -> found.add(relation));
        }
        return found;
    }

    private static boolean isEffect(GraphView view, long object, Relation wanted) {
        boolean[] found = new boolean[1];
        for (long version : view.versions(object)) {
            view.causes(version, (edge, relation, other, time) -> {
                found[0] |= relation == wanted;
                return true;
            });
        }
        return found[0];
    }

    @Test
    void wholeClassesAreFiltered() throws IOException {
        try (Recorded recorded = record(Policy.EVERYTHING.withFilter(Filter.NONE.with(RelationClass.USED)),
                "cat source | cat >copy; ls . >listed")) {
            for (Relation relation : Relation.values()) {
                if (relation.relationClass() == RelationClass.USED && Filter.filterable().contains(relation)) {
                    assertFalse(has(recorded.view, relation), relation.text());
                }
            }
            assertTrue(has(recorded.view, Relation.WRITE));
        }
        delete(folder.resolve("store"));
        try (Recorded recorded = record(Policy.EVERYTHING.withFilter(Filter.NONE.with(RelationClass.GENERATED)
                .without(Filter.NONE.with(Relation.INODE_CREATE))), "cat source | cat >created")) {
            assertFalse(has(recorded.view, Relation.WRITE));
            assertTrue(has(recorded.view, Relation.READ), () -> relations(recorded.view).toString());
            assertTrue(has(recorded.view, Relation.INODE_CREATE));
        }
    }

    @Test
    void taintDoesNotGoAlongAFilteredRelation() throws IOException {
        Policy policy = Policy.EVERYTHING.withSpreading(Filter.NONE.with(Relation.READ, Relation.OPEN, Relation.COPY));
        try (Recorded recorded = record(policy, "cat source | cat >copy\ncp source copied",
                recording -> recording.mark(folder.resolve("source"), Marks.PROPAGATE.tainted(TAINT), Set.of()))) {
            assertTrue(has(recorded.view, Relation.READ), "recorded all the same");
            assertEquals(0, number(recorded.view, "copy", Attribute.TAINT));
            assertEquals(0, number(recorded.view, "copied", Attribute.TAINT));
        }
    }

    @Test
    void aCgroupIsATarget() throws IOException {
        Path root = cgroups();
        Path group = Files.createDirectory(root.resolve("headwater-selection-" + ProcessHandle.current().pid()));
        try {
            long id = (Long) Files.getAttribute(group, "unix:ino");
            Policy policy = Policy.TRACKED.with(new Target.Cgroup(id), Marks.TRACK);
            try (Recorded recorded = record(policy, "cat source >before\nsh -c 'echo $$ >" + group
                    + "/cgroup.procs; cat source >inside'\ncat other >after")) {
                assertTrue(isRecorded(recorded.view, "inside"));
                assertFalse(isRecorded(recorded.view, "before"));
                assertFalse(isRecorded(recorded.view, "after"));
            }
        } finally {
            Files.delete(group);
        }
    }

    /** Where the unified hierarchy is mounted. */
    private static Path cgroups() throws IOException {
        return Files.readAllLines(Path.of("/proc/mounts")).stream().map(line -> line.split(" "))
                .filter(words -> words[2].equals("cgroup2")).map(words -> Path.of(words[1])).findFirst().orElseThrow();
    }

    @Test
    void addressesAreTargetsInBothDirectionsAndFamilies() throws IOException {
        String[] names = {"v4-egress", "v6-egress", "v4-ingress", "v6-ingress", "other-port", "other-direction", "other-prefix"};
        String script = "python3 - <<'END'\nimport os, socket\n"
                + "def child(name, family, act):\n"
                + "  if os.fork() == 0:\n    act(socket.socket(family, socket.SOCK_DGRAM))\n    open(name, 'w').write('x')\n    os._exit(0)\n"
                + "  os.wait()\n"
                + "four, six = socket.AF_INET, socket.AF_INET6\n"
                + "child('v4-egress', four, lambda s: s.connect(('127.0.0.1', 54397)))\n"
                + "child('v6-egress', six, lambda s: s.connect(('::1', 54397)))\n"
                + "child('v4-ingress', four, lambda s: s.bind(('127.0.0.1', 54395)))\n"
                + "child('v6-ingress', six, lambda s: s.bind(('::1', 54395)))\n"
                + "child('other-port', four, lambda s: s.connect(('127.0.0.1', 54396)))\n"
                + "child('other-direction', six, lambda s: s.connect(('::1', 54395)))\n"
                + "child('other-prefix', four, lambda s: s.connect(('127.1.0.1', 54397)))\nEND";
        Policy policy = Policy.TRACKED
                .with(new Target.Address(InetAddress.getByName("127.0.0.99"), 24, 54397, true), Marks.TRACK)
                .with(new Target.Address(InetAddress.getByName("::1"), 128, 54397, true), Marks.TRACK)
                .with(new Target.Address(InetAddress.getByName("127.0.0.1"), 32, 54395, false), Marks.TRACK)
                .with(new Target.Address(InetAddress.getByName("::"), 64, 54395, false), Marks.TRACK);
        try (Recorded recorded = record(policy, script)) {
            for (String name : names) {
                assertEquals(name.startsWith("v"), isRecorded(recorded.view, name), name);
            }
        }
    }

    /** Where AppArmor runs, everything that the test starts is unconfined; where no module has contexts, the policy is refused. */
    @Test
    void aSecurityContextIsATargetWhereThereAreAny() throws IOException {
        Policy policy = Policy.TRACKED.with(new Target.SecurityContext("unconfined"), Marks.TRACK);
        if (!isApparmorEnabled()) {
            assertTrue(org.junit.jupiter.api.Assertions.assertThrows(headwater.capture.kernel.KernelException.class,
                    () -> record(policy, ":")).getMessage().contains("security context"));
            return;
        }
        try (Recorded recorded = record(policy, "cat source >inside")) {
            assertTrue(isRecorded(recorded.view, "inside"));
        }
        delete(folder.resolve("store"));
        try (Recorded recorded = record(Policy.TRACKED.with(new Target.SecurityContext("/usr/sbin/other (enforce)"), Marks.TRACK),
                "cat source >again")) {
            assertEquals(0, recorded.figures.records());
        }
    }

    private static boolean isApparmorEnabled() {
        try {
            return Files.readString(Path.of("/sys/module/apparmor/parameters/enabled")).startsWith("Y");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void whatPacketsCarryIsKeptOfSocketsThatAreMarkedForIt() throws IOException {
        packets = cgroups();
        String script = "python3 - <<'END'\nimport socket\nfor port, text in (54393, b'kept ' * 100), (54392, b'not kept'):\n"
                + "  to = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n  to.bind(('127.0.0.1', port))\n"
                + "  s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n  s.connect(('127.0.0.1', port))\n  s.send(text)\n"
                + "  s.send(text[:40])\n  to.recv(9999)\nEND";
        Policy policy = Policy.EVERYTHING.with(new Target.Address(InetAddress.getByName("127.0.0.1"), 32, 54393, true), Marks.RECORD);
        try (Recorded recorded = record(policy, script)) {
            List<String> contents = new java.util.ArrayList<>();
            for (long node = 0; node < recorded.view.nodes(); node++) {
                long object = recorded.view.object(node);
                if (recorded.view.kind(object) == NodeKind.PACKET_CONTENT) {
                    contents.add(new String(recorded.view.attributes(object).bytes(Attribute.VALUE)));
                }
            }
            assertEquals(List.of("kept ".repeat(100), "kept ".repeat(8)), contents);
            assertTrue(has(recorded.view, Relation.PACKET_CONTENT));
        }
    }

    private String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
