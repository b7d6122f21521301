// SPDX-License-Identifier: Apache-2.0
package headwater.query.picture;

import headwater.model.Relation;
import headwater.query.Explain;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Information that went from one figure to another.
 *
 * @param from index of the cause among the picture's figures
 * @param to index of the effect
 * @param relations by which it went
 * @param firstNs when it first went, nanoseconds since the Unix epoch
 */
public record Arrow(int from, int to, Set<Relation> relations, long firstNs) {
    private static final Set<Relation> WEAK = EnumSet.of(Relation.OPEN, Relation.GETATTR, Relation.SEARCH,
            Relation.PERM_CHECK, Relation.READ_LINK, Relation.LISTXATTR, Relation.FILE_LOCK, Relation.RAN_ON);

    private static final Set<Relation> DATA = EnumSet.of(Relation.READ, Relation.WRITE, Relation.SEND,
            Relation.SEND_MSG,
            Relation.RECEIVE, Relation.RECEIVE_MSG, Relation.SH_READ, Relation.SH_WRITE, Relation.SPLICE_OUT, Relation.COPY);
    /** The words that push out all others, strongest first. */
    private static final List<Set<String>> STRONG = List.of(Set.of("exec"), Set.of("clone"),
            Set.of("read", "write", "send", "receive", "copy"), Set.of("mmap", "connect", "accept"));

    /** True if content was read or written by name, not as a program or a library. */
    public boolean carriesData() {
        return relations.stream().anyMatch(DATA::contains);
    }

    /** True if nothing was seen to flow: it was told. */
    public boolean isDisclosed() {
        return relations.stream().allMatch(Relation::isDisclosed);
    }

    /** True if only names and permissions were looked at, not content. */
    public boolean isWeak() {
        return WEAK.containsAll(relations);
    }

    /** One or two words for people, such as {@code read} or {@code exec, mmap}. */
    public String label() {
        Set<String> words = new LinkedHashSet<>();
        for (Relation relation : relations) {
            String word = word(relation);
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        for (Set<String> strong : STRONG) {
            // What it was made ready for says more than how.
            if (words.stream().anyMatch(strong::contains)) {
                words.retainAll(strong);
                break;
            }
        }
        String label = String.join(", ", words.stream().limit(2).toList());
        return words.size() > 2 ? label + " …" : label;
    }

    private static String word(Relation relation) {
        return switch (relation) {
            case CLONE, CLONE_MEM -> "clone";
            case EXEC -> "exec";
            case MMAP, MMAP_PRIVATE -> "mmap";
            case SEND, SEND_MSG, SEND_PACKET, SEND_UNIX -> "send";
            case RECEIVE, RECEIVE_MSG, RECEIVE_PACKET, RECEIVE_UNIX -> "receive";
            case MEMORY_READ, MEMORY_WRITE, EXEC_TASK, VERSION_ENTITY, VERSION_ACTIVITY -> "";
            default -> Explain.words(relation);
        };
    }
}
