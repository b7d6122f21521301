// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The arguments with which a process's program was executed: the argv nodes that flowed into its memory, in order. */
public final class CommandLines {
    /** Nobody reads more of one, and a linker's command may have 30,000. */
    private static final int MAX_ARGUMENTS = 64;
    /** As many are remembered; a large graph has millions. */
    private static final int MAX_KNOWN = 10_000;

    private final GraphView view;
    private final Map<Long, String> known = new HashMap<>();

    public CommandLines(GraphView view) {
        this.view = view;
    }

    /**
     * The command line of a process_memory object as one would type it, or an empty text if no arguments are known (it
     * was forked and executed nothing).
     */
    public String of(long memory) {
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
        return known.computeIfAbsent(memory, this::read);
    }

    private String read(long memory) {
        List<String> words = new ArrayList<>();
        for (long node : view.versions(memory)) {
            view.causes(node, (edge, relation, other, timeNs) -> {
                long object = view.object(other);
                if (relation == Relation.ARG && view.kind(object) == NodeKind.ARGV) {
                    byte[] value = view.attributes(object).bytes(Attribute.VALUE);
                    words.add(value == null ? "?" : quoted(Escapes.toLine(value)));
                }
                return words.size() < MAX_ARGUMENTS;
            });
        }
        return String.join(" ", words);
    }

    /** As a shell would need it. */
    static String quoted(String word) {
        if (!word.isEmpty() && word.chars().allMatch(c -> Character.isLetterOrDigit(c)
                || "@%+=:,./-_~".indexOf(c) >= 0)) {
            return word;
        }
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
