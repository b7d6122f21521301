// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import headwater.query.Answer;
import headwater.query.Limits;
import headwater.query.Report;
import headwater.query.Start;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** The files and remote addresses that a thing's data reached. */
final class ReportVerb extends AnswerVerb {
    ReportVerb() {
        super("WHAT");
    }

    @Override
    Answer answer(GraphView view, List<String> texts, List<Start> starts, Limits limits, ParseResult parsed) {
        return Report.of(view, texts.getFirst(), starts.getFirst(), limits);
    }
}
