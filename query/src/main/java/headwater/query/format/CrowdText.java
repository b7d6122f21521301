// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.NodeKind;
import headwater.query.Answer;
import headwater.query.Crowd;
import headwater.query.Folders;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The first lines of an answer that is larger than anybody reads: what it consists of. What is nearest to the start follows. */
final class CrowdText {
    private static final int GROUPS = 12;

    private final Answer answer;

    CrowdText(Answer answer) {
        this.answer = answer;
    }

    void write(StringBuilder text) {
        Crowd crowd = Crowd.of(answer);
        long objects = crowd.kinds().values().stream().mapToLong(Long::longValue).sum();
        text.append("A large answer: ").append(number(objects)).append(" objects in ").append(number(answer.nodeCount()))
                .append(" versions. All of it: --json. Less of it: --depth, --since, --where, --follow.\n");
        text.append("\nBy kind\n");
        crowd.kinds().entrySet().stream().sorted(Map.Entry.<NodeKind, Long>comparingByValue().reversed())
                .forEach(entry -> line(text, entry.getValue(), entry.getKey().text()));
        if (!crowd.folders().isEmpty()) {
            text.append("\nFiles by folder\n");
            for (Folders.Group group : crowd.folders().groups(GROUPS)) {
                line(text, group.count(), group.folder());
            }
        }
        programs(text, crowd);
        text.append("\nThe ").append(number(answer.nodes().length)).append(" versions nearest to the start:\n");
    }

    private static void programs(StringBuilder text, Crowd crowd) {
        if (crowd.programs().isEmpty()) {
            return;
        }
        text.append("\nProcesses by program\n");
        List<Map.Entry<String, Long>> sorted = crowd.programs().entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Long> e) -> -e.getValue()).thenComparing(Map.Entry::getKey)).toList();
        sorted.stream().limit(GROUPS).forEach(entry -> line(text, entry.getValue(), entry.getKey()));
        long rest = sorted.stream().skip(GROUPS).mapToLong(Map.Entry::getValue).sum();
        if (rest > 0) {
            line(text, rest, "of " + (sorted.size() - GROUPS) + " other programs");
        }
    }

    private static void line(StringBuilder text, long count, String what) {
        text.append(String.format("  %,12d  %s%n", count, what));
    }

    static String number(long number) {
        return String.format("%,d", number);
    }
}
