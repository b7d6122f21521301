// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import headwater.model.NodeKind;
import headwater.store.log.LogPosition;
import java.util.Arrays;
import java.util.BitSet;

/** The objects that are first told of in the range that is dropped, a few bytes each. For one thread. */
final class DroppedObjects {
    private final long firstObject;
    private final long firstNode;
    private byte[] kinds = new byte[1024];
    private int[] newest = new int[1024];
    private int[] version = new int[1024];
    private int[] versions = new int[1024];
    private long[] timeNs = new long[1024];
    private final BitSet deleted = new BitSet();
    private int count;

    DroppedObjects(LogPosition start) {
        firstObject = start.objects();
        firstNode = start.nodes();
    }

    boolean has(long object) {
        return object >= firstObject && object < firstObject + count;
    }

    void node(long node, long object, int version, NodeKind kind, long timeNs) {
        int row = (int) (object - firstObject);
        if (row == count) {
            if (count == kinds.length) {
                kinds = Arrays.copyOf(kinds, 2 * count);
                newest = Arrays.copyOf(newest, 2 * count);
                this.version = Arrays.copyOf(this.version, 2 * count);
                versions = Arrays.copyOf(versions, 2 * count);
                this.timeNs = Arrays.copyOf(this.timeNs, 2 * count);
            }
            versions[count++] = 0;
        }
        kinds[row] = (byte) kind.code();
        newest[row] = (int) (node - firstNode);
        this.version[row] = version;
        this.timeNs[row] = timeNs;
        versions[row]++;
    }

    void deleted(long object, boolean is) {
        deleted.set((int) (object - firstObject), is);
    }

    long first() {
        return firstObject;
    }

    long end() {
        return firstObject + count;
    }

    NodeKind kind(long object) {
        return NodeKind.ofCode(kinds[(int) (object - firstObject)] & 0xff);
    }

    boolean isDeleted(long object) {
        return deleted.get((int) (object - firstObject));
    }

    /** How many versions it has in the range. */
    int versions(long object) {
        return versions[(int) (object - firstObject)];
    }

    long newestNode(long object) {
        return firstNode + Integer.toUnsignedLong(newest[(int) (object - firstObject)]);
    }

    Carried.Version newest(long object, int flags) {
        int row = (int) (object - firstObject);
        return new Carried.Version(object, version[row], timeNs[row], flags);
    }
}
