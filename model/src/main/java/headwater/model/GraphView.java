// SPDX-License-Identifier: Apache-2.0
package headwater.model;

import java.util.List;

/**
 * The read face of the graph: a snapshot of what was written to a store. The numbers of objects, nodes and edges, and the
 * unit of time, are those of {@link GraphSink}.
 *
 * <p>A view does not change; it may be read by several threads. Every method that takes a number throws
 * {@link IndexOutOfBoundsException} if there is no such thing; likewise if it was {@link #dropped}.
 */
public interface GraphView extends AutoCloseable {
    long objects();

    long nodes();

    long edges();

    NodeKind kind(long object);

    /** The object of which {@code node} is a version. */
    long object(long node);

    int version(long node);

    /** When this version came to be. */
    long timeNs(long node);

    /** All versions of an object, oldest first. */
    long[] versions(long object);

    /** Visits the edges that flow into {@code node}, oldest first, until the visitor says stop. */
    void causes(long node, EdgeVisitor visitor);

    /** Visits the edges that flow out of {@code node}, oldest first, until the visitor says stop. */
    void effects(long node, EdgeVisitor visitor);

    /** The edge of this number. */
    Edge edge(long edge);

    /** All that is known of an object, newest values. */
    Attributes attributes(long object);

    /** The objects that have, or once had, this value of an indexed attribute; oldest first, empty if there is none. */
    long[] find(Attribute attribute, byte[] value);

    /** As {@link #find(Attribute, byte[])}, for a numeric attribute. */
    long[] find(Attribute attribute, long value);

    /** The sessions of the store, oldest first. */
    List<Session> sessions();

    /** What the record missed, oldest first. */
    List<Gap> gaps();

    /** What retention has taken from the beginning of the record. */
    default Dropped dropped() {
        return Dropped.NOTHING;
    }

    /** The first node of number {@code from} or higher that is known; {@link #nodes} if there is none. */
    default long nextNode(long from) {
        return from;
    }

    /** The first object of number {@code from} or higher that is known; {@link #objects} if there is none. */
    default long nextObject(long from) {
        return from;
    }

    /** True if information flowed into {@code node} in time that was dropped. */
    default boolean lacksCauses(long node) {
        return false;
    }

    /** True if information flowed out of {@code node} in time that was dropped. */
    default boolean lacksEffects(long node) {
        return false;
    }

    /** True if {@code object} had versions that were dropped, into or out of which information flowed. */
    default boolean lacksVersions(long object) {
        return false;
    }

    @Override
    void close();

    /** Sees one edge at a time, without an object for each. */
    @FunctionalInterface
    interface EdgeVisitor {
        /**
         * @param edge the number of the edge
         * @param other the node at the far end
         * @return true to go on, false to stop
         */
        boolean edge(long edge, Relation relation, long other, long timeNs);
    }

    /** One edge, whole; the fields are those of {@link GraphSink#edge}. */
    record Edge(long number, Relation relation, long cause, long effect, long timeNs, long task, long flags, long offset) {
    }

    /** The attributes of one object. */
    interface Attributes {
        /** The number, or {@code otherwise} if it is not known. */
        long number(Attribute attribute, long otherwise);

        /** The bytes, or null if they are not known. */
        byte[] bytes(Attribute attribute);

        /** Those that are known, in the order of their codes. */
        List<Attribute> known();
    }
}
