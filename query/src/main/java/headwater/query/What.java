// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a question is about, as people write it:
 * <pre>
 *   /etc/passwd   ./notes.txt       a path (the object that it names now, all versions)
 *   /etc/passwd@3                   one version of it
 *   pid:4711                        a process, by its process or thread id
 *   tcp:93.184.216.34:443           a network address; IPv6 as tcp:[2001:db8::1]:443
 *   udp:10.0.0.2:53
 *   root:0:54:2/etc/passwd          a path below another root directory, as answers show it
 *   hw:41   hw:41@3                 an object, or one version of it, by the id that answers show
 * </pre>
 * A byte may be written {@code \xNN}. A relative path that begins like one of the prefixes is written with {@code ./}.
 */
public sealed interface What {
    /** As it was written. */
    String text();

    /**
     * @param path the bytes of the path, not yet absolute
     * @param pathBeforeAt the path if a trailing {@code @VERSION} is one, else null
     * @param version that version, -1 if there is none
     */
    record FilePath(String text, byte[] path, byte[] pathBeforeAt, int version) implements What {
    }

    record Pid(String text, long pid) implements What {
    }

    /**
     * @param protocol 6 (TCP) or 17 (UDP)
     * @param host the host, without brackets
     */
    record Address(String text, int protocol, String host, int port) implements What {
    }

    /**
     * @param version -1 for all versions
     */
    record Id(String text, long object, int version) implements What {
    }

    /** WHAT is not of a form that is understood; the message names it and the form that is wanted. */
    final class WrongWhatException extends IllegalArgumentException {
        WrongWhatException(String message) {
            super(message);
        }
    }

    /**
     * Reads a WHAT.
     *
     * @throws WrongWhatException if it is of no known form
     */
    static What parse(String text) {
        if (text.isEmpty()) {
            throw new WrongWhatException("WHAT is empty: give a path, pid:N, tcp:HOST:PORT, udp:HOST:PORT or "
                    + "hw:OBJECT");
        }
        int colon = text.indexOf(':');
        return switch (colon < 0 ? "" : text.substring(0, colon)) {
            case "pid" -> pid(text);
            case "tcp" -> address(text, 6);
            case "udp" -> address(text, 17);
            case "hw" -> id(text);
            default -> path(text);
        };
    }

    private static What pid(String text) {
        Matcher matcher = Forms.PID.matcher(text);
        if (!matcher.matches()) {
            throw new WrongWhatException("not a process id: what=" + Escapes.toLine(text) + ", want=pid:NUMBER");
        }
        return new Pid(text, Long.parseLong(matcher.group(1)));
    }

    private static What address(String text, int protocol) {
        Matcher matcher = Forms.ADDRESS.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : -1;
        if (port < 0 || port > 65535) {
            throw new WrongWhatException("not a network address: what=" + Escapes.toLine(text) + ", want="
                    + text.substring(0, 3) + ":HOST:PORT, or " + text.substring(0, 3) + ":[IPV6]:PORT");
        }
        String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return new Address(text, protocol, host.toLowerCase(Locale.ROOT), port);
    }

    private static What id(String text) {
        Matcher matcher = Forms.ID.matcher(text);
        if (!matcher.matches()) {
            throw new WrongWhatException("not an id: what=" + Escapes.toLine(text)
                    + ", want=hw:OBJECT or hw:OBJECT@VERSION");
        }
        int version = matcher.group(2) == null ? -1 : Integer.parseInt(matcher.group(2));
        return new Id(text, Long.parseLong(matcher.group(1)), version);
    }

    private static What path(String text) {
        byte[] path = Escapes.toBytes(text);
        for (byte b : path) {
            if (b == 0) {
                throw new WrongWhatException("a path cannot hold a zero byte: what=" + Escapes.toLine(text));
            }
        }
        Matcher matcher = Forms.VERSION.matcher(text);
        if (!matcher.find() || matcher.start() == 0) {
            return new FilePath(text, path, null, -1);
        }
        byte[] before = Escapes.toBytes(text.substring(0, matcher.start()));
        return new FilePath(text, path, before, Integer.parseInt(matcher.group(1)));
    }

    /** The bytes of {@code host:port} as {@link headwater.model.Attribute#REMOTE_ADDRESS} holds them. */
    static byte[] addressBytes(String host, int port) {
        String text = host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** True for a path that begins at another root directory than this process's. */
    static boolean isOfOtherRoot(byte[] path) {
        return Forms.OTHER_ROOT.matcher(new String(path, StandardCharsets.ISO_8859_1)).lookingAt();
    }

    /** The forms, bounded in length so that every number fits. */
    final class Forms {
        private static final Pattern PID = Pattern.compile("pid:([0-9]{1,10})");
        private static final Pattern ADDRESS = Pattern.compile(
                "(?:tcp|udp):(?:\\[([^\\]]+)\\]|([^:\\[\\]]+)):([0-9]{1,5})");
        private static final Pattern ID = Pattern.compile("hw:([0-9]{1,18})(?:@([0-9]{1,9}))?");
        private static final Pattern OTHER_ROOT = Pattern.compile("root:[0-9]+:[0-9]+:[0-9]+/");
        private static final Pattern VERSION = Pattern.compile("@([0-9]{1,9})$");

        private Forms() {
        }
    }
}
