// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Gap;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was lost on one CPU, for one cause, in one interval: a line for people. */
public final class GapLine {
    private final Gap first;
    private final Map<Gap.Kind, Long> counts = new EnumMap<>(Gap.Kind.class);

    private GapLine(Gap first) {
        this.first = first;
    }

    /** The gaps as lines, in their order; those that differ in kind and count only are one. */
    public static List<GapLine> of(List<Gap> gaps) {
        Map<Gap, GapLine> lines = new LinkedHashMap<>();
        for (Gap gap : gaps) {
            Gap alike = new Gap(gap.cause(), gap.cpu(), gap.fromNs(), gap.toNs(), 0);
            lines.computeIfAbsent(alike, key -> new GapLine(gap)).counts.merge(gap.kind(), gap.count(), Long::sum);
        }
        return new ArrayList<>(lines.values());
    }

    /** Such as {@code the ring was full: 12 records (reads and writes) on CPU 1, TIME to TIME}. */
    public String text() {
        long count = counts.values().stream().mapToLong(Long::longValue).sum();
        StringBuilder text = new StringBuilder(first.cause().text()).append(": ")
                .append(count == 0 ? "an unknown number of records" : TextEnding.count(count, "record"));
        if (counts.size() > 1 || !counts.containsKey(Gap.Kind.ANY)) {
            List<String> kinds = new ArrayList<>();
            counts.forEach((kind, number) -> kinds.add(kind.text() + (counts.size() > 1 ? " " + number : "")));
            text.append(" (").append(String.join(", ", kinds)).append(')');
        }
        text.append(first.cpu() < 0 ? "" : " on CPU " + first.cpu());
        return text.append(", ").append(TextEnding.time(first.fromNs())).append(" to ").append(TextEnding.time(first.toNs()))
                .toString();
    }
}
