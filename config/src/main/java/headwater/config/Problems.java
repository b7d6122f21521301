// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers the problems of one file. */
final class Problems {
    /** A file of noise has a problem on each line; nobody reads more than these. */
    static final int MAX = 1_000;
    private static final int SHOWN_CHARS = 200;

    private final String file;
    private final List<Problem> all = new ArrayList<>();
    private boolean errors;
    private int leftOut;

    Problems(String file) {
        this.file = file;
    }

    void error(IniEntry entry, String what, String next) {
        add(Severity.ERROR, entry, what, next);
    }

    void warning(IniEntry entry, String what, String next) {
        add(Severity.WARNING, entry, what, next);
    }

    private void add(Severity severity, IniEntry entry, String what, String next) {
        add(severity, entry.line(), entry.section().toString(), entry.key().toString(), entry.value().toString(), what, next);
    }

    /** @param line from 1; 0 for the file as a whole */
    void add(Severity severity, int line, String section, String key, String value, String what, String next) {
        errors |= severity == Severity.ERROR;
        if (isFull()) {
            leftOut++;
            return;
        }
        all.add(new Problem(severity, file, line, cut(section), cut(key), cut(value), what, next));
    }

    /** True if what is added from now on is only counted. */
    boolean isFull() {
        return all.size() >= MAX;
    }

    boolean hasErrors() {
        return errors;
    }

    /** In the order of the lines. */
    List<Problem> inOrder() {
        List<Problem> ordered = new ArrayList<>(all);
        ordered.sort(Comparator.comparingInt(Problem::line));
        if (leftOut > 0) {
            ordered.add(new Problem(errors ? Severity.ERROR : Severity.WARNING, file, 0, "", "", "",
                    "further problems: count=" + leftOut, "mend these first, then check again"));
        }
        return List.copyOf(ordered);
    }

    /** Not longer than anyone reads. */
    static String cut(String text) {
        return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "…";
    }
}
