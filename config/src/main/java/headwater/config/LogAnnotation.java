// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * One rule of section {@code [annotation]}: lines of these logs annotate what the processes that write them were doing.
 *
 * @param name of the rule, by which its keys find each other
 * @param files absolute paths of files, pipes and sockets; of whole directories, with a slash at the end
 * @param tags what a line to syslog must claim to be of
 * @param units systemd units whose processes' lines to journal and syslog are meant
 * @param pattern is searched for in each line, as RE2 has it; empty for none
 * @param unmatched {@link #KEEP} or {@link #DROP}: lines that the pattern does not match
 * @param pathGroup the group of the pattern that says which file a line is about
 * @param format one of {@link #FORMATS}; empty for what is usual at the path
 */
public record LogAnnotation(String name, List<RawText> files, List<String> tags, List<String> units, String pattern, String unmatched,
        String pathGroup, String format) {
    public static final String KEEP = "keep";
    public static final String DROP = "drop";
    public static final String PATH_GROUP = "path";
    public static final List<String> FORMATS = List.of("lines", "syslog", "journal", "stdout");
    /** How many rules there may be. */
    public static final int RULES_MAX = 32;
    static final int GROUPS_MAX = 32;
    private static final int PATTERN_MAX = 4096;

    /**
     * Section {@code [annotation]}.
     *
     * @param linesPerSecond how many lines of one user are looked at
     */
    public record Section(List<LogAnnotation> rules, int linesPerSecond) {
        public static final int LINES_PER_SECOND = 1000;
        public static final int LINES_PER_SECOND_MAX = 1_000_000;
        /** Nothing is annotated. */
        public static final Section NONE = new Section(List.of(), LINES_PER_SECOND);

        public Section {
            rules = List.copyOf(rules);
        }
    }

    public LogAnnotation {
        files = List.copyOf(files);
        tags = List.copyOf(tags);
        units = List.copyOf(units);
    }

    /** The same with paths that are not absolute taken to be in this folder. */
    public LogAnnotation in(Path folder) {
        return new LogAnnotation(name, files.stream().map(file -> file.startsWith("/") ? file
                : RawText.of(folder + "/" + file.utf8())).toList(), tags, units, pattern, unmatched, pathGroup, format);
    }

    /** Whether a text may be the name of a rule. */
    static boolean isName(String text) {
        return text.matches("[A-Za-z0-9_.-]{1,64}");
    }

    /**
     * Looks at a pattern.
     *
     * @throws IllegalArgumentException if it is none: what is wrong, and after a semicolon what to do
     */
    static String checked(String pattern) {
        if (pattern.length() > PATTERN_MAX) {
            throw new IllegalArgumentException("the pattern is too long: characters=" + pattern.length() + ", max=" + PATTERN_MAX
                    + "; shorten it");
        }
        try {
            int groups = Pattern.compile(pattern).groupCount();
            if (groups > GROUPS_MAX) {
                throw new IllegalArgumentException("the pattern has too many groups: groups=" + groups + ", max=" + GROUPS_MAX
                        + "; write (?:…) for groups without a name");
            }
            return pattern;
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not a pattern: " + e.getDescription() + (e.getPattern().isEmpty() ? ""
                    : ", at=" + e.getPattern()) + "; it is RE2's syntax: (?P<name>…), no look-aheads, no back references");
        }
    }

    /** True if the pattern has a group of this name. */
    static boolean hasGroup(String pattern, String name) {
        Set<String> names = Pattern.compile(pattern).namedGroups().keySet();
        return names.contains(name);
    }

    /**
     * Reads {@code NAME=PATH} or {@code NAME=PATH:PATTERN}, as a command line has it. A colon of the path's own cannot be written.
     *
     * @throws IllegalArgumentException if it is none: what is wrong, and after a semicolon what to do
     */
    public static LogAnnotation of(String text) {
        int equals = text.indexOf('=');
        if (equals < 0 || !isName(text.substring(0, equals))) {
            throw new IllegalArgumentException("not an annotation; write NAME=PATH or NAME=PATH:PATTERN, with a name of letters,"
                    + " digits and _.-");
        }
        String rest = text.substring(equals + 1);
        int colon = rest.indexOf(':');
        String path = colon < 0 ? rest : rest.substring(0, colon);
        String pattern = colon < 0 ? "" : checked(rest.substring(colon + 1));
        if (path.isEmpty()) {
            throw new IllegalArgumentException("the annotation has no path; write NAME=PATH or NAME=PATH:PATTERN");
        }
        return new LogAnnotation(text.substring(0, equals), List.of(RawText.of(path)), List.of(), List.of(), pattern,
                pattern.isEmpty() ? KEEP : DROP, PATH_GROUP, "");
    }
}
