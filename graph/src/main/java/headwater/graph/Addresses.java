// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

/** Socket addresses as people write them. */
final class Addresses {
    private static final int GROUPS = 8;

    private Addresses() {
    }

    /**
     * {@code HOST:PORT}, or {@code [HOST]:PORT} with the host as RFC 5952 says; IPv4 comes as {@code ::ffff:a.b.c.d}.
     */
    static String inet(byte[] address, int port) {
        if (isMapped(address)) {
            return (address[12] & 0xff) + "." + (address[13] & 0xff) + "." + (address[14] & 0xff) + "."
                    + (address[15] & 0xff) + ":" + port;
        }
        return "[" + ipv6(address) + "]:" + port;
    }

    static boolean isMapped(byte[] address) {
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[10] == -1 && address[11] == -1;
    }

    /** True of the address that means any: all zero, in either family. */
    static boolean isWildcard(byte[] address) {
        for (int i = 0; i < address.length; i++) {
            if (address[i] != 0 && !(isMapped(address) && i < 12)) {
                return false;
            }
        }
        return true;
    }

    private static String ipv6(byte[] address) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (address[2 * i] & 0xff) << 8 | address[2 * i + 1] & 0xff;
        }
        int gap = -1;
        int gapLength = 1;
        for (int start = 0; start < GROUPS; start++) {
            int end = start;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - start > gapLength) {
                gap = start;
                gapLength = end - start;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /**
     * A UNIX socket's own name, one char for each byte: a path without the NUL at its end, or {@code @} and the name if
     * it is abstract; empty if it has none.
     */
    static String unix(String name) {
        if (name.startsWith("\0")) {
            return "@" + name.substring(1);
        }
        int end = name.indexOf('\0');
        return end < 0 ? name : name.substring(0, end);
    }
}
