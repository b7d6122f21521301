// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.config.Nearest;
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
            new Entry("reload", "let the daemon read its configuration again", ReloadVerb::new),
            new Entry("disclose", "tell what a command does inside, as it is recorded", DiscloseVerb::new),
            new Entry("ancestors", "what WHAT came from", AncestorsVerb::new),
            new Entry("descendants", "what came of WHAT", DescendantsVerb::new),
            new Entry("explain", "the shortest causal path from A to B", ExplainVerb::new),
            new Entry("report", "the files and remote addresses that WHAT's data reached", ReportVerb::new),
            new Entry("lines", "lines of logs, with their processes and what these had read for them", LinesVerb::new),
            new Entry("query", "a question in the query language", QueryVerb::new),
            new Entry("runs", "the recordings of the store", RunsVerb::new),
            new Entry("diff", "what one run read and did that another did not", DiffVerb::new),
            new Entry("export", "the whole store in an exchange format", ExportVerb::new),
            new Entry("record-to", "keep the whole store in a database, a broker or files", RecordToVerb::new),
            new Entry("import", "read evidence of other recorders into the store", ImportVerb::new),
            new Entry("verify", "whether a store is whole, unchanged and signed", VerifyVerb::new),
            new Entry("retain", "drop the oldest part of a store, under a signed statement", RetainVerb::new),
            new Entry("anchor", "one line to keep elsewhere, that shows later whether the store was cut or put back", AnchorVerb::new),
            new Entry("key", "the keys that sign the store: show, export, rotate", KeyVerb::new),
            new Entry("config", "check a camflow.ini or camflowd.ini, or show what it says", ConfigVerb::new));

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
        return Nearest.of(typed, ALL.stream().map(Entry::name).toList()).map(Verbs::named).orElse(null);
    }
}
