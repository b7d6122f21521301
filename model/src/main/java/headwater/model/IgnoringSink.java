// SPDX-License-Identifier: Apache-2.0
package headwater.model;

import java.lang.foreign.MemorySegment;

/** Takes every event and does nothing; what extends it hears some. */
public abstract class IgnoringSink implements GraphSink {
    @Override
    public void sessionStart(Session session) {
    }

    @Override
    public void sessionEnd(long timeNs) {
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags, long offset) {
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
    }

    @Override
    public void gap(Gap gap) {
    }
}
