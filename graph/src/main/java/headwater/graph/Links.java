// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.NodeKind;

/**
 * How many names an inode has, as the kernel said when it introduced it, and as calls have changed it since. In the
 * upper half of an object's facts; 0 if it is not known. A socket keeps other facts there.
 */
final class Links {
    private static final int SHIFT = 32;
    private static final long NAME_MASK = 0xffffffffL;

    private Links() {
    }

    static void set(Versions versions, int handle, int links) {
        if (versions.kind(handle) != NodeKind.SOCKET) {
            versions.facts(handle, versions.facts(handle) & NAME_MASK | (long) Math.max(links, 0) << SHIFT);
        }
    }

    /** One more name, if it is known how many there were. */
    static void add(Versions versions, int handle) {
        int links = links(versions, handle);
        if (links > 0) {
            set(versions, handle, links + 1);
        }
    }

    /** One name less. True if, for all that is known, none may be left. */
    static boolean remove(Versions versions, int handle) {
        int links = links(versions, handle);
        set(versions, handle, links - 1);
        return links <= 1;
    }

    private static int links(Versions versions, int handle) {
        return versions.kind(handle) == NodeKind.SOCKET ? 0 : (int) (versions.facts(handle) >>> SHIFT);
    }
}
