// SPDX-License-Identifier: Apache-2.0
package headwater.model;

import java.lang.foreign.MemorySegment;

/**
 * The written face of the graph: events in their one total order, each cause before its effects.
 *
 * <p>An <em>object</em> (a file, a process's memory, …) has one or more <em>versions</em>; each version is a
 * <em>node</em>. Objects and nodes are numbered from 0, densely, in the order in which they appear, over the whole life of a
 * store; edges likewise. An edge's number is CamFlow's relation id less one. All times are nanoseconds since the Unix epoch.
 *
 * <p>One thread calls. No method keeps a reference to a segment that it is handed, and none allocates per call once warm.
 * Implementations report failure by throwing {@link java.io.UncheckedIOException}.
 */
public interface GraphSink {
    /** A capture starts; every event until {@link #sessionEnd} belongs to it. */
    void sessionStart(Session session);

    /** The capture ends in order. */
    void sessionEnd(long timeNs);

    /**
     * A node appears: version {@code version} of {@code object}.
     *
     * @param node the number of the node, one more than that of the node before
     * @param object the number of the object; one more than the highest so far if {@code version} is the first seen of it
     * @param version from 0; one more than the object's version before
     * @param kind the object's kind, the same for each of its versions
     */
    void node(long node, long object, int version, NodeKind kind, long timeNs);

    /**
     * Information flows.
     *
     * @param edge the number of the edge, one more than that of the edge before
     * @param cause the node that it flows out of
     * @param effect the node that it flows into
     * @param task the node of the acting task, -1 if none
     * @param flags what CamFlow keeps as flags of this relation (an access mask, clone flags, …)
     * @param offset the file position, -1 if there is none
     */
    void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags, long offset);

    /** A number becomes known of {@code object}; it replaces an earlier value. */
    void attribute(long object, Attribute attribute, long value, long timeNs);

    /** A string becomes known of {@code object}; it replaces an earlier value. */
    void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs);

    /** Something was missed. */
    void gap(Gap gap);
}
