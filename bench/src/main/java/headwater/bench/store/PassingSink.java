// SPDX-License-Identifier: Apache-2.0
package headwater.bench.store;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;

/** Hands every event on; to nobody if there is none. */
class PassingSink implements GraphSink {
    private final GraphSink to;

    PassingSink(GraphSink to) {
        this.to = to;
    }

    @Override
    public void sessionStart(Session session) {
        if (to != null) {
            to.sessionStart(session);
        }
    }

    @Override
    public void sessionEnd(long timeNs) {
        if (to != null) {
            to.sessionEnd(timeNs);
        }
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        if (to != null) {
            to.node(node, object, version, kind, timeNs);
        }
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        if (to != null) {
            to.edge(edge, relation, cause, effect, timeNs, task, flags, offset);
        }
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        if (to != null) {
            to.attribute(object, attribute, value, timeNs);
        }
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        if (to != null) {
            to.attribute(object, attribute, bytes, offset, length, timeNs);
        }
    }

    @Override
    public void gap(Gap gap) {
        if (to != null) {
            to.gap(gap);
        }
    }
}
