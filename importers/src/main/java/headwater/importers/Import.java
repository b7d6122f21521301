// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.Session;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.ZipException;

/**
 * One source on its way into a graph. First {@link #read}, which tells what it is and what is wrong with it; then, if
 * it is wanted, {@link #load}, as a session of its own. Memory does not grow with the source, but for what the audit
 * reader says of itself; disk space in the folder for temporary files does, to about twice the source's unpacked
 * length. For one thread.
 */
public final class Import implements AutoCloseable {
    private final Path folder;
    private final Spool spool;
    private final String name;
    private ImportFormat format;
    private String sha256 = "";
    private long undefined;

    /**
     * What was found.
     *
     * @param statements that were taken
     * @param repeated that say again, word for word, what was said; left out
     * @param bad that could not be read
     * @param undefined nodes that edges name and nothing speaks of; known after {@link #load}
     */
    public record Figures(long statements, long repeated, long bad, long nodes, long edges, long undefined) {
    }

    /**
     * @param name of the source, for the session and for errors
     * @param folder for temporary files
     * @param otherwiseNs the time of what has none: when the source was written
     * @param faults is told the first few faults, a line each
     */
    public Import(String name, Path folder, long otherwiseNs, Consumer<String> faults) {
        this.name = name;
        this.folder = folder;
        spool = new Spool(folder, otherwiseNs, (at, reason) -> faults.accept(name + ": " + at + ": " + reason));
    }

    /**
     * Reads the source to its end.
     *
     * @param in is closed
     * @param wanted null to tell the format from the content
     * @throws UnknownFormatException if it cannot be told
     * @throws IOException if it cannot be read
     */
    public void read(InputStream in, ImportFormat wanted) throws IOException {
        try (ImportSource source = new ImportSource(in)) {
            format = wanted != null ? wanted : ImportFormat.of(source.beginning());
            if (format == null) {
                throw new UnknownFormatException("the format cannot be told from the content: file=" + name
                        + "; name it with --format w3c, spade, prov-json, prov-n or audit");
            }
            try {
                content(source.content());
            } catch (EOFException | ZipException e) {
                spool.bad(new StatementSink.Position(0, 0),
                        "the compressed file is damaged or cut, and was read up to there: " + e.getMessage());
            }
            sha256 = source.sha256();
        }
    }

    private void content(InputStream content) throws IOException {
        switch (format) {
            case W3C, PROV_JSON -> new W3cReader(content, spool).read();
            case SPADE -> new SpadeReader(content, spool).read();
            case PROV_N -> new ProvNReader(content, spool).read();
            case AUDIT -> new AuditReader(content, spool).read();
        }
    }

    /** Of the bytes as they are stored, 64 digits; empty before {@link #read}. */
    public String sha256() {
        return sha256;
    }

    public ImportFormat format() {
        return format;
    }

    public Figures figures() {
        return new Figures(spool.statements(), spool.repeated(), spool.bad(), spool.nodes.rows(), spool.edges.rows(),
                undefined);
    }

    /** What the session says of itself: {@code file sha256:DIGITS}. */
    public static String command(String name, String sha256) {
        return name + " sha256:" + sha256;
    }

    /**
     * Gives all that was read to a graph, as one session.
     *
     * @param nowNs when this is
     */
    public void load(GraphSink sink, ImportTarget target, long nowNs) {
        sink.sessionStart(new Session(target.session(), "import-" + sha256, target.boot(), target.machine(),
                Session.IMPORT,
                format.text(), command(name, sha256), nowNs, 0));
        GraphLoader loader = new GraphLoader(spool, sink, folder, target, nowNs);
        loader.load();
        undefined = loader.undefined();
        long missing = spool.bad();
        if (missing > 0) {
            boolean timed = spool.earliestNs() <= spool.latestNs();
            sink.gap(new Gap(Gap.Cause.NOT_IMPORTED, Gap.Kind.ANY, -1, timed ? spool.earliestNs() : nowNs,
                    timed ? spool.latestNs() : nowNs, missing));
        }
        sink.sessionEnd(nowNs);
    }

    @Override
    public void close() {
        spool.close();
    }
}
