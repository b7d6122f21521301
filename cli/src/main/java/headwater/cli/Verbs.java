// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import java.util.List;
import java.util.function.Supplier;

/** All verbs, in the order in which {@code help} shows them. A new one is a class and a line here. */
final class Verbs {
    /**
     * @param summary one line, no full stop
     * @param verb makes it; called only for the verb that was asked for, which keeps the start short
     */
    record Entry(String name, String summary, Supplier<Verb> verb) {
    }

    static final List<Entry> ALL = List.of(
            new Entry("doctor", "what this kernel can capture, and what to install", DoctorVerb::new),
            new Entry("run", "run a command and record its whole process tree", RunVerb::new),
            new Entry("start", "record the whole system, in the background", StartVerb::new),
            new Entry("stop", "end the recording of the whole system", StopVerb::new),
            new Entry("status", "whether the whole system is being recorded, and how it goes", StatusVerb::new),
            new Entry("disclose", "tell what a command does inside, as it is recorded", DiscloseVerb::new),
            new Entry("ancestors", "what WHAT came from", AncestorsVerb::new),
            new Entry("descendants", "what came of WHAT", DescendantsVerb::new),
            new Entry("explain", "the shortest causal path from A to B", ExplainVerb::new),
            new Entry("report", "the files and remote addresses that WHAT's data reached", ReportVerb::new),
            new Entry("export", "the whole store in an exchange format", ExportVerb::new));

    private Verbs() {
    }

    /** The verb named {@code name}, or null. */
    static Entry named(String name) {
        for (Entry entry : ALL) {
            if (entry.name().equals(name)) {
                return entry;
            }
        }
        return null;
    }

    /** The verb that {@code typed} was perhaps meant to be, or null. */
    static Entry like(String typed) {
        Entry best = null;
        int bestDistance = Math.max(1, typed.length() / 3) + 1;
        for (Entry entry : ALL) {
            int distance = entry.name().startsWith(typed) && typed.length() > 2 ? 0 : distance(typed, entry.name());
            if (distance < bestDistance) {
                best = entry;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
