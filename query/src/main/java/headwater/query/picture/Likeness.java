// SPDX-License-Identifier: Apache-2.0
package headwater.query.picture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which figures play the same part: sixty compilers that each read a source and write an object are alike, and so are
 * the sources and the objects. Each figure begins with a colour of its own sort (folder, program) and takes, three
 * times over, a new one from its own and those of its neighbours (the refinement of Weisfeiler and Leman). Neighbours
 * count once, so that it does not matter how many headers a compiler read.
 */
final class Likeness {
    private static final int ROUNDS = 3;

    private int[] colours;

    /**
     * @param sorts what each figure is before its neighbours are looked at
     */
    Likeness(List<String> sorts, List<Arrow> arrows) {
        colours = numbered(sorts);
        for (int round = 0; round < ROUNDS; round++) {
            List<TreeSet<String>> neighbours = new ArrayList<>();
            for (int i = 0; i < colours.length; i++) {
                neighbours.add(new TreeSet<>());
            }
            for (Arrow arrow : arrows) {
                neighbours.get(arrow.from()).add(">" + arrow.label() + colours[arrow.to()]);
                neighbours.get(arrow.to()).add("<" + arrow.label() + colours[arrow.from()]);
            }
            List<String> next = new ArrayList<>();
            for (int i = 0; i < colours.length; i++) {
                next.add(colours[i] + " " + neighbours.get(i));
            }
            colours = numbered(next);
        }
    }

    /** Equal for figures that are alike. */
    int colour(int figure) {
        return colours[figure];
    }

    private static int[] numbered(List<String> texts) {
        Map<String, Integer> numbers = new HashMap<>();
        return texts.stream().mapToInt(text -> numbers.computeIfAbsent(text, key -> numbers.size())).toArray();
    }
}
