// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Gap;
import headwater.model.GraphView.Edge;
import headwater.model.GraphView.EdgeVisitor;
import headwater.model.Session;
import headwater.store.log.LogPosition;
import java.util.List;

/**
 * What the log tells between two of its blocks, as a graph. Nodes, edges and objects that are told of first in this range are its own;
 * it also has what was added here to those of earlier segments, which are foreign to it. Numbers are those of the store
 * throughout. It does not change; any thread may read it until the view that it is part of is closed.
 */
abstract class Segment {
    final LogPosition start;
    final LogPosition end;
    final long firstNode;
    final long endNode;
    final long firstEdge;
    final long endEdge;
    final long firstObject;
    final long endObject;

    Segment(LogPosition start, LogPosition end) {
        this.start = start;
        this.end = end;
        firstNode = start.nodes();
        endNode = end.nodes();
        firstEdge = start.edges();
        endEdge = end.edges();
        firstObject = start.objects();
        endObject = end.objects();
    }

    /** The code of the kind of an own object. */
    abstract int kind(long object);

    /** The object of an own node; likewise the next two. */
    abstract long object(long node);

    abstract int version(long node);

    abstract long timeNs(long node);

    /** Adds the own nodes that are versions of an object that may be foreign. */
    abstract void versions(long object, ObjectList to);

    /** Visits the own edges into a node that may be foreign; false if the visitor said stop. */
    abstract boolean causes(long node, EdgeVisitor visitor);

    /** Visits the own edges out of a node that may be foreign; false if the visitor said stop. */
    abstract boolean effects(long node, EdgeVisitor visitor);

    /** An own edge. */
    abstract Edge edge(long edge);

    /** Finds the newest value that was given to an object here; false if there is none. */
    abstract boolean newest(long object, int code, Value to);

    /** Adds the objects that were given this number here. */
    abstract void find(int code, long number, ObjectList found);

    /** Adds the objects that were given this string here. */
    abstract void find(int code, byte[] value, long contentHash, ObjectList found);

    /** Adds the sessions and gaps of this range to those before. */
    abstract void events(List<Session> sessions, List<Gap> gaps);
}
