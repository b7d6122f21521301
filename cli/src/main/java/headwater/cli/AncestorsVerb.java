// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import headwater.query.Answer;
import headwater.query.Lineage;
import headwater.query.Limits;
import headwater.query.Start;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** What a thing came from. */
final class AncestorsVerb extends AnswerVerb {
    AncestorsVerb() {
        super("WHAT");
    }

    @Override
    Answer answer(GraphView view, List<String> texts, List<Start> starts, Limits limits, ParseResult parsed) {
        return Lineage.ancestors(view, texts.getFirst(), starts.getFirst(), limits);
    }
}
