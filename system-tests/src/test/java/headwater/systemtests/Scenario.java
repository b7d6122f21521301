// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertThrows;

import headwater.capture.FrontEnd;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One behaviour of the kernel, and what the record must say of it. The script runs under {@code sh -e} in a folder of its own,
 * which holds three files from before the capture: {@code source} (what the scenario moves), {@code other} (a second source) and
 * {@code decoy}, which an unrelated process copies to {@code decoy.out} meanwhile. Paths in expectations are relative to the
 * folder.
 */
final class Scenario {
    /** Looks at the record of one scenario; throws an {@link AssertionError} if it is not as it must be. */
    @FunctionalInterface
    interface Check {
        void in(RecordedGraph graph);
    }

    private record Expectation(String says, Check check, Map<FrontEnd, String> unseen) {
    }

    private final String name;
    private final String script;
    private final List<Expectation> expectations = new ArrayList<>();

    private Scenario(String name, String script) {
        this.name = name;
        this.script = script;
        expect("decoy.out comes from decoy", graph -> graph.assertFrom("decoy.out", "decoy"));
        notFrom("decoy.out", "source", "other");
    }

    static Scenario of(String name, String script) {
        return new Scenario(name, script);
    }

    String name() {
        return name;
    }

    String script() {
        return script;
    }

    /** Every one of {@code sources} is among the ancestors of {@code sink}, and the decoy is not. */
    Scenario from(String sink, String... sources) {
        for (String source : sources) {
            expect(sink + " comes from " + source, graph -> graph.assertFrom(sink, source));
        }
        return notFrom(sink, "decoy");
    }

    /** None of {@code others} is among the ancestors of {@code sink}. */
    Scenario notFrom(String sink, String... others) {
        for (String other : others) {
            expect(sink + " does not come from " + other, graph -> graph.assertNotFrom(sink, other));
        }
        return this;
    }

    Scenario expect(String says, Check check) {
        expectations.add(new Expectation(says, check, new EnumMap<>(FrontEnd.class)));
        return this;
    }

    /**
     * The expectation {@code says} is beyond {@code frontEnd}; that it is not met there is asserted too, so that this line
     * goes when the front-end learns to see it.
     *
     * @param reason for the coverage table
     */
    Scenario unseenBy(FrontEnd frontEnd, String says, String reason) {
        Expectation expectation = expectations.stream().filter(e -> e.says.equals(says)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such expectation: scenario=" + name + ", says=" + says));
        expectation.unseen.put(frontEnd, reason);
        return this;
    }

    /**
     * An expectation that was not met.
     *
     * @param saidComplete the record said that nothing was missed where it was looked at
     */
    record Failure(String says, AssertionError error, boolean saidComplete) {
    }

    /** What of the expectations {@code frontEnd}'s record does not meet. */
    List<Failure> failures(RecordedGraph graph, FrontEnd frontEnd) {
        List<Failure> failures = new ArrayList<>();
        for (Expectation expectation : expectations) {
            graph.forgetLastAnswer();
            try {
                judge(expectation, graph, frontEnd);
            } catch (AssertionError e) {
                failures.add(new Failure(expectation.says, e, graph.saysComplete()));
            }
        }
        return failures;
    }

    private static void judge(Expectation expectation, RecordedGraph graph, FrontEnd frontEnd) {
        String reason = expectation.unseen.get(frontEnd);
        if (reason == null) {
            expectation.check.in(graph);
        } else {
            assertThrows(AssertionError.class, () -> expectation.check.in(graph),
                    () -> "said to be beyond " + frontEnd.text() + " (" + reason + "), but it is seen: " + expectation.says);
        }
    }
}
