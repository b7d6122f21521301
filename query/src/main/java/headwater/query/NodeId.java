// SPDX-License-Identifier: Apache-2.0
package headwater.query;

/** How people and programs name a node or an object: {@code hw:OBJECT@VERSION} or {@code hw:OBJECT}. */
public final class NodeId {
    public static final String PREFIX = "hw:";

    private NodeId() {
    }

    public static String of(long object, int version) {
        return PREFIX + object + '@' + version;
    }

    public static String of(long object) {
        return PREFIX + object;
    }
}
