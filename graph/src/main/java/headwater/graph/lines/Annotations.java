// SPDX-License-Identifier: Apache-2.0
package headwater.graph.lines;

import java.util.List;

/**
 * The rules by which lines of logs become annotations.
 *
 * @param rules at most {@link #RULES_MAX}; the first that takes a line counts
 * @param linesPerSecond how many lines of one user are looked at, twice as many at once; from 1
 */
public record Annotations(List<AnnotationRule> rules, int linesPerSecond) {
    public static final int RULES_MAX = 32;
    public static final int LINES_PER_SECOND = 1000;

    public static final Annotations NONE = new Annotations(List.of(), LINES_PER_SECOND);

    public Annotations {
        rules = List.copyOf(rules);
        if (rules.size() > RULES_MAX || linesPerSecond < 1) {
            throw new IllegalArgumentException("annotations out of range: rules=" + rules.size() + ", max=" + RULES_MAX
                    + ", lines_per_second=" + linesPerSecond);
        }
    }
}
