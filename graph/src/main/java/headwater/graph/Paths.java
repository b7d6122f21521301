// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Path objects, one for each distinct path over the life of the store, and which objects were named by them. A path is
 * a string of bytes, one to a char (ISO 8859-1), so that nothing is lost that Linux allows.
 *
 * <p>The lower half of an object's facts holds the number of its newest path, plus one.
 */
final class Paths {
    private static final long NAME_MASK = 0xffffffffL;

    private final Versions versions;
    private final GraphView existing;
    private final Texts texts = new Texts();
    /** By the path's number. */
    private int[] handles = new int[64];
    /** Path handle and inode handle of each {@code named} edge of this session. */
    private final LongIntMap named = new LongIntMap();

    Paths(Versions versions, GraphView existing) {
        this.versions = versions;
        this.existing = existing;
    }

    /** The number of the path {@code text}, which is made an object if it is none yet. */
    int number(String text, boolean cut, long timeNs) {
        int known = texts.number(text);
        if (known >= 0) {
            return known;
        }
        int handle = object(text, cut, timeNs);
        int number = texts.add(text);
        if (number == handles.length) {
            handles = Arrays.copyOf(handles, 2 * number);
        }
        handles[number] = handle;
        return number;
    }

    private int object(String text, boolean cut, long timeNs) {
        if (existing != null) {
            long[] found = existing.find(Attribute.PATHNAME, text.getBytes(StandardCharsets.ISO_8859_1));
            if (found.length > 0) {
                long object = found[found.length - 1];
                long[] nodes = existing.versions(object);
                return versions.resume(object, nodes[nodes.length - 1], existing.version(nodes[nodes.length - 1]), NodeKind.PATH);
            }
        }
        int handle = versions.create(NodeKind.PATH, timeNs);
        versions.attribute(handle, Attribute.PATHNAME, text, timeNs);
        if (cut) {
            versions.attribute(handle, Attribute.TRUNCATED, 1, timeNs);
        }
        return handle;
    }

    /** From now on {@code object} is known by this path. */
    void name(int object, int path, long timeNs, int task) {
        int handle = handles[path];
        /* A memory is named once, and its handle may have been another's. */
        boolean once = versions.kind(object) == NodeKind.PROCESS_MEMORY;
        long pair = (long) handle << 32 | object;
        if (once || named.get(pair) < 0) {
            if (!once) {
                named.put(pair, 1);
            }
            versions.annotate(Relation.NAMED, handle, object, timeNs, task);
        }
        if (nameOf(object) != path) {
            versions.facts(object, versions.facts(object) & ~NAME_MASK | path + 1);
            versions.attribute(object, Attribute.NAME, texts.get(path), timeNs);
        }
    }

    /** The task runs the program at this path from now on; it is named as its memory is, without an edge of its own. */
    void nameTask(int task, int path, long timeNs) {
        versions.attribute(task, Attribute.NAME, texts.get(path), timeNs);
    }

    /** The newest path of {@code object}, null if it has none. */
    String textOf(int object) {
        int path = nameOf(object);
        return path < 0 ? null : texts.get(path);
    }

    /** The number of the newest path of {@code object}, -1 if it has none. */
    int nameOf(int object) {
        return (int) (versions.facts(object) & NAME_MASK) - 1;
    }
}
