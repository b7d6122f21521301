// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.evidence.DpkgDatabase;
import headwater.evidence.GraphFormat;
import headwater.evidence.Part;
import headwater.evidence.Run;
import headwater.evidence.RunFormat;
import headwater.model.GraphView;
import headwater.model.Session;
import headwater.query.NothingFoundException;
import headwater.query.Selection;
import headwater.query.Start;
import headwater.query.What;
import headwater.query.WhatFinder;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The formats of {@code export} that are of one run, or draw the graph for other tools. */
final class EvidenceExport {
    private EvidenceExport() {
    }

    static void describe(CommandSpec spec) {
        spec.addOption(QueryOptions.text("--run", "N",
                "one session, by its number, or last (the default of in-toto, cyclonedx,"
                + " spdx, ro-crate; the others are else of the whole store)"));
        spec.addOption(QueryOptions.text("--of", "WHAT",
                "in-toto, cyclonedx, spdx, ro-crate: of what this came from, not of the whole run"));
    }

    /** All names. */
    static List<String> names() {
        return Stream.concat(RunFormat.all().stream().map(RunFormat::name), GraphFormat.all().stream()
                .map(GraphFormat::name))
                .toList();
    }

    /** Writes the format named {@code name}; an {@link ExitCode}. */
    static int write(String name, GraphView view, Selection selection, ParseResult parsed, Context context)
            throws Failure, IOException {
        Session session = session(view, parsed, RunFormat.all().stream()
                .anyMatch(format -> format.name().equals(name)));
        for (GraphFormat format : GraphFormat.all()) {
            if (format.name().equals(name)) {
                Output.write(parsed, context, out -> format.write(new Part(view, session, selection), out));
                AnswerOptions.warn(view.gaps(), context);
                return view.nodes() == 0 ? ExitCode.NOTHING : ExitCode.ANSWERED;
            }
        }
        RunFormat format = RunFormat.all().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
        if (!selection.isAll()) {
            throw new Failure(ExitCode.WRONG_USE, "evidence is of a whole run: --format=" + name
                    + " takes none of --where, --path, --user,"
                    + " --host, --flows; with --of WHAT it is of what WHAT came from");
        }
        if (session == null) {
            throw new Failure(ExitCode.NOTHING,
                    "the store has no session of which there could be evidence; record one with"
                    + " `headwater run`");
        }
        Run run = of(Run.of(view, session), parsed, context);
        if (run.files().isEmpty()) {
            throw new Failure(ExitCode.NOTHING, "the session read and wrote no files: session=" + session.number()
                    + "; name another with --run");
        }
        Output.write(parsed, context, out -> {
            RunFormat.Written written = format.write(run, DpkgDatabase.ofThisMachine(), version(), out);
            if (written.outputsLeft() + written.inputsLeft() > 0) {
                context.err().println("headwater: without a digest, as they are gone or have changed since the run: "
                        + written.outputsLeft() + " written files, " + written.inputsLeft()
                        + " read; `headwater run --digests` takes digests when the command ends");
            }
        });
        AnswerOptions.warn(run.gaps(), context);
        return ExitCode.ANSWERED;
    }

    static String version() {
        String version = EvidenceExport.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    private static Session session(GraphView view, ParseResult parsed, boolean needed) throws Failure {
        String wanted = parsed.matchedOptionValue("--run", null);
        if (wanted == null && !needed) {
            return null;
        }
        List<Session> sessions = view.sessions();
        if (wanted == null || wanted.equals("last")) {
            return sessions.reversed().stream().filter(session -> !session.isImported()).findFirst()
                    .orElse(sessions.isEmpty() ? null : sessions.getLast());
        }
        return sessions.stream().filter(session -> wanted.equals(Integer.toString(session.number()))).findFirst()
                .orElseThrow(() -> new Failure(ExitCode.NOTHING, "no such session: --run=" + wanted + ", sessions="
                        + sessions.size() + "; give a number or last"));
    }

    private static Run of(Run run, ParseResult parsed, Context context) throws Failure {
        String what = parsed.matchedOptionValue("--of", null);
        if (what == null) {
            return run;
        }
        try {
            Start start = new WhatFinder(run.view(), context.files()).find(What.parse(what));
            return run.of(List.of(start));
        } catch (NothingFoundException e) {
            throw new Failure(ExitCode.NOTHING, e.getMessage(), e);
        } catch (What.WrongWhatException e) {
            throw new Failure(ExitCode.WRONG_USE, e.getMessage(), e);
        }
    }
}
