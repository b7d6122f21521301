// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.postgresql;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.recorders.PlainText;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Events as rows of the tables of {@code schema.sql}. For one thread. */
final class TableRows implements GraphSink {
    /** A block has at most so many events, so this many numbers are a block's own. */
    private static final int ORDINAL_BITS = 20;

    /** Something that happened to sessions: one started, or, if null, the newest ended. */
    record SessionChange(Session started, long endNs) {
    }

    final BinaryCopy nodes = new BinaryCopy();
    final BinaryCopy edges = new BinaryCopy();
    final BinaryCopy attributes = new BinaryCopy();
    final BinaryCopy gaps = new BinaryCopy();
    final List<SessionChange> sessions = new ArrayList<>();
    private long sequence;

    /**
     * What follows is of this block of the log: by it and their place in it, values and gaps have numbers that rise.
     */
    void block(long number) {
        sequence = number << ORDINAL_BITS;
    }

    void clear() {
        nodes.clear();
        edges.clear();
        attributes.clear();
        gaps.clear();
        sessions.clear();
    }

    @Override
    public void sessionStart(Session session) {
        sessions.add(new SessionChange(session, 0));
    }

    @Override
    public void sessionEnd(long timeNs) {
        sessions.add(new SessionChange(null, timeNs));
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        nodes.row(5).putLong(node).putLong(object).putInt(version).putShort(kind.code()).putLong(timeNs);
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        edges.row(8).putLong(edge).putShort(relation.code()).putLong(cause).putLong(effect).putLong(timeNs)
                .putKnown(task)
                .putLong(flags).putKnown(offset);
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        start(object, attribute, timeNs).putLong(value).putNull().putNull();
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        byte[] value = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        BinaryCopy row = start(object, attribute, timeNs).putNull();
        if (PlainText.isPlain(value)) {
            row.putBytes(value).putNull();
        } else {
            row.putBytes(PlainText.of(value).getBytes(StandardCharsets.UTF_8)).putBytes(value);
        }
    }

    private BinaryCopy start(long object, Attribute attribute, long timeNs) {
        return attributes.row(7).putLong(sequence++).putLong(object).putShort(attribute.code()).putLong(timeNs);
    }

    @Override
    public void gap(Gap gap) {
        gaps.row(7).putLong(sequence++).putBytes(word(gap.cause())).putBytes(word(gap.kind()))
                .putInt(gap.cpu()).putLong(gap.fromNs()).putLong(gap.toNs()).putLong(gap.count());
    }

    private static byte[] word(Enum<?> word) {
        return word.name().toLowerCase(java.util.Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    }
}
