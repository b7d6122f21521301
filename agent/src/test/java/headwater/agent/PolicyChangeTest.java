// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.Filter;
import headwater.capture.Mark;
import headwater.capture.Marks;
import headwater.capture.Policy;
import headwater.capture.Target;
import headwater.model.Relation;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A policy, and marks of processes, that change while the capture runs. */
class PolicyChangeTest extends SelectionRun {
    @Test
    void aPolicyChangesWhileTheCaptureRuns() throws IOException {
        String script = "cat source >before\n: >now\nwhile [ ! -e go ]; do sleep 0.05; done\ncat source >after";
        long[] took = new long[1];
        try (Recorded recorded = record(Policy.TRACKED, script, recording -> { }, recording -> {
            long start = System.nanoTime();
            recording.policy(Policy.EVERYTHING);
            took[0] = System.nanoTime() - start;
        })) {
            assertTrue(recorded.isRecorded("after"));
            assertFalse(recorded.isRecorded("before"));
            assertTrue(took[0] < 1_000_000_000L, "took ns=" + took[0]);
            System.out.println("PolicyChangeTest: policy changed in ms=" + took[0] / 1_000_000);
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
            assertTrue(recorded.isRecorded("after"));
            assertFalse(recorded.isRecorded("before"));
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
            assertTrue(recorded.records() > 0);
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
            System.out.println("PolicyChangeTest: changes=" + changes[0] + ", slowest us=" + slowest[0] / 1000);
            assertTrue(changes[0] > 10, "changes=" + changes[0]);
            assertTrue(slowest[0] < 1_000_000_000L, "slowest ns=" + slowest[0]);
            for (int i = 0; i < files; i++) {
                long[] objects = recorded.named("made" + i);
                assertEquals(1, objects.length, "made" + i);
                assertTrue(recorded.isEffect(objects[0], Relation.INODE_CREATE), "made" + i);
            }
        }
    }
}
