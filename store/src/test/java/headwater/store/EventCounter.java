// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;

/** Counts events. */
public final class EventCounter implements GraphSink {
    private long count;

    public long count() {
        return count;
    }

    @Override
    public void sessionStart(Session session) {
        count++;
    }

    @Override
    public void sessionEnd(long timeNs) {
        count++;
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        count++;
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        count++;
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        count++;
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        count++;
    }

    @Override
    public void gap(Gap gap) {
        count++;
    }
}
