// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Socket addresses as SOCKADDR records have them: the bytes of the kernel's structure in hexadecimal, or ausearch's
 * words.
 */
final class AuditAddress {
    private static final Pattern WORDS = Pattern.compile("\\{ (?:saddr_)?fam=(\\S+)(?: laddr=(\\S+) lport=(\\S+)| path=(\\S+))?.*");
    private static final Pattern OLD_WORDS = Pattern.compile("(inet6?) host:(\\S+) serv:(\\S+)");

    private AuditAddress() {
    }

    /** The family's number and the address; null if it is of a family without one, or none. */
    static String[] of(String saddr) {
        if (saddr == null) {
            return null;
        }
        Matcher words = WORDS.matcher(saddr);
        if (words.matches()) {
            return words.group(4) != null ? new String[] {"1", words.group(4)}
                    : internet(words.group(1), words.group(2), words.group(3));
        }
        Matcher old = OLD_WORDS.matcher(saddr);
        if (old.matches()) {
            return internet(old.group(1), old.group(2), old.group(3));
        }
        return saddr.length() % 2 == 0 && saddr.chars().allMatch(HexFormat::isHexDigit)
                ? bytes(HexFormat.of().parseHex(saddr)) : null;
    }

    private static String[] internet(String family, String host, String port) {
        return host == null ? null : family.equals("inet6") ? new String[] {"10", "[" + host + "]:" + port}
                : new String[] {"2", host + ":" + port};
    }

    private static String[] bytes(byte[] saddr) {
        int family = saddr.length < 2 ? 0 : saddr[0] & 0xff | (saddr[1] & 0xff) << 8;
        if (family == 2 && saddr.length >= 8) {
            return new String[] {"2", host(Arrays.copyOfRange(saddr, 4, 8)) + ":" + port(saddr)};
        }
        if (family == 10 && saddr.length >= 24) {
            return new String[] {"10", "[" + host(Arrays.copyOfRange(saddr, 8, 24)) + "]:" + port(saddr)};
        }
        if (family == 1 && saddr.length > 2) {
            int from = saddr[2] == 0 ? 3 : 2;
            int to = from;
            while (to < saddr.length && saddr[to] != 0) {
                to++;
            }
            return to == from ? null : new String[] {"1", (from == 3 ? "@" : "") + new String(saddr, from, to - from,
                    StandardCharsets.UTF_8)};
        }
        return null;
    }

    private static int port(byte[] saddr) {
        return (saddr[2] & 0xff) << 8 | saddr[3] & 0xff;
    }

    private static String host(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
