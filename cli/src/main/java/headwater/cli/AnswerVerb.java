// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import headwater.query.Answer;
import headwater.query.Limits;
import headwater.query.NothingFoundException;
import headwater.query.Start;
import headwater.query.What;
import headwater.query.WhatFinder;
import headwater.query.format.AnswerFormat;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The common way of the verbs that ask about one WHAT or two: options, store, WHAT, answer, format. */
abstract class AnswerVerb implements Verb {
    private final String[] whatLabels;

    AnswerVerb(String... whatLabels) {
        this.whatLabels = whatLabels;
    }

    @Override
    public void describe(CommandSpec spec) {
        QueryOptions.describe(spec, whatLabels);
        AnswerOptions.describe(spec);
        describeOwn(spec);
    }

    /** Adds what only this verb has. */
    void describeOwn(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("--all").type(boolean.class).arity("0").description("the same as --no-fold").build());
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        AnswerFormat format = AnswerOptions.format(parsed);
        Limits limits = QueryOptions.limits(parsed, context);
        List<String> texts = new ArrayList<>();
        List<What> whats = new ArrayList<>();
        for (int i = 0; i < whatLabels.length; i++) {
            texts.add(parsed.matchedPositionalValue(i, ""));
            whats.add(what(texts.get(i)));
        }
        Limits asked = AnswerOptions.isFolded(parsed) ? limits : limits.withDetail(Limits.UNLIMITED);
        try (GraphView view = QueryOptions.open(parsed, context);
                Interruption interruption = Interruption.of(limits.patience(), context)) {
            WhatFinder finder = new WhatFinder(view, context.files());
            List<Start> starts = new ArrayList<>();
            for (What what : whats) {
                starts.add(find(finder, what, view));
            }
            Answer answer = answer(view, texts, starts, asked, parsed);
            AnswerOptions.write(answer, format, parsed, context);
            return interruption.status(found(answer) ? ExitCode.ANSWERED : ExitCode.NOTHING);
        } catch (NothingFoundException e) {
            throw new Failure(ExitCode.NOTHING, e.getMessage(), e);
        }
    }

    private static Start find(WhatFinder finder, What what, GraphView view) throws NothingFoundException {
        try {
            return finder.find(what);
        } catch (NothingFoundException e) {
            if (!view.dropped().isNothing()) {
                throw new NothingFoundException(e.getMessage() + "; what was over by "
                        + Instant.EPOCH.plusNanos(view.dropped().untilNs()) + " was dropped by retention");
            }
            if (view.gaps().isEmpty()) {
                throw e;
            }
            throw new NothingFoundException(e.getMessage() + "; it may be among what was lost: gaps=" + view.gaps().size()
                    + " (headwater export --json lists them)");
        }
    }

    private static What what(String text) throws Failure {
        try {
            return What.parse(text);
        } catch (What.WrongWhatException e) {
            throw new Failure(ExitCode.WRONG_USE, e.getMessage(), e);
        }
    }

    abstract Answer answer(GraphView view, List<String> texts, List<Start> starts, Limits limits, ParseResult parsed) throws Failure;

    /** False if the answer is that there is nothing. */
    boolean found(Answer answer) {
        return true;
    }
}
