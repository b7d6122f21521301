// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Gathers the marked targets of one section. */
final class MarksReader<T> {
    private final Problems problems;
    private final Values values;
    private final Function<IniEntry, Optional<T>> target;
    private final Map<Mark, List<T>> marked = new EnumMap<>(Mark.class);
    private final Map<T, IniEntry> opaque = new HashMap<>();

    /** @param target what a value names; empty if it says nothing, and then it has told the problem */
    MarksReader(Problems problems, Function<IniEntry, Optional<T>> target) {
        this.problems = problems;
        this.values = new Values(problems);
        this.target = target;
    }

    /** Puts a key for each of {@code marks} into the schema. */
    MarksReader<T> in(Schema schema, String section, Origin origin, Mark... marks) {
        for (Mark mark : marks) {
            schema.list(section, mark.text(), origin, entry -> add(mark, entry));
        }
        return this;
    }

    private void add(Mark mark, IniEntry entry) {
        target.apply(entry).ifPresent(value -> {
            values.add(entry, list(mark), value);
            if (mark == Mark.OPAQUE) {
                opaque.putIfAbsent(value, entry);
            }
        });
    }

    private List<T> list(Mark mark) {
        return marked.computeIfAbsent(mark, m -> new ArrayList<>());
    }

    /** The marks, once all values are added. */
    Marks<T> finish() {
        for (Mark mark : List.of(Mark.TRACK, Mark.PROPAGATE)) {
            for (T value : list(mark)) {
                IniEntry entry = opaque.get(value);
                if (entry != null) {
                    problems.warning(entry, "contradictory marks: it is both opaque and " + mark.text(),
                            "opaque wins, and nothing of it is recorded; remove one of both");
                }
            }
        }
        return new Marks<>(list(Mark.TRACK), list(Mark.PROPAGATE), list(Mark.OPAQUE), list(Mark.RECORD));
    }
}
