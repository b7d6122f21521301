// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.Marks;
import headwater.capture.Policy;
import headwater.capture.Target;
import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Whom each kind of target selects, and what its marks bring about. */
class TargetsTest extends SelectionRun {
    private static int inode(String namespace) throws IOException {
        return ((Long) Files.getAttribute(Path.of("/proc/self/ns/" + namespace), "unix:ino")).intValue();
    }

    @Test
    void aUserIsFollowedFromTheChangeOn() throws IOException {
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        Policy policy = Policy.TRACKED.with(new Target.User(USER), Marks.TRACK.tainted(TAINT));
        try (Recorded recorded = record(policy, "cat source >others\nsetpriv --reuid " + USER
                + " --regid 54321 --clear-groups sh -c 'cat source >users'\ncat source >after")) {
            assertTrue(recorded.isRecorded("users"));
            assertFalse(recorded.isRecorded("others"));
            assertEquals(1, recorded.number("users", Attribute.MARKS));
        }
    }

    @Test
    void aGroupIsFollowed() throws IOException {
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Recorded recorded = record(Policy.TRACKED.with(new Target.Group(USER), Marks.TRACK),
                "setpriv --regid " + USER + " --clear-groups sh -c 'cat source >groups'\n")) {
            assertTrue(recorded.isRecorded("groups"));
        }
    }

    @Test
    void eachKindOfNamespaceIsATarget() throws IOException {
        String[] names = {"uts", "ipc", "mnt", "pid", "net", "cgroup"};
        for (Target.Namespace.Kind kind : Target.Namespace.Kind.values()) {
            Policy policy = Policy.TRACKED.with(new Target.Namespace(kind, inode(names[kind.ordinal()])), Marks.TRACK);
            try (Recorded recorded = record(policy, "cat source >inside")) {
                assertTrue(recorded.isRecorded("inside"), kind.name());
            }
            forget();
        }
        try (Recorded recorded = record(Policy.TRACKED.with(new Target.Namespace(Target.Namespace.Kind.UTS, 1), Marks.TRACK),
                "cat source >inside")) {
            recorded.assertNothing();
        }
    }

    @Test
    void whoMovesIntoANamespaceIsFollowedThere() throws IOException {
        // The inode of a new namespace is not known before: everything but this one is entered by unshare.
        Policy policy = Policy.EVERYTHING.with(new Target.Namespace(Target.Namespace.Kind.UTS, inode("uts")), Marks.OPAQUE);
        try (Recorded recorded = record(policy, "cat source >outside\nunshare --uts sh -c 'cat source >inside'")) {
            assertFalse(recorded.isRecorded("outside"));
        }
    }

    @Test
    void anAddressSelectsWhoConnectsAndWhoBinds() throws IOException {
        Policy egress = Policy.TRACKED.with(new Target.Address(InetAddress.getByName("127.0.0.0"), 8, 54399, true), Marks.TRACK);
        String connects = "python3 -c \"import socket\ns=socket.socket()\ns.connect_ex(('127.0.0.1',54399))\n"
                + "u=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\nu.connect(('127.0.0.1',54399))\nopen('after','w').write('x')\"";
        try (Recorded recorded = record(egress, connects)) {
            assertTrue(recorded.isRecorded("after"));
            assertTrue(recorded.has(Relation.CONNECT));
        }
        forget();
        Policy ingress = Policy.TRACKED.with(new Target.Address(InetAddress.getByName("::1"), 128, 0, false), Marks.TRACK);
        try (Recorded recorded = record(ingress, "python3 -c \"import socket\nopen('before','w').write('x')\n"
                + "s=socket.socket(socket.AF_INET6)\ns.bind(('::1',0))\nopen('bound','w').write('x')\"")) {
            assertTrue(recorded.isRecorded("bound"));
            assertFalse(recorded.isRecorded("before"));
            assertTrue(recorded.has(Relation.BIND));
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
                assertTrue(recorded.isRecorded("inside"));
                assertFalse(recorded.isRecorded("before"));
                assertFalse(recorded.isRecorded("after"));
            }
        } finally {
            Files.delete(group);
        }
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
                assertEquals(name.startsWith("v"), recorded.isRecorded(name), name);
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
            assertTrue(recorded.isRecorded("inside"));
        }
        forget();
        try (Recorded recorded = record(Policy.TRACKED.with(new Target.SecurityContext("/usr/sbin/other (enforce)"), Marks.TRACK),
                "cat source >again")) {
            recorded.assertNothing();
        }
    }

    private static boolean isApparmorEnabled() {
        try {
            return Files.readString(Path.of("/sys/module/apparmor/parameters/enabled")).startsWith("Y");
        } catch (IOException e) {
            return false;
        }
    }

    /** A recording begins with all packets, or never sees them. */
    @Test
    @DisabledIfSystemProperty(named = "headwater.one-capture", matches = "true")
    void whatPacketsCarryIsKeptOfSocketsThatAreMarkedForIt() throws IOException {
        packets = cgroups();
        assertEquals(4, packetsThatAreRecorded(), "all packets are asked for");
    }

    /** Nobody has asked for packets but by the mark. */
    @Test
    void theMarkAloneBringsThePacketsOfItsSockets() throws IOException {
        assertEquals(2, packetsThatAreRecorded());
    }

    /** How many packets were seen; the contents of those that are marked for it are looked at. */
    private int packetsThatAreRecorded() throws IOException {
        String script = "python3 - <<'END'\nimport socket\nfor port, text in (54393, b'kept ' * 100), (54392, b'not kept'):\n"
                + "  to = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n  to.bind(('127.0.0.1', port))\n"
                + "  s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n  s.connect(('127.0.0.1', port))\n  s.send(text)\n"
                + "  s.send(text[:40])\n  to.recv(9999)\nEND";
        Policy policy = Policy.EVERYTHING.with(new Target.Address(InetAddress.getByName("127.0.0.1"), 32, 54393, true), Marks.RECORD);
        try (Recorded recorded = record(policy, script)) {
            List<String> contents = new java.util.ArrayList<>();
            GraphView view = recorded.view();
            recorded.objects().filter(object -> view.kind(object) == NodeKind.PACKET_CONTENT)
                    .forEach(object -> contents.add(new String(view.attributes(object).bytes(Attribute.VALUE))));
            assertEquals(List.of("kept ".repeat(100), "kept ".repeat(8)), contents);
            assertTrue(recorded.has(Relation.PACKET_CONTENT));
            return (int) recorded.objects().filter(object -> view.kind(object) == NodeKind.PACKET
                    && view.attributes(object).number(Attribute.SIZE, 0) > 0).count();
        }
    }
}
