// SPDX-License-Identifier: Apache-2.0
package headwater.bench.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The judge: where what was measured is not what the file says. Both ways, as a figure that shrank is a gate that stands open. */
public final class CostGate {
    private CostGate() {
    }

    /**
     * A line for each figure that grew or shrank by more than its tolerance, that is new, or that is gone; none if all is as the file says.
     *
     * @param measured by series; only these kernels of the file are judged
     */
    public static List<String> judge(GateFile file, Map<String, Costs> measured) {
        List<String> findings = new ArrayList<>();
        measured.forEach((series, now) -> {
            Costs before = file.kernels().get(series);
            if (before == null) {
                findings.add("kernel " + series + ": not in the file");
                return;
            }
            int first = findings.size();
            judge(file, series, before, now, findings);
            if (findings.size() > first && !before.release().equals(now.release())) {
                findings.add("kernel " + series + ": the file is of " + before.release() + ", measured was " + now.release()
                        + ": what differs may be the kernel's");
            }
        });
        return findings;
    }

    private static void judge(GateFile file, String series, Costs before, Costs now, List<String> findings) {
        SortedSet<Item> items = new TreeSet<>(before.figures().keySet());
        items.addAll(now.figures().keySet());
        for (Item item : items) {
            Long was = before.figures().get(item);
            Long is = now.figures().get(item);
            String where = "kernel " + series + ": " + item;
            if (was == null) {
                findings.add(where + " is " + is + ", and not in the file");
            } else if (is == null) {
                findings.add(where + " is gone; in the file it is " + was);
            } else if (item.measure() != Measure.OFF) {
                long off = now.figures().getOrDefault(new Item(item.frontEnd(), item.name(), Measure.OFF), 0L);
                double limit = file.tolerance(item).of(was, off);
                if (Math.abs(is - was) > limit) {
                    findings.add(where + String.format(Locale.ROOT, " %s from %,d to %,d (%+,d%s, tolerated ±%,.0f)", is > was ? "grew" : "shrank",
                            was, is, is - was, was > 0 ? String.format(Locale.ROOT, ", ×%.2f", (double) is / was) : "", limit));
                }
            }
        }
    }

    /** What to say of findings, and what to do then. */
    public static String message(List<String> findings) {
        return "capture does not cost what dev/gate.tsv says, in " + findings.size() + " figures:\n  " + String.join("\n  ", findings)
                + "\nIf that is meant: dev/bench gate --write, and commit the file with the change.";
    }
}
