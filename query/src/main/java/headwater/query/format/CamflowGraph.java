// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Session;

/**
 * What CamFlow's formats need to know of a graph: of a whole store ({@link #of}), or of one that is still being followed. The numbers
 * of nodes and objects are those of {@link GraphView}; one thread asks at a time.
 */
public interface CamflowGraph {
    NodeKind kind(long object);

    /** The object of which {@code node} is a version. */
    long object(long node);

    int version(long node);

    /** When this version came to be, nanoseconds since the Unix epoch. */
    long timeNs(long node);

    /** What is known of an object. */
    GraphView.Attributes attributes(long object);

    /** The session in which the object appeared. */
    Session birth(long object);

    /** The session that ran at {@code timeNs}: the last that had started. */
    Session at(long timeNs);

    /** True if a packet object is one that a socket here sent. */
    boolean sent(long object);

    /** The words of what was imported; null if nothing was, or if they are not at hand. */
    default ImportedStatements imported() {
        return null;
    }

    /** The graph of a whole store. */
    static CamflowGraph of(GraphView view) {
        return new WholeGraph(view);
    }
}
