// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import headwater.capture.FrontEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * {@code docs/front-ends.md}: where lsm and trace say different things of the same programs, recorded at the same time. Each
 * difference has a reason; {@code BothFrontEndsTest} holds that there is no other, and that each of these is there.
 */
final class FrontEndDifferences {
    /**
     * One ancestor that only one of the two gives to something.
     *
     * @param by the front-end that has it
     * @param made what it is an ancestor of, as {@link Ancestry} names it
     * @param ancestor empty if only {@code by} has {@code made} at all
     */
    record Difference(FrontEnd by, String made, String ancestor) {
        /** The scenario or workload in whose folder {@code made} lies; empty if it lies in none. */
        String folder() {
            int slash = made.indexOf('/');
            return made.startsWith("file ") && slash > 0 ? made.substring("file ".length(), slash) : "";
        }

        @Override
        public String toString() {
            return by.text() + " only: " + made + (ancestor.isEmpty() ? "" : " <- " + ancestor);
        }
    }

    /**
     * A reason for differences.
     *
     * @param spot the blind spot that it is, null if it is none
     */
    record Reason(String what, FrontEnd by, BlindSpot spot, String why, Predicate<Difference> covers) {
        boolean covers(Difference difference) {
            return difference.by == by && covers.test(difference);
        }
    }

    static final List<Reason> REASONS = reasons();

    private FrontEndDifferences() {
    }

    private static List<Reason> reasons() {
        return List.of();
    }

    /** What one of the two says and the other does not. */
    static List<Difference> between(Map<String, Set<String>> lsm, Map<String, Set<String>> trace) {
        List<Difference> differences = new ArrayList<>();
        onlyIn(FrontEnd.LSM, lsm, trace, differences);
        onlyIn(FrontEnd.TRACE, trace, lsm, differences);
        return differences;
    }

    private static void onlyIn(FrontEnd by, Map<String, Set<String>> its, Map<String, Set<String>> others,
            List<Difference> differences) {
        its.forEach((made, ancestors) -> {
            if (!others.containsKey(made)) {
                differences.add(new Difference(by, made, ""));
                return;
            }
            Set<String> more = new TreeSet<>(ancestors);
            more.removeAll(others.get(made));
            more.forEach(ancestor -> differences.add(new Difference(by, made, ancestor)));
        });
    }

    static Optional<Reason> reasonOf(Difference difference) {
        return REASONS.stream().filter(reason -> reason.covers(difference)).findFirst();
    }

    /** The whole page. */
    static String page() {
        StringBuilder page = new StringBuilder("""
                # The two front-ends, on the same programs

                <!-- Written by dev/coverage from FrontEndDifferences of system-tests: do not edit. -->

                All scenarios of [coverage](coverage.md), the workloads of [false dependencies](false-dependencies.md), a build with make, a Python
                program with threads and a data base, and nginx under load are run in one guest (6.12) while two daemons record it, one by
                `lsm` and one by `trace`. Then every file, pipe and socket that was made or written to must have the same
                ancestors in both records: files by inode and path, pipes and sockets by inode, programs by process and path. What differs is
                in this table, with its reason; the test fails on any other difference, and on a row that shows none.

                | what differs | only in | why |
                |---|---|---|
                """);
        for (Reason reason : REASONS) {
            page.append("| ").append(reason.what()).append(" | ").append(reason.by().text()).append(" | ")
                    .append(reason.spot() == null ? "" : "blind spot: " + reason.spot().text() + ". ").append(reason.why()).append(" |\n");
        }
        return page.toString();
    }
}
