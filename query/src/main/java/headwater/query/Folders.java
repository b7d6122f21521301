// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts names by folder, in memory that does not grow with them: when there are too many folders, the deepest are counted with those
 * above them.
 */
public final class Folders {
    private static final int MAX_KEPT = 4096;

    /**
     * @param folder a folder, of which all below is meant
     */
    public record Group(String folder, long count) {
    }

    private Map<String, Long> counts = new HashMap<>();

    /** Counts one more in the folder of {@code path}; what has none is counted under its own name. */
    public void add(String path) {
        int slash = path.lastIndexOf('/');
        counts.merge(slash > 0 ? path.substring(0, slash) : slash == 0 ? "/" : path, 1L, Long::sum);
        if (counts.size() > MAX_KEPT) {
            counts = rolledUp(MAX_KEPT / 2);
        }
    }

    public boolean isEmpty() {
        return counts.isEmpty();
    }

    /** The groups that all can be told in, {@code max} or a few more, the largest first. */
    public List<Group> groups(int max) {
        List<Group> groups = new ArrayList<>();
        rolledUp(max).forEach((folder, count) -> groups.add(new Group(folder, count)));
        groups.sort(Comparator.comparingLong(Group::count).reversed().thenComparing(Group::folder));
        return groups;
    }

    private Map<String, Long> rolledUp(int max) {
        Map<String, Long> now = new TreeMap<>(counts);
        while (now.size() > max) {
            // Keys, not entries: to remove from a tree may move another key into an entry.
            List<String> smallest = new ArrayList<>(now.keySet());
            smallest.removeIf(folder -> parent(folder) == null);
            if (smallest.isEmpty()) {
                return now;
            }
            // The small and deep first; a few at a time, for what is added to a folder makes it large.
            smallest.sort(Comparator.<String>comparingLong(now::get).thenComparing(folder -> -depth(folder)));
            int some = Math.max(1, Math.min((now.size() - max) / 2, smallest.size() / 2));
            for (String folder : smallest.subList(0, some)) {
                Long count = now.remove(folder);
                now.merge(parent(folder), count, Long::sum);
            }
        }
        return now;
    }

    private static int depth(String folder) {
        return (int) folder.chars().filter(c -> c == '/').count();
    }

    private static String parent(String folder) {
        int slash = folder.lastIndexOf('/');
        return slash < 0 || folder.equals("/") ? null : slash == 0 ? "/" : folder.substring(0, slash);
    }
}
