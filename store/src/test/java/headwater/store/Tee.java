// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;

/** Hands each event to the first sink, and to the second if the first took it. */
public record Tee(GraphSink first, GraphSink second) implements GraphSink {
    @Override
    public void sessionStart(Session session) {
        first.sessionStart(session);
        second.sessionStart(session);
    }

    @Override
    public void sessionEnd(long timeNs) {
        first.sessionEnd(timeNs);
        second.sessionEnd(timeNs);
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        first.node(node, object, version, kind, timeNs);
        second.node(node, object, version, kind, timeNs);
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        first.edge(edge, relation, cause, effect, timeNs, task, flags, offset);
        second.edge(edge, relation, cause, effect, timeNs, task, flags, offset);
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        first.attribute(object, attribute, value, timeNs);
        second.attribute(object, attribute, value, timeNs);
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        first.attribute(object, attribute, bytes, offset, length, timeNs);
        second.attribute(object, attribute, bytes, offset, length, timeNs);
    }

    @Override
    public void gap(Gap gap) {
        first.gap(gap);
        second.gap(gap);
    }
}
