// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.FrontEnd;
import headwater.capture.Marks;
import headwater.capture.Policy;
import headwater.capture.Target;
import headwater.capture.kernel.KernelException;
import headwater.model.Attribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Targets that are security contexts. Needs two in which a process may be, so it is run where somebody has made them: the system property
 * {@code headwater.contexts} names both, {@code .enter} and {@code .become} what {@code /proc/self/attr} wants before a context.
 */
class ContextsInGuest extends SelectionRun {
    private static final List<String> CONTEXTS = List.of(System.getProperty("headwater.contexts").split(","));
    private static final String AT_EXEC = "printf '%s' '" + System.getProperty("headwater.contexts.enter");
    private static final String AT_ONCE = "printf '%s' '" + System.getProperty("headwater.contexts.become");

    private static Policy tracked(String context) {
        return Policy.TRACKED.with(new Target.SecurityContext(context), Marks.TRACK.tainted(TAINT));
    }

    /** The shell that enters a context was judged before, in another. */
    private static String entering(String context, String script) {
        return "sh -c '" + (AT_EXEC + context + "' >/proc/self/attr/exec; exec sh -c \"" + script + "\"").replace("'", "'\\''") + "'\n";
    }

    @Test
    void whoExecutesInAContextIsSelectedAndNobodyElse() throws IOException {
        // Each reads a file of its own: what one who is selected has opened is tracked, whoever reads it then.
        List<String> names = List.of("before", "first", "second", "after");
        for (String name : names) {
            Files.writeString(folder.resolve(name + ".in"), name);
        }
        String script = "cat before.in >before\n" + entering(CONTEXTS.get(0), "cat first.in >first")
                + entering(CONTEXTS.get(1), "cat second.in >second") + "cat after.in >after\n";
        for (int selected = 0; selected < 2; selected++) {
            Policy policy = tracked(CONTEXTS.get(selected));
            try (Recorded recorded = record(policy, script)) {
                for (String name : names) {
                    assertEquals(name.equals(selected == 0 ? "first" : "second"), recorded.isRecorded(name),
                            () -> name + " by " + policy + ": " + recorded);
                }
                assertTrue(recorded.objects().anyMatch(object -> recorded.view().attributes(object).number(Attribute.TAINT, 0) == TAINT));
            }
            forget();
        }
    }

    @Test
    void opaqueOnesAreLeftOut() throws IOException {
        Policy policy = Policy.EVERYTHING.with(new Target.SecurityContext(CONTEXTS.get(0)), Marks.OPAQUE);
        try (Recorded recorded = record(policy, entering(CONTEXTS.get(0), "cat source >first") + entering(CONTEXTS.get(1), "cat source >second"))) {
            assertFalse(recorded.isRecorded("first"));
            assertTrue(recorded.isRecorded("second"));
        }
    }

    /** By {@code trace} it is seen by what it forks and executes then. */
    @Test
    void whoChangesItsContextIsSelectedFromThenOn() throws IOException {
        String change = AT_ONCE + CONTEXTS.get(0) + "' >/proc/self/attr/current\n";
        try (Recorded recorded = record(tracked(CONTEXTS.get(0)), "cat source >before\n" + change + "read -r line <source; echo $line >own\n"
                + "cat source >child")) {
            assertFalse(recorded.isRecorded("before"));
            assertTrue(recorded.isRecorded("child"));
            assertEquals(TestedFrontEnd.get() != FrontEnd.TRACE, recorded.isRecorded("own"));
        }
    }

    @Test
    void whoeverIsInAContextWhenThePolicyChangesIsSelected() throws IOException {
        String script = entering(CONTEXTS.get(0), "cat source >before; : >now; while [ ! -e go ]; do sleep 0.05; done; cat source >after");
        try (Recorded recorded = record(Policy.TRACKED, script, recording -> { },
                recording -> recording.policy(tracked(CONTEXTS.get(0))))) {
            assertFalse(recorded.isRecorded("before"));
            assertTrue(recorded.isRecorded("after"));
        }
    }

    /** SELinux knows its contexts; a profile of AppArmor may be loaded later. */
    @Test
    void aContextThatIsNoneIsRefused() throws IOException {
        Policy policy = tracked("system_u:system_r:nobody_t");
        if (Files.exists(Path.of("/sys/fs/selinux/enforce"))) {
            String message = assertThrows(KernelException.class, () -> record(policy, ":")).getMessage();
            assertTrue(message.contains("system_u:system_r:nobody_t"), message);
        } else {
            try (Recorded recorded = record(policy, "cat source >inside")) {
                assertFalse(recorded.isRecorded("inside"));
            }
        }
    }
}
