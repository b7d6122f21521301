// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.query.Answer;
import headwater.query.CausalPaths;
import headwater.query.Explain;
import headwater.query.Flow;
import headwater.query.Labels;
import headwater.query.NodeFilter;
import headwater.query.Start;
import java.util.List;
import java.util.function.LongPredicate;

/** A path, one line for each step, in order of time. */
final class ExplainText {
    private static final int MAX_LABEL = 60;

    private final Answer answer;

    ExplainText(Answer answer) {
        this.answer = answer;
    }

    void write(StringBuilder text) {
        Start cause = answer.starts().getFirst();
        Start effect = answer.starts().getLast();
        if (answer.flows().isEmpty()) {
            text.append("No path joins ").append(cause.title()).append(" and ").append(effect.title()).append(".\n\n");
            return;
        }
        text.append(cause.title()).append(" → ").append(effect.title()).append(", ")
                .append(answer.paths().isEmpty() ? TextEnding.count(answer.flows().size(), "step")
                        : TextEnding.count(answer.paths().size(), "path")).append("\n\n");
        Labels labels = new Labels(answer.view());
        if (answer.paths().isEmpty()) {
            steps(text, labels, answer.flows());
        }
        for (int i = 0; i < answer.paths().size(); i++) {
            List<Flow> path = answer.paths().get(i);
            int steps = CausalPaths.steps(path);
            text.append(i + 1).append(". ").append(steps).append(steps == 1 ? " flow, " : " flows, ")
                    .append(duration(path.getLast().timeNs() - path.getFirst().timeNs())).append('\n');
            steps(text, labels, path);
            text.append('\n');
        }
        text.append(answer.paths().isEmpty() ? "\n" : "");
    }

    private static String duration(long ns) {
        return ns < 1_000_000_000L ? String.format("%.1f ms", ns / 1e6) : String.format("%.1f s", ns / 1e9);
    }

    private void steps(StringBuilder text, Labels labels, List<Flow> flows) {
        NodeFilter where = answer.question().limits().where();
        LongPredicate shown = where == null ? node -> true : where.on(answer.view());
        int hidden = 0;
        for (int i = 0; i < flows.size(); i++) {
            Flow flow = flows.get(i);
            if (flow.relation().isVersion() && i + 1 < flows.size() && flows.get(i + 1).relation().isVersion()
                    && flows.get(i + 1).cause() == flow.effect()) {
                // Of many versions in a row the last says enough: a process may have 100,000.
                continue;
            }
            if (!shown.test(flow.cause()) && !shown.test(flow.effect())) {
                hidden++;
                continue;
            }
            text.append("  ").append(TextEnding.time(flow.timeNs())).append("  ").append(label(labels, flow.cause()));
            if (flow.relation().isVersion()) {
                text.append("  became version ").append(answer.view().version(flow.effect())).append('\n');
            } else {
                text.append("  ─ ").append(Explain.step(flow.relation())).append(" →  ")
                        .append(label(labels, flow.effect())).append('\n');
            }
        }
        if (hidden > 0) {
            text.append("  … ").append(TextEnding.count(hidden, "step")).append(" not shown (--where, --kind, --path)\n");
        }
    }

    private String label(Labels labels, long node) {
        long object = answer.view().object(node);
        String kind = switch (answer.view().kind(object)) {
            case TASK -> "task ";
            case PROCESS_MEMORY -> "memory of ";
            default -> "";
        };
        String label = labels.of(object);
        return kind + (label.length() <= MAX_LABEL ? label : label.substring(0, MAX_LABEL - 1) + "…");
    }
}
