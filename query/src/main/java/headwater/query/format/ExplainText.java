// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.query.Answer;
import headwater.query.Explain;
import headwater.query.Flow;
import headwater.query.Labels;
import headwater.query.Start;

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
                .append(TextEnding.count(answer.flows().size(), "step")).append("\n\n");
        Labels labels = new Labels(answer.view());
        for (Flow flow : answer.flows()) {
            text.append("  ").append(TextEnding.time(flow.timeNs())).append("  ").append(label(labels, flow.cause()));
            if (flow.relation().isVersion()) {
                text.append("  became version ").append(answer.view().version(flow.effect())).append('\n');
            } else {
                text.append("  ─ ").append(Explain.step(flow.relation())).append(" →  ")
                        .append(label(labels, flow.effect())).append('\n');
            }
        }
        text.append('\n');
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
