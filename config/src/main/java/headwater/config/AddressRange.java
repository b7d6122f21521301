// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IPv4 or IPv6 addresses, and one port of each or all.
 *
 * @param address the first of the range: bits beyond the prefix are zero
 * @param prefixLength in bits, 0 to 32 or 0 to 128
 * @param port 0 to 65535; 0 means any
 */
public record AddressRange(InetAddress address, int prefixLength, int port) {
    private static final Pattern IPV4 = Pattern.compile("([0-9.]+)/([0-9]{1,3}):([0-9]{1,5})");
    private static final Pattern IPV6 = Pattern.compile("\\[([0-9a-fA-F:.]+)]/([0-9]{1,3}):([0-9]{1,5})");
    private static final Pattern OCTETS = Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})(?:\\.(?!$)|$)){4}");

    /** Sets the bits beyond the prefix to zero. */
    public AddressRange {
        int bits = address.getAddress().length * 8;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new IllegalArgumentException("wrong prefix length: length=" + prefixLength + ", max=" + bits);
        }
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("wrong port: port=" + port + ", max=65535");
        }
        address = first(address, prefixLength);
    }

    /**
     * Reads {@code a.b.c.d/len:port}.
     *
     * @throws IllegalArgumentException if it is none, saying why
     */
    public static AddressRange ofIpv4(String text) {
        Matcher matcher = IPV4.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an IPv4 range; write a.b.c.d/length:port, port 0 for any");
        }
        if (!OCTETS.matcher(matcher.group(1)).matches()) {
            throw new IllegalArgumentException("not an IPv4 address: address=" + matcher.group(1)
                    + "; write four decimal numbers without leading zeros");
        }
        return of(literal4(matcher.group(1)), matcher);
    }

    /**
     * Reads {@code [address]/len:port}.
     *
     * @throws IllegalArgumentException if it is none, saying why
     */
    public static AddressRange ofIpv6(String text) {
        Matcher matcher = IPV6.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an IPv6 range; write [address]/length:port, port 0 for any");
        }
        InetAddress address;
        try {
            address = Inet6Address.ofLiteral(matcher.group(1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not an IPv6 address: address=" + matcher.group(1), e);
        }
        if (address instanceof Inet4Address) {
            throw new IllegalArgumentException("an IPv4 address in IPv6 form: address=" + matcher.group(1)
                    + "; write it into the ipv4 section");
        }
        return of(address, matcher);
    }

    /** True if the address that {@code text} writes is the first of {@code range}, which was made from it. */
    static boolean isFirst(String text, AddressRange range) {
        int slash = text.lastIndexOf('/');
        String host = text.startsWith("[") ? text.substring(1, slash - 1) : text.substring(0, slash);
        return InetAddress.ofLiteral(host).equals(range.address);
    }

    private static AddressRange of(InetAddress address, Matcher matcher) {
        return new AddressRange(address, Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
    }

    private static InetAddress literal4(String text) {
        try {
            return Inet4Address.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not an IPv4 address: address=" + text + "; each number is at most 255", e);
        }
    }

    private static InetAddress first(InetAddress address, int prefixLength) {
        byte[] bytes = address.getAddress();
        byte[] masked = bytes.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.clamp(prefixLength - i * 8L, 0, 8);
            masked[i] &= (byte) (0xff00 >> kept);
        }
        if (Arrays.equals(bytes, masked)) {
            return address;
        }
        try {
            return InetAddress.getByAddress(masked);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address changed its length: address=" + address, e);
        }
    }

    /** As it stands in the file; {@link #ofIpv4} or {@link #ofIpv6} reads it again. */
    public String text() {
        String host = address instanceof Inet6Address v6 ? '[' + ipv6(v6.getAddress()) + ']' : address.getHostAddress();
        return host + '/' + prefixLength + ':' + port;
    }

    /** RFC 5952: the longest run of zeros, of two or more, is left out. */
    private static String ipv6(byte[] bytes) {
        int[] words = new int[8];
        for (int i = 0; i < words.length; i++) {
            words[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < words.length; i++) {
            int end = i;
            while (end < words.length && words[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.length; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":").append(Integer.toHexString(words[i]));
            }
        }
        return text.toString();
    }
}
