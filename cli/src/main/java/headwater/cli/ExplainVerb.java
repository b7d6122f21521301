// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import headwater.query.Answer;
import headwater.query.Explain;
import headwater.query.Limits;
import headwater.query.Start;
import java.util.List;

/** The shortest causal path between two things. */
final class ExplainVerb extends AnswerVerb {
    ExplainVerb() {
        super("A", "B");
    }

    @Override
    Answer answer(GraphView view, List<String> texts, List<Start> starts, Limits limits) {
        return Explain.between(view, texts.get(0), starts.get(0), texts.get(1), starts.get(1), limits);
    }

    @Override
    boolean found(Answer answer) {
        return !answer.flows().isEmpty();
    }
}
