// SPDX-License-Identifier: Apache-2.0
package headwater.query.picture;

import headwater.model.Relation;
import java.util.EnumSet;
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

    /** True if only names and permissions were looked at, not content. */
    public boolean isWeak() {
        return WEAK.containsAll(relations);
    }

    /** One or two words for people, such as {@code read} or {@code exec, mmap}. */
    public String label() {
        Set<String> words = new java.util.LinkedHashSet<>();
        for (Relation relation : relations) {
            String word = word(relation);
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        if (words.contains("exec") || words.contains("clone")) {
            String word = words.contains("exec") ? "exec" : "clone";
            words.clear();
            words.add(word);
        }
        if (!isWeak()) {
            words.removeIf(word -> WEAK.stream().anyMatch(weak -> weak.text().replace('_', ' ').equals(word)));
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
            default -> relation.text().replace('_', ' ');
        };
    }
}
