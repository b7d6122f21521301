// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which object each path names now, as far as this session knows; in the order of the paths, so that a directory's lie
 * together.
 */
final class NameTable {
    private final TreeMap<String, Integer> byPath = new TreeMap<>();
    /** How many names each object has. */
    private final LongIntMap counts = new LongIntMap();

    /** The handle of the object that {@code path} names, -1 if it is not known. */
    int at(String path) {
        return byPath.getOrDefault(path, -1);
    }

    /** From now on {@code path} names {@code object}, and nothing else. */
    void bind(String path, int object) {
        Integer before = byPath.put(path, object);
        if (before != null && before == object) {
            return;
        }
        if (before != null) {
            forget(before);
        }
        counts.put(object, Math.max(0, counts.get(object)) + 1);
    }

    /** From now on {@code path} names nothing. Returns what it named, -1 if nothing. */
    int unbind(String path) {
        Integer before = byPath.remove(path);
        if (before == null) {
            return -1;
        }
        forget(before);
        return before;
    }

    private void forget(int object) {
        int left = counts.get(object) - 1;
        if (left == 0) {
            counts.remove(object);
        } else {
            counts.put(object, left);
        }
    }

    boolean hasName(int object) {
        return counts.get(object) > 0;
    }

    /** Takes out all names beneath the directory {@code path}, and tells them and what they named. */
    List<Map.Entry<String, Integer>> takeBeneath(String path) {
        List<Map.Entry<String, Integer>> taken = new ArrayList<>();
        for (Map.Entry<String, Integer> entry : byPath.subMap(path + "/", path + (char) ('/' + 1)).entrySet()) {
            taken.add(Map.entry(entry.getKey(), entry.getValue()));
        }
        for (Map.Entry<String, Integer> entry : taken) {
            unbind(entry.getKey());
        }
        return taken;
    }
}
