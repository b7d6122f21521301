// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.ProvClass;
import headwater.model.Relation;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.LongConsumer;

/**
 * The objects of this session and their newest versions; the one place where nodes and edges are made, and so the one
 * that keeps the graph without cycles.
 *
 * <p><b>The rule.</b> A version that was a cause never takes anything more. So an object whose newest version was a
 * cause gets a new one before anything flows into it. Every edge then leads from an older version to one that was not
 * yet a cause.
 *
 * <p><b>What is left out.</b> A cause is complete once it is one. If an edge of the same relation has led from this
 * very version into any version of the effect, then the effect has all of it; a second edge would add a version and no
 * path. Each object remembers its last {@value #REMEMBERED} such edges.
 *
 * <p>An object has a <em>handle</em> while this session may speak of it, counting from 0. Its words:
 *
 * <pre>
 *   0        1      2                             3            4 … 7
 *   +--------+------+-----------------------------+------------+---------------------+
 *   | object | node | version:32 next:8 seen:8    | facts      | node &lt;&lt; 8 | relation |
 *   |        |      | kind:8                      |            | of remembered edges |
 *   +--------+------+-----------------------------+------------+---------------------+
 * </pre>
 */
final class Versions {
    private static final int REMEMBERED = 4;
    private static final int WORDS_BITS = 3;
    private static final int OBJECT = 0;
    private static final int NODE = 1;
    private static final int STATUS = 2;
    private static final int FACTS = 3;
    private static final int EDGES = 4;

    private static final NodeKind[] KINDS = new NodeKind[64];
    private static final long VERSION_ONE = 1L << 32;
    private static final int NEXT_SHIFT = 16;
    private static final long NEXT_MASK = 0xffL << NEXT_SHIFT;
    private static final long SEEN = 1L << 8;

    static {
        for (NodeKind kind : NodeKind.values()) {
            KINDS[kind.code()] = kind;
        }
    }

    private final GraphSink sink;
    private final PagedLongs words = new PagedLongs();
    private int handles;
    /** Handles that were released, to be given again. */
    private int[] free = new int[64];
    private int freeCount;
    private long nextObject;
    private long nextNode;
    private long nextEdge;

    Versions(GraphSink sink, Continuation numbers) {
        this.sink = sink;
        nextObject = numbers.nextObject();
        nextNode = numbers.nextNode();
        nextEdge = numbers.nextEdge();
    }

    Continuation numbers() {
        return new Continuation(nextObject, nextNode, nextEdge);
    }

    /** A new object, in its version 0. Returns its handle. */
    int create(NodeKind kind, long timeNs) {
        int handle = handle(nextObject, nextNode, kind.code());
        sink.node(nextNode++, nextObject++, 0, kind, timeNs);
        return handle;
    }

    /** An object of the store, whose newest version may have been a cause. Returns its handle. */
    int resume(long object, long node, int version, NodeKind kind) {
        return handle(object, node, (long) version << 32 | SEEN | kind.code());
    }

    private int handle(long object, long node, long status) {
        int handle;
        if (freeCount > 0) {
            handle = free[--freeCount];
            for (int i = FACTS; i < EDGES + REMEMBERED; i++) {
                words.set(word(handle, i), 0);
            }
        } else {
            handle = handles++;
            words.reach(word(handle, EDGES + REMEMBERED - 1));
        }
        words.set(word(handle, OBJECT), object);
        words.set(word(handle, NODE), node);
        words.set(word(handle, STATUS), status);
        return handle;
    }

    /** Nothing will be said of this object any more in this session: its handle may be given to another. */
    void release(int handle) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = handle;
    }

    /** Hands over the objects of which this session may still speak. */
    void inUse(LongConsumer objects) {
        BitSet released = new BitSet(handles);
        for (int i = 0; i < freeCount; i++) {
            released.set(free[i]);
        }
        for (int handle = released.nextClearBit(0); handle < handles; handle = released.nextClearBit(handle + 1)) {
            objects.accept(object(handle));
        }
    }

    private static long word(int handle, int word) {
        return ((long) handle << WORDS_BITS) + word;
    }

    long object(int handle) {
        return words.get(word(handle, OBJECT));
    }

    /** The newest version. */
    long node(int handle) {
        return words.get(word(handle, NODE));
    }

    NodeKind kind(int handle) {
        return KINDS[(int) words.get(word(handle, STATUS)) & 0xff];
    }

    /** 64 bits that the session's own records keep with an object; 0 at first. */
    long facts(int handle) {
        return words.get(word(handle, FACTS));
    }

    void facts(int handle, long facts) {
        words.set(word(handle, FACTS), facts);
    }

    /**
     * Information flows. Returns false if it was left out because the effect has it already.
     *
     * @param task the handle of the acting task, -1 if none
     */
    boolean flow(Relation relation, int cause, int effect, long timeNs, int task, long flags, long offset) {
        if (cause == effect) {
            return false;
        }
        long edge = node(cause) << 8 | relation.code();
        long first = word(effect, EDGES);
        for (int i = 0; i < REMEMBERED; i++) {
            if (words.get(first + i) == edge) {
                return false;
            }
        }
        if ((words.get(word(effect, STATUS)) & SEEN) != 0) {
            step(effect, versionRelation(effect), timeNs, task);
        }
        markSeen(cause);
        edge(relation, node(cause), node(effect), timeNs, task, flags, offset);
        remember(effect, edge);
        return true;
    }

    /**
     * A relation that was told, not seen: as {@link #flow}, but never left out, as what it says of may have changed since it was
     * told before. What comes from itself comes from its version before.
     */
    void told(Relation relation, int cause, int effect, long timeNs, int task, long flags, long about) {
        long causeNode = node(cause);
        if (cause == effect || (words.get(word(effect, STATUS)) & SEEN) != 0) {
            step(effect, versionRelation(effect), timeNs, task);
        }
        if (cause != effect) {
            markSeen(cause);
        }
        edge(relation, causeNode, node(effect), timeNs, task, flags, about);
    }

    /**
     * As {@link #flow}, from a version that has been a cause already, the newest of its object or not; never left out.
     *
     * @param cause the node
     */
    void flowFrom(Relation relation, long cause, int effect, long timeNs, int task, long flags) {
        if ((words.get(word(effect, STATUS)) & SEEN) != 0) {
            step(effect, versionRelation(effect), timeNs, task);
        }
        edge(relation, cause, node(effect), timeNs, task, flags, -1);
    }

    /** An edge that says something of the effect without flowing into it: it makes no version, and is always drawn. */
    void annotate(Relation relation, int cause, int effect, long timeNs, int task) {
        edge(relation, node(cause), node(effect), timeNs, task, 0, -1);
    }

    /** A new version, joined to the last by {@code relation}. */
    void step(int handle, Relation relation, long timeNs, int task) {
        long status = (words.get(word(handle, STATUS)) & ~SEEN) + VERSION_ONE;
        long before = node(handle);
        words.set(word(handle, STATUS), status);
        words.set(word(handle, NODE), nextNode);
        sink.node(nextNode, object(handle), (int) (status >>> 32), kind(handle), timeNs);
        edge(relation, before, nextNode++, timeNs, task, 0, -1);
    }

    private Relation versionRelation(int handle) {
        return kind(handle).provClass() == ProvClass.ACTIVITY ? Relation.VERSION_ACTIVITY : Relation.VERSION_ENTITY;
    }

    private void markSeen(int handle) {
        long at = word(handle, STATUS);
        words.set(at, words.get(at) | SEEN);
    }

    private void remember(int handle, long edge) {
        long at = word(handle, STATUS);
        long status = words.get(at);
        int next = (int) ((status & NEXT_MASK) >>> NEXT_SHIFT);
        words.set(word(handle, EDGES + next), edge);
        words.set(at, status & ~NEXT_MASK | (long) (next + 1 & REMEMBERED - 1) << NEXT_SHIFT);
    }

    private void edge(Relation relation, long cause, long effect, long timeNs, int task, long flags, long offset) {
        sink.edge(nextEdge++, relation, cause, effect, timeNs, task < 0 ? -1 : node(task), flags, offset);
    }

    void attribute(int handle, Attribute attribute, long value, long timeNs) {
        sink.attribute(object(handle), attribute, value, timeNs);
    }

    void attribute(int handle, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        sink.attribute(object(handle), attribute, bytes, offset, length, timeNs);
    }

    /** A string of bytes, one to a char. */
    void attribute(int handle, Attribute attribute, String bytes, long timeNs) {
        byte[] value = bytes.getBytes(StandardCharsets.ISO_8859_1);
        sink.attribute(object(handle), attribute, MemorySegment.ofArray(value), 0, value.length, timeNs);
    }
}
