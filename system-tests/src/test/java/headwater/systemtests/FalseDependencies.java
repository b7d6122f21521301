// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** {@code docs/false-dependencies.md}: how many of the files that a result is said to come from it does not come from. */
final class FalseDependencies {
    private FalseDependencies() {
    }

    /** Asserts that the record joins to each result what is declared: nothing that is true is missed, and nothing else is said. */
    static void verify(Workload workload, RecordedGraph graph) {
        Map<String, Set<String>> said = new LinkedHashMap<>();
        for (String sink : workload.truth().keySet()) {
            Set<Long> ancestors = graph.objects(graph.ancestors(sink));
            Set<String> sources = new LinkedHashSet<>();
            for (String source : workload.sources()) {
                if (graph.objects(source).stream().anyMatch(ancestors::contains)) {
                    sources.add(source);
                }
            }
            said.put(sink, sources);
        }
        assertEquals(workload.declared(), said, () -> "what each result of " + workload.name()
                + " is said to come from; if that is right, declare it in Workloads and run dev/coverage");
    }

    /** The whole page. */
    static String page() {
        StringBuilder page = new StringBuilder("""
                # False dependencies

                <!-- Written by dev/coverage from the workloads of system-tests: do not edit. -->

                A record made at the kernel says of a result that it comes from all that the process held which wrote it. Here is how many
                files too many that makes. Of each workload it is known from which of its files each result truly comes; the record is
                asked for all pairs of a result and a file, and must say exactly what is counted here: by `trace` on the machine's own kernel,
                and by `lsm` and `trace` at once in a stock kernel 6.12. All say the same. Nothing that is true is missed.

                | workload | results | true | false | joined beside the true ones | whose |
                |---|---|---|---|---|---|
                """);
        long truths = 0;
        long wrong = 0;
        long ours = 0;
        for (Workload workload : Workloads.KNOWN) {
            truths += workload.trueCount();
            wrong += workload.falseCount();
            ours += workload.needlessCount();
            page.append("| ").append(workload.title().replace("|", "\\|")).append(" | ").append(workload.truth().size()).append(" | ")
                    .append(workload.trueCount()).append(" | ").append(workload.falseCount()).append(" | ")
                    .append(workload.joined().text()).append(workload.reason().isEmpty() ? "" : ": " + workload.reason())
                    .append(" | ").append(whose(workload.falseCount(), workload.needlessCount())).append(" |\n");
        }
        page.append("| **sum** | | ").append(truths).append(" | ").append(wrong).append(" | | ").append(whose(wrong, ours))
                .append(" |\n");
        return page.append("""

                *Inherent* in watching at the kernel: the bytes were in one memory, or in one pipe or archive, and which of them the process
                put out no hook can tell. *Ours*: the kernel knows better, and the record does not say so.

                ## What is not counted as a dependency

                - **An open for reading** brings no bytes. What is then read or mapped is a flow of its own. Were opens followed, a program that
                  opens all its inputs first would join them, and so would a shell that opens them in a child of vfork, which is its own
                  memory: 56 and 28 false ones in the rows above that have 0.
                - **An accept** brings no bytes either, though the client may have sent by then: 28 in the row of the server with a process
                  for each request.
                - `--through open,accept` follows both, for who asks what a process could have read: by a way that the front-end does not see.
                - In the kernel an open still gives the process a new state. Without that these workloads make 8,471 records in place of
                  8,472 (1,638 of them opens), so nothing is won by it; and with `--through open` answers would no longer be exact.
                - A file that was open when the capture began is taken to have been read: what was done before nobody saw.

                ## What could be told better

                **A file that is emptied** by `O_TRUNC` or truncate(2) comes from nothing that was in it before, but the record goes on. To cut
                there would lose paths in a race. A write is reported before its bytes are in the file (rule 3 of [the flow core](flow-core.md)):
                one that was reported before the cut may put its bytes there after it. A read is reported after its bytes were taken: one that
                took them before the cut may be reported after it. The cut is safe only if nobody else has the file open (one user of
                the dentry, one dentry of the inode), both just before the kernel empties the file and just after, and if no flow into
                the file was recorded between the two. That takes a hook at each of these points; `trace` has only the second. Programs that write
                a new file and rename it over the old are not concerned.

                ## What is told

                **A copy inside the kernel** (copy_file_range, sendfile, splice, tee, a clone) goes from file to file: the process at whose word it
                is made gets none of the bytes, and what it holds does not go with them. Drawn through its memory, as a read and a
                write, `cp` of many files would join each to all before it: 28 false ones in its row, and 28 more in that of sendfile(2). Which
                file it chose, and where in it, is the process's own part; no flow says so, but the edge names who acted.
                """).toString();
    }

    private static String whose(long wrong, long ours) {
        if (wrong == 0) {
            return "";
        }
        return ours == 0 ? "inherent" : ours == wrong ? "ours" : wrong - ours + " inherent, " + ours + " ours";
    }
}
