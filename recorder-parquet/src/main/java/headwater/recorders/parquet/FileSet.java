// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.parquet;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.recorders.PlainText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The files that are being written at a time, one for each table that has rows; takes events. For one thread. */
final class FileSet implements GraphSink {
    /** A block has at most so many events, so this many numbers are a block's own. */
    private static final int ORDINAL_BITS = 20;

    private final Path folder;
    private final Map<String, String> metadata;
    private final EnumMap<Tables, TableFile> files = new EnumMap<>(Tables.class);
    private long sequence;
    private int session;

    /**
     * @param folder where they are written before they are put in place
     * @param session the one that is open before the first block, or was last; 0 if there was none
     */
    FileSet(Path folder, Map<String, String> metadata, int session) {
        this.folder = folder;
        this.metadata = metadata;
        this.session = session;
    }

    /** What follows is of this block of the log. */
    void block(long number) {
        sequence = number << ORDINAL_BITS;
    }

    int session() {
        return session;
    }

    Map<Tables, TableFile> files() {
        return files;
    }

    void abandon() {
        files.values().forEach(TableFile::abandon);
        files.clear();
    }

    private void row(Tables table, TableFile.Filler filler) {
        try {
            TableFile file = files.get(table);
            if (file == null) {
                file = new TableFile(table, folder.resolve(table.folder() + ".parquet"), metadata);
                files.put(table, file);
            }
            file.row(filler);
        } catch (IOException e) {
            throw new UncheckedIOException("Parquet file cannot be written: folder=" + folder + ", table="
                    + table.folder() + ", cause="
                    + e.getMessage() + "; make room", e);
        }
    }

    @Override
    public void sessionStart(Session started) {
        session = started.number();
        row(Tables.SESSIONS, row -> row.put(started.number()).put("start").put(started.startNs())
                .put(started.bootNumber())
                .put(started.machineId() & 0xffffffffL).put(started.bootId()).put(started.frontEnd())
                .put(started.scope())
                .put(started.command()).put(started.onLoss()));
    }

    @Override
    public void sessionEnd(long timeNs) {
        row(Tables.SESSIONS, row -> row.put(session).put("end").put(timeNs));
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        row(Tables.NODES, row -> row.put(node).put(object).put(version).put(kind.text()).put(kind.provClass().section())
                .put(timeNs)
                .put(session));
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        row(Tables.EDGES, row -> {
            row.put(edge).put(relation.text()).put(relation.relationClass().section()).put(cause).put(effect)
                    .put(timeNs);
            known(row, task).put(flags);
            known(row, offset).put(relation.isTelling()).put(session);
        });
    }

    private static TableFile.Row known(TableFile.Row row, long value) {
        return value < 0 ? row.skip() : row.put(value);
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        row(Tables.ATTRIBUTES, row -> row.put(sequence).put(object).put(attribute.text()).put(timeNs).put(value).skip()
                .skip()
                .put(session));
        sequence++;
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        byte[] value = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        row(Tables.ATTRIBUTES, row -> {
            row.put(sequence).put(object).put(attribute.text()).put(timeNs).skip();
            if (PlainText.isPlain(value)) {
                row.put(value).skip();
            } else {
                row.put(PlainText.of(value)).put(value);
            }
            row.put(session);
        });
        sequence++;
    }

    @Override
    public void gap(Gap gap) {
        row(Tables.GAPS, row -> row.put(sequence).put(gap.cause().name().toLowerCase(Locale.ROOT))
                .put(gap.kind().name().toLowerCase(Locale.ROOT)).put(gap.cpu()).put(gap.fromNs()).put(gap.toNs())
                .put(gap.count())
                .put(session));
        sequence++;
    }
}
