// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.importers.Import;
import headwater.importers.ImportFormat;
import headwater.importers.ImportTarget;
import headwater.importers.UnknownFormatException;
import headwater.model.GraphView;
import headwater.model.Session;
import headwater.query.Escapes;
import headwater.store.ContinuationState;
import headwater.store.Store;
import headwater.store.StoreBusyException;
import headwater.store.StoreDamagedException;
import headwater.store.StoreVersionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Reads evidence of other recorders into the store, each source as a session of its own. */
final class ImportVerb implements Verb {
    private static final String STDIN = "-";

    @Override
    public void describe(CommandSpec spec) {
        StorePath.describe(spec);
        spec.addOption(QueryOptions.text("--format", "FORMAT",
                "auto (default), w3c (CamFlow's PROV-JSON), spade (SPADE JSON),"
                + " prov-json, prov-n or audit (audit.log or ausearch)"));
        spec.addOption(OptionSpec.builder("--again").type(boolean.class).arity("0")
                .description("import a source that the store already has").build());
        spec.addOption(OptionSpec.builder("--temp").type(Path.class).paramLabel("DIR")
                .description("where temporary files are, about twice as large as the sources (else the system's)")
                .build());
        spec.addPositional(PositionalParamSpec.builder().paramLabel("FILE").arity("1..*").required(true)
                .type(List.class)
                .auxiliaryTypes(String.class).description("the sources, also gzip; - for standard input").build());
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        String name = parsed.matchedOptionValue("--format", "auto");
        ImportFormat format = ImportFormat.ofText(name);
        if (format == null && !name.equals("auto")) {
            throw new Failure(ExitCode.WRONG_USE, "unknown format: --format=" + name + ", want auto or one of "
                    + String.join(" ", Arrays.stream(ImportFormat.values()).map(ImportFormat::text).toList()));
        }
        List<String> files = parsed.matchedPositionalValue(0, List.<String>of());
        requireReadable(files);
        int imported = 0;
        try (Store store = open(StorePath.of(parsed, context))) {
            for (String file : files) {
                imported += one(file, format, store, parsed, context) ? 1 : 0;
            }
            store.refreshIndex();
        } catch (UncheckedIOException e) {
            throw new Failure(ExitCode.NOT_POSSIBLE, e.getMessage(), e);
        }
        return imported > 0 ? ExitCode.ANSWERED : ExitCode.NOTHING;
    }

    /** Says it before anything is imported, or a store is made for nothing. */
    private static void requireReadable(List<String> files) throws Failure {
        for (String file : files) {
            if (!file.equals(STDIN) && !Files.isReadable(Path.of(file))) {
                throw new Failure(ExitCode.WRONG_USE, "cannot be read: file=" + Escapes.toLine(file)
                        + "; name a file that exists, or - for standard input");
            }
        }
    }

    private static Store open(Path path) throws Failure {
        try {
            return Store.openForWriting(path, "headwater import");
        } catch (StoreDamagedException | StoreVersionException e) {
            throw new Failure(ExitCode.DAMAGED, e.getMessage(), e);
        } catch (StoreBusyException | UncheckedIOException e) {
            throw new Failure(ExitCode.NOT_POSSIBLE, e.getMessage(), e);
        }
    }

    private static boolean one(String file, ImportFormat format, Store store, ParseResult parsed, Context context)
            throws Failure, IOException {
        boolean stdin = file.equals(STDIN);
        Path path = stdin ? null : Path.of(file);
        Instant written = stdin ? context.clock().instant() : Files.getLastModifiedTime(path).toInstant();
        Path folder = parsed.matchedOptionValue("--temp", Path.of(System.getProperty("java.io.tmpdir")));
        String name = stdin ? "standard input" : path.toAbsolutePath().normalize().toString();
        try (Import source = new Import(name, folder, nanoseconds(written),
                line -> context.err().println("headwater: " + Escapes.toLine(line)));
                InputStream in = stdin ? System.in : Files.newInputStream(path)) {
            source.read(in, format);
            return load(source, name, store, parsed, context);
        } catch (UnknownFormatException e) {
            throw new Failure(ExitCode.WRONG_USE, e.getMessage(), e);
        }
    }

    private static boolean load(Import source, String name, Store store, ParseResult parsed, Context context) {
        Import.Figures figures = source.figures();
        if (figures.statements() == 0) {
            context.err().println("headwater: nothing was imported: file=" + Escapes.toLine(name) + ", bad="
                    + figures.bad()
                    + "; is it " + source.format().text() + "? Name the format with --format");
            return false;
        }
        ContinuationState state = store.continuation();
        Session known = sessions(store).stream()
                .filter(session -> session.isImported() && session.bootId().equals("import-" + source.sha256()))
                .findFirst().orElse(null);
        if (known != null && !parsed.hasMatchedOption("--again")) {
            context.err().println("headwater: imported already, as session " + known.number() + ": file="
                    + Escapes.toLine(name)
                    + ", sha256=" + source.sha256() + "; --again imports it once more");
            return false;
        }
        int session = state.nextSession();
        source.load(store.writer(), new ImportTarget(session, state.nextObject(), state.nextNode(), state.nextEdge(),
                state.bootNumber("import-" + source.sha256()), 0), nanoseconds(context.clock().instant()));
        store.writer().sync();
        figures = source.figures();
        context.err().printf(Locale.ROOT,
                "headwater: imported %s (%s) as session %d: %d statements, %d nodes, %d edges; "
                + "%d repeated, %d bad and skipped, %d nodes are only named%n", Escapes.toLine(name),
                source.format().text(), session,
                figures.statements(), figures.nodes(), figures.edges(), figures.repeated(), figures.bad(),
                figures.undefined());
        return true;
    }

    private static List<Session> sessions(Store store) {
        try (GraphView view = store.view()) {
            return view.sessions();
        }
    }

    private static long nanoseconds(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
