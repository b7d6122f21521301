// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;

/** Takes a graph and keeps nothing of it but how much there was. */
final class CountingSink implements GraphSink {
    private long events;

    long events() {
        return events;
    }

    @Override
    public void sessionStart(Session session) {
        events++;
    }

    @Override
    public void sessionEnd(long timeNs) {
        events++;
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        events++;
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        events++;
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        events++;
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        events++;
    }

    @Override
    public void gap(Gap gap) {
        throw new IllegalStateException("the producer's records are whole, but a gap came: gap=" + gap);
    }
}
