// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.GraphView.Edge;
import headwater.model.GraphView.EdgeVisitor;
import headwater.model.Session;
import headwater.store.log.LogPosition;
import headwater.store.retention.CarriedFile;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The dropped beginning of a log, of which some nodes and objects are carried, and no edges. All that it has is its own. */
final class CarriedSegment extends Segment {
    private final CarriedFile carried;

    CarriedSegment(UUID store, CarriedFile carried) {
        super(LogPosition.first(store), carried.end());
        this.carried = carried;
    }

    private long objectRow(long object) {
        long row = carried.objectRow(object);
        if (row < 0) {
            throw new IndexOutOfBoundsException("object was dropped by retention: object=" + object);
        }
        return row;
    }

    private long nodeRow(long node) {
        long row = carried.nodeRow(node);
        if (row < 0) {
            throw new IndexOutOfBoundsException("node was dropped by retention: node=" + node);
        }
        return row;
    }

    @Override
    int kind(long object) {
        return carried.kind(objectRow(object));
    }

    @Override
    long object(long node) {
        return carried.objectOf(nodeRow(node));
    }

    @Override
    int version(long node) {
        return carried.version(nodeRow(node));
    }

    @Override
    long timeNs(long node) {
        return carried.timeNs(nodeRow(node));
    }

    @Override
    void versions(long object, ObjectList to) {
        carried.versions(object, to::add);
    }

    @Override
    boolean causes(long node, EdgeVisitor visitor) {
        nodeRow(node);
        return true;
    }

    @Override
    boolean effects(long node, EdgeVisitor visitor) {
        nodeRow(node);
        return true;
    }

    @Override
    Edge edge(long edge) {
        throw new IndexOutOfBoundsException("edge was dropped by retention: edge=" + edge);
    }

    @Override
    boolean newest(long object, int code, Value to) {
        Object value = carried.value(object, Attribute.ofCode(code));
        if (value instanceof byte[] bytes) {
            to.set(MemorySegment.ofArray(bytes), 0, bytes.length);
        } else if (value != null) {
            to.set((Long) value);
        }
        return value != null;
    }

    @Override
    void find(int code, long number, ObjectList found) {
        carried.find(Attribute.ofCode(code), number, found::add);
    }

    @Override
    void find(int code, byte[] value, long contentHash, ObjectList found) {
        carried.find(Attribute.ofCode(code), value, found::add);
    }

    @Override
    void events(List<Session> sessions, List<Gap> gaps) {
        carried.events(sessions, gaps, new HashMap<>());
    }

    /** Throws unless the object is carried. */
    void requireObject(long object) {
        objectRow(object);
    }

    boolean lacksVersions(long object) {
        return carried.lacksVersions(objectRow(object));
    }

    boolean lacksCauses(long node) {
        return carried.lacksCauses(nodeRow(node));
    }

    boolean lacksEffects(long node) {
        return carried.lacksEffects(nodeRow(node));
    }

    /** The first carried node from {@code node} on; the end of the segment if there is none. */
    long nextNode(long node) {
        long row = carried.lowerNode(node);
        return row < carried.nodes() ? carried.node(row) : endNode;
    }

    /** The first carried object from {@code object} on; the end of the segment if there is none. */
    long nextObject(long object) {
        long row = carried.lowerObject(object);
        return row < carried.objects() ? carried.object(row) : endObject;
    }

    /** The lowest time of what was dropped. */
    long fromNs() {
        return carried.fromNs();
    }

    /** Feeds all values. */
    void values(GraphSink sink) {
        for (long row = 0; row < carried.objects(); row++) {
            long object = carried.object(row);
            carried.values(row, (attribute, value) -> {
                if (value instanceof byte[] bytes) {
                    sink.attribute(object, attribute, MemorySegment.ofArray(bytes), 0, bytes.length, end.timeNs());
                } else {
                    sink.attribute(object, attribute, (Long) value, end.timeNs());
                }
            });
        }
    }

    int lastSession() {
        return carried.lastSession();
    }

    Map<String, Integer> boots() {
        Map<String, Integer> boots = new HashMap<>();
        carried.events(new ArrayList<>(), new ArrayList<>(), boots);
        return boots;
    }
}
