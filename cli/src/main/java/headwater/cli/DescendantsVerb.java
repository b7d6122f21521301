// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import headwater.query.Answer;
import headwater.query.Lineage;
import headwater.query.Limits;
import headwater.query.Start;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** What came of a thing. */
final class DescendantsVerb extends AnswerVerb {
    DescendantsVerb() {
        super("WHAT");
    }

    @Override
    Answer answer(GraphView view, List<String> texts, List<Start> starts, Limits limits, ParseResult parsed) {
        return Lineage.descendants(view, texts.getFirst(), starts.getFirst(), limits);
    }
}
