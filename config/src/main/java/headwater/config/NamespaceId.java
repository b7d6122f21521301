// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One namespace of this boot.
 *
 * @param inode the number that {@code readlink /proc/PID/ns/KIND} shows, 1 to 4294967295
 */
public record NamespaceId(Kind kind, long inode) {
    private static final Pattern FORM = Pattern.compile("([a-z]+):(?:([0-9]{1,10})|\\[([0-9]{1,10})])");
    private static final long INODE_MAX = 0xffff_ffffL;

    /** The kinds of namespace; CamFlow has neither of the last two. */
    public enum Kind {
        UTS, IPC, MNT, PID, NET, CGROUP, USER, TIME;

        /** Its name under /proc/PID/ns. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public NamespaceId {
        if (inode < 1 || inode > INODE_MAX) {
            throw new IllegalArgumentException("wrong inode number of a namespace: inode=" + inode + ", max=" + INODE_MAX);
        }
    }

    /**
     * Reads {@code kind:inode}, or {@code kind:[inode]} as readlink(1) prints it.
     *
     * @throws IllegalArgumentException if it is none, saying why
     */
    public static NamespaceId of(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a namespace; write kind:inode, as readlink /proc/PID/ns/net shows it");
        }
        for (Kind kind : Kind.values()) {
            if (kind.text().equals(matcher.group(1))) {
                String inode = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
                return new NamespaceId(kind, Long.parseLong(inode));
            }
        }
        throw new IllegalArgumentException("unknown kind of namespace: kind=" + matcher.group(1) + "; use "
                + Arrays.stream(Kind.values()).map(Kind::text).collect(Collectors.joining(", ")));
    }

    /** As it stands in the file. */
    public String text() {
        return kind.text() + ':' + inode;
    }
}
