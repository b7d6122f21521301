// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import headwater.model.Attribute;
import headwater.model.DisclosedFlags;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.log.LogPosition;
import java.lang.foreign.MemorySegment;

/** Hears a part of the log, and keeps of which nodes and objects from before some position it speaks. For one thread. */
final class Spoken implements GraphSink {
    final NumberSet nodes = new NumberSet();
    final NumberSet objects = new NumberSet();
    final NumberSet importedIn = new NumberSet();
    private final long firstNode;
    private final long firstObject;

    /** @param before of what is from before this position */
    Spoken(LogPosition before) {
        firstNode = before.nodes();
        firstObject = before.objects();
    }

    void node(long node) {
        if (node >= 0 && node < firstNode) {
            nodes.add(node);
        }
    }

    void object(long object) {
        if (object >= 0 && object < firstObject) {
            objects.add(object);
        }
    }

    @Override
    public void sessionStart(Session session) {
        // It speaks of none.
    }

    @Override
    public void sessionEnd(long timeNs) {
        // Likewise.
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        object(object);
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags, long offset) {
        node(cause);
        node(effect);
        node(task);
        if (relation.isDisclosed() && (flags & DisclosedFlags.ATTRIBUTED) != 0) {
            object(offset);
        }
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        object(object);
        if (attribute == Attribute.DISCLOSED_BY) {
            node(value);
        } else if (attribute == Attribute.IMPORTED) {
            importedIn.add(Math.max(0, value));
        }
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        object(object);
    }

    @Override
    public void gap(Gap gap) {
        // It speaks of none.
    }
}
