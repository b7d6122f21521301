// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertThrows;

import headwater.capture.BlindSpot;
import headwater.capture.FrontEnd;
import headwater.model.Relation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One channel, or one behaviour of the kernel, and what the record must say of it: a row of the coverage table. The script runs
 * under {@code sh -e} in a folder of its own, which holds three files from before the capture: {@code source} (what the scenario
 * moves), {@code other} (a second source) and {@code decoy}, which an unrelated process copies to {@code decoy.out} meanwhile.
 * Paths in expectations are relative to the folder. A script that ends with {@link #NOT_HERE} says that the kernel lacks what it
 * needs; the last line of what it said is the reason.
 */
final class Scenario {
    /** The status of a script, and of a tester, whose kernel lacks what it needs. */
    static final int NOT_HERE = 77;

    /** Looks at the record of one scenario; throws an {@link AssertionError} if it is not as it must be. */
    @FunctionalInterface
    interface Check {
        void in(RecordedGraph graph);
    }

    /**
     * @param positive something must be seen, rather than not be said
     * @param unseen by which front-ends it is not, and why
     * @param unseenOn the same, of one kernel only
     */
    private record Expectation(String says, boolean positive, Check check, Map<FrontEnd, BlindSpot> unseen,
            Map<Kernel, Map<FrontEnd, BlindSpot>> unseenOn) {
        Expectation(String says, boolean positive, Check check) {
            this(says, positive, check, new EnumMap<>(FrontEnd.class), new EnumMap<>(Kernel.class));
        }

        /** Why the front-end does not see it on this kernel, null if it must. */
        BlindSpot spot(FrontEnd frontEnd, Kernel kernel) {
            BlindSpot here = kernel == null ? null : unseenOn.getOrDefault(kernel, Map.of()).get(frontEnd);
            return here == null ? unseen.get(frontEnd) : here;
        }
    }

    private final String name;
    private final String channel;
    private final String description;
    private final String script;
    private final List<Expectation> expectations = new ArrayList<>();
    private final Map<Kernel, String> lacking = new EnumMap<>(Kernel.class);
    private boolean onRequest;

    private Scenario(String name, String channel, String description, String script) {
        this.name = name;
        this.channel = channel;
        this.description = description;
        this.script = script;
        expectations.add(new Expectation("decoy.out comes from decoy", false, graph -> graph.assertFrom("decoy.out", "decoy")));
        notFrom("decoy.out", "source", "other");
    }

    /**
     * @param name of its folder, and of its test
     * @param channel in a reader's words, such as {@code pwritev2(2)}
     * @param description one line: what goes where, without a full stop
     */
    static Scenario of(String name, String channel, String description, String script) {
        if (!name.matches("[a-zA-Z0-9_-]+") || channel.isBlank() || description.isBlank()
                || (channel + description).matches("(?s).*[|\n].*")) {
            throw new IllegalArgumentException("no row of a table: name=" + name + ", channel=" + channel
                    + ", description=" + description);
        }
        return new Scenario(name, channel, description, script);
    }

    String name() {
        return name;
    }

    String channel() {
        return channel;
    }

    String description() {
        return description;
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
            never(sink + " does not come from " + other, graph -> graph.assertNotFrom(sink, other));
        }
        return this;
    }

    /** Something of {@code source} was told to {@code sink} by a relation that answers go along only if they are asked to. */
    Scenario told(String sink, String source, Relation by) {
        onRequest = true;
        expect(sink + " is told of " + source, graph -> graph.assertToldOf(sink, source, by));
        return notFrom(sink, source, "decoy");
    }

    /** True if an answer must be asked to go along what the scenario shows. */
    boolean onRequest() {
        return onRequest;
    }

    Scenario expect(String says, Check check) {
        expectations.add(new Expectation(says, true, check));
        return this;
    }

    /** What the record must not say, by whichever front-end it was made. */
    Scenario never(String says, Check check) {
        expectations.add(new Expectation(says, false, check));
        return this;
    }

    /**
     * The channel lies in a blind spot: each front-end that has it does not see what {@code says} name, or, if none is named,
     * nothing that {@link #from} and {@link #expect} ask for. That it is not seen is asserted too, so that the spot goes
     * when the front-end learns to see it. Comes after the expectations.
     */
    Scenario unseen(BlindSpot spot, String... says) {
        for (FrontEnd frontEnd : FrontEnd.values()) {
            if (frontEnd.blindSpots().contains(spot)) {
                unseenBy(frontEnd, spot, says);
            }
        }
        return this;
    }

    /** As {@link #unseen}, where only one of the front-ends that have the spot fails to see this channel. */
    Scenario unseenBy(FrontEnd frontEnd, BlindSpot spot, String... says) {
        if (!frontEnd.blindSpots().contains(spot)) {
            throw new IllegalArgumentException("not among what doctor says: scenario=" + name + ", front-end=" + frontEnd.text()
                    + ", blind spot=" + spot + "; see BlindSpot");
        }
        chosen(says).forEach(expectation -> expectation.unseen.put(frontEnd, spot));
        return this;
    }

    /** As {@link #unseen}, on one kernel only, which lacks what the front-end sees by. */
    Scenario unseenOn(Kernel kernel, BlindSpot spot, String... says) {
        for (FrontEnd frontEnd : FrontEnd.values()) {
            if (frontEnd.blindSpots().contains(spot)) {
                chosen(says).forEach(e -> e.unseenOn.computeIfAbsent(kernel, k -> new EnumMap<>(FrontEnd.class))
                        .put(frontEnd, spot));
            }
        }
        return this;
    }

    private List<Expectation> chosen(String... says) {
        Set<String> named = Set.of(says);
        List<Expectation> chosen = expectations.stream().filter(Expectation::positive)
                .filter(e -> named.isEmpty() || named.contains(e.says)).toList();
        if (chosen.isEmpty() || chosen.size() < named.size()) {
            throw new IllegalArgumentException("no such expectation: scenario=" + name + ", says=" + named);
        }
        return chosen;
    }

    /** On which kernels only the front-end does not see all of it, and why. */
    Map<Kernel, BlindSpot> unseenOn(FrontEnd frontEnd) {
        Map<Kernel, BlindSpot> kernels = new EnumMap<>(Kernel.class);
        expectations.forEach(e -> e.unseenOn.forEach((kernel, spots) -> {
            if (spots.containsKey(frontEnd)) {
                kernels.put(kernel, spots.get(frontEnd));
            }
        }));
        return kernels;
    }

    /**
     * The stock kernel lacks what the scenario needs; that its script says so with {@link #NOT_HERE} is asserted. Elsewhere than
     * in stock kernels a script may say so without being announced: that is reported, and no pass.
     *
     * @param reason for the coverage table, in a few words
     */
    Scenario notOn(Kernel kernel, String reason) {
        lacking.put(kernel, reason);
        return this;
    }

    /** Where the scenario cannot be, and why; the kernels that are tested everywhere. */
    Map<Kernel, String> lacking() {
        return lacking;
    }

    /** True if some stock kernel has what the scenario needs. */
    boolean somewhere() {
        return lacking.size() < Kernel.values().length;
    }

    /** What the front-end does not see of what must be seen, and why; in the order of the expectations. */
    List<Map.Entry<String, BlindSpot>> unseenBy(FrontEnd frontEnd) {
        return expectations.stream().filter(e -> e.unseen.containsKey(frontEnd))
                .map(e -> Map.entry(e.says, e.unseen.get(frontEnd))).toList();
    }

    /** True if nothing that must be seen is seen by the front-end. */
    boolean allUnseenBy(FrontEnd frontEnd) {
        return expectations.stream().filter(Expectation::positive).allMatch(e -> e.unseen.containsKey(frontEnd));
    }

    /** The blind spots that the scenario shows. */
    Set<BlindSpot> shows(FrontEnd frontEnd) {
        Set<BlindSpot> shown = EnumSet.noneOf(BlindSpot.class);
        unseenBy(frontEnd).forEach(entry -> shown.add(entry.getValue()));
        shown.addAll(unseenOn(frontEnd).values());
        return shown;
    }

    /**
     * An expectation that was not met.
     *
     * @param saidComplete the record said that nothing was missed where it was looked at
     */
    record Failure(String says, AssertionError error, boolean saidComplete) {
    }

    /**
     * What of the expectations {@code frontEnd}'s record does not meet.
     *
     * @param kernel null if it is the machine's own
     */
    List<Failure> failures(RecordedGraph graph, FrontEnd frontEnd, Kernel kernel) {
        List<Failure> failures = new ArrayList<>();
        for (Expectation expectation : expectations) {
            graph.forgetLastAnswer();
            try {
                judge(expectation, graph, frontEnd, kernel);
            } catch (AssertionError e) {
                failures.add(new Failure(expectation.says, e, graph.saysComplete()));
            }
        }
        return failures;
    }

    /**
     * Asserts all that is expected of {@code frontEnd}'s record.
     *
     * @param kernel null if it is the machine's own
     */
    void verify(RecordedGraph graph, FrontEnd frontEnd, Kernel kernel) {
        assertAll(name, failures(graph, frontEnd, kernel).stream().map(failure -> () -> {
            throw failure.error();
        }));
    }

    /** As {@link #verify}, of the one expectation {@code says}. */
    void judgeOnly(String says, RecordedGraph graph, FrontEnd frontEnd) {
        expectations.stream().filter(e -> e.says.equals(says)).forEach(e -> judge(e, graph, frontEnd, null));
    }

    private static void judge(Expectation expectation, RecordedGraph graph, FrontEnd frontEnd, Kernel kernel) {
        BlindSpot spot = expectation.spot(frontEnd, kernel);
        if (spot == null) {
            expectation.check.in(graph);
            return;
        }
        assertThrows(AssertionError.class, () -> expectation.check.in(graph),
                () -> "said to be beyond " + frontEnd.text() + " (" + spot + ": " + spot.text() + "), but it is seen: "
                        + expectation.says + "; take it out of BlindSpot, or out of the scenario, and run dev/coverage");
    }
}
