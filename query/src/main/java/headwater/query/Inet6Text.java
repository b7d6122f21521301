// SPDX-License-Identifier: Apache-2.0
package headwater.query;

/** An IPv6 address as RFC 5952 wants it written: lower case, the longest run of zeros as {@code ::}. */
final class Inet6Text {
    private static final int GROUPS = 8;

    private Inet6Text() {
    }

    /**
     * @param bytes 16 bytes in network order
     */
    static String of(byte[] bytes) {
        if (bytes.length != 2 * GROUPS) {
            throw new IllegalArgumentException("not an IPv6 address: length=" + bytes.length + ", want=16");
        }
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
