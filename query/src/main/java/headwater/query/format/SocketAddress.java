// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Attribute;
import headwater.model.GraphView;

/**
 * A socket address taken apart, as CamFlow shows it.
 *
 * @param family as in socket(2): 1 UNIX, 2 IPv4, 10 IPv6
 * @param host the number of the host, or the path of a UNIX socket
 * @param service the port, empty for a UNIX socket
 */
record SocketAddress(int family, String host, String service) {
    static final int UNIX = 1;
    static final int INET = 2;
    static final int INET6 = 10;

    static SocketAddress of(GraphView.Attributes a) {
        String text = CamflowAttributes.text(a, Attribute.REMOTE_ADDRESS);
        if (text.isEmpty()) {
            text = CamflowAttributes.text(a, Attribute.LOCAL_ADDRESS);
        }
        return parse(text, (int) a.number(Attribute.FAMILY, 0));
    }

    /**
     * @param familyOrZero 0 if it must be told from the text
     */
    static SocketAddress parse(String text, int familyOrZero) {
        int colon = text.lastIndexOf(':');
        boolean path = text.startsWith("/") || text.startsWith("@") || colon < 0;
        boolean bracket = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
        int family = familyOrZero != 0 ? familyOrZero : path ? UNIX : bracket ? INET6 : INET;
        if (family == UNIX || colon < 0) {
            return new SocketAddress(family, text, "");
        }
        String host = bracket ? text.substring(1, colon - 1) : text.substring(0, colon);
        return new SocketAddress(family, host, text.substring(colon + 1));
    }

    boolean isInternet() {
        return family == INET || family == INET6;
    }
}
