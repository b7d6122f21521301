// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.BlindSpot;
import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** What one process leaves with the kernel and another takes from it, in neither a file nor a socket. */
final class KernelChannels {
    private KernelChannels() {
    }

    static List<Scenario> all() {
        return Stream.of(queues(), anonymousFiles(), keysAndMaps(), settings()).flatMap(List::stream).toList();
    }

    private static List<Scenario> queues() {
        return List.of(
                kept("queue-blocked", "msgsnd(2), msgrcv(2), a receiver that waits", "the sender hands the message over itself"),
                apart("queues-apart", "msgsnd(2), msgrcv(2), two queues", "each has its own messages only"),
                kept("posix-queue-blocked", "mq_send(3), mq_receive(3), a receiver that waits", "asleep in mq_receive(3)"),
                kept("semaphore-value", "semctl(2)", "SETVAL, then GETVAL"),
                kept("semaphore-wait", "semop(2)", "that the other could go on is the message"));
    }

    private static List<Scenario> anonymousFiles() {
        return List.of(
                kept("event", "eventfd(2)", "a number, to a reader that waits"),
                apart("anonymous-apart", "eventfd(2), timerfd_create(2)", "three open files of one inode are not one object")
                        .notFrom("third", "source", "other"),
                apart("anonymous-again", "eventfd(2), one after another", "the second is where the first was"),
                kept("timer-setting", "timerfd_settime(2), timerfd_gettime(2)", "the interval of a shared timer is the message")
                        .unseen(BlindSpot.EVENT_SETTINGS));
    }

    private static List<Scenario> keysAndMaps() {
        return List.of(
                Scenario.of("key", "add_key(2), keyctl(2)", "a child changes a key, its parent reads it",
                        "memory key source sink\n").from("sink", "source"),
                kept("key-found", "add_key(2), KEYCTL_SEARCH", "added by one process, found by name and read by another"),
                apart("keys-apart", "add_key(2), two keys of one ring", "each has its own bytes only"),
                kept("map-element", "bpf(2), BPF_MAP_UPDATE_ELEM", "an element of an array, then looked up"),
                kept("map-batches", "bpf(2), BPF_MAP_UPDATE_BATCH", "of a map that each opens by its id"),
                kept("map-mapped", "mmap(2) of a BPF map", "stored by one process, loaded by another"),
                apart("maps-apart", "bpf(2), two maps", "each has its own elements only")
                        .expect("no map is of another's making", KernelChannels::assertOnlyTestersMaps));
    }

    private static List<Scenario> settings() {
        return List.of(
                kept("log-by-call", "/dev/kmsg, syslog(2)", "a line of the kernel's log"),
                kept("log-by-device", "/dev/kmsg", "written by one process, read by another"),
                kept("host-name", "sethostname(2), uname(2)", "in a UTS namespace of its own"),
                Scenario.of("sysctl", "/proc/sys", "a setting that one process makes and another reads", """
                        unshare -u sh -c 'cat source >/proc/sys/kernel/domainname; cat /proc/sys/kernel/domainname >sink'
                        """).from("sink", "source"),
                Scenario.of("mount", "mount(2), umount2(2)", "a folder that shows under another, in a mount namespace of its own", """
                        mkdir from there
                        cp source from/inside
                        unshare -m sh -c 'mount --bind "$PWD/from" "$PWD/there"; cat there/inside >sink; umount "$PWD/there"'
                        """).from("sink", "source")
                        .expect("the mounting is recorded", graph -> graph.assertRelation("there", Relation.MOUNT)));
    }

    /** Headwater works with BPF maps itself, and must not record that it does. */
    private static void assertOnlyTestersMaps(RecordedGraph graph) {
        GraphView view = graph.view();
        int[] writes = {0};
        for (long node = 0; node < view.nodes(); node++) {
            if (view.kind(view.object(node)) == NodeKind.BPF_MAP) {
                view.causes(node, (edge, relation, other, timeNs) -> {
                    assertOfTester(view, relation, view.object(other));
                    writes[0] += relation == Relation.WRITE ? 1 : 0;
                    return true;
                });
            }
        }
        assertTrue(writes[0] >= 2, "maps were written: " + writes[0]);
    }

    private static void assertOfTester(GraphView view, Relation relation, long object) {
        if (view.kind(object) == NodeKind.TASK) {
            String command = new String(view.attributes(object).bytes(Attribute.COMMAND), StandardCharsets.ISO_8859_1);
            assertTrue(command.equals("kept") || command.equals("compose"), () -> "a BPF map's " + relation.text() + " is by " + command);
        }
    }

    /** One child leaves it, another takes it. */
    private static Scenario kept(String mode, String channel, String description) {
        return Scenario.of(mode, channel, description, "kept " + mode + " source sink\n").from("sink", "source")
                .notFrom("sink", "other");
    }

    /** The same twice at once, through two of a kind. */
    private static Scenario apart(String mode, String channel, String description) {
        return Scenario.of(mode, channel, description, "kept " + mode + " source sink other second\n").from("sink", "source")
                .notFrom("sink", "other").from("second", "other").notFrom("second", "source");
    }
}
