// SPDX-License-Identifier: Apache-2.0
package headwater.graph.lines;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which lines of a log become annotations, and what of them. Patterns are those of RE2: each line takes a time in proportion to its
 * length, whatever a hostile process writes.
 *
 * @param name of the rule, as the annotations have it
 * @param format what the bytes are
 * @param pattern is searched for in the text; its named groups become fields. Null: every line is kept
 * @param keepUnmatched whether lines that the pattern does not match are kept, without fields of it
 * @param pathGroup the named group that says which file the line is about; empty for none
 * @param tag the syslog tag or journal identifier that lines must claim; empty for any
 * @param unit the systemd unit that the process must run in, by its control group; empty for any
 */
public record AnnotationRule(String name, LineFormat format, Pattern pattern, boolean keepUnmatched, String pathGroup, String tag,
        String unit) {
    /** The group that says which file a line is about, unless another is named. */
    public static final String PATH_GROUP = "path";
    private static final int PATTERN_CHARS_MAX = 4096;

    /**
     * The pattern of a rule.
     *
     * @throws IllegalArgumentException if it is none, naming it and what is wrong
     */
    public static Pattern pattern(String text) {
        if (text.length() > PATTERN_CHARS_MAX) {
            throw new IllegalArgumentException("the pattern is too long: characters=" + text.length() + ", max=" + PATTERN_CHARS_MAX
                    + "; shorten it");
        }
        try {
            Pattern pattern = Pattern.compile(text);
            if (pattern.groupCount() > SaidLine.FIELDS_MAX) {
                throw new IllegalArgumentException("the pattern has too many groups: groups=" + pattern.groupCount() + ", max="
                        + SaidLine.FIELDS_MAX + "; write (?:…) for groups without a name");
            }
            return pattern;
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not a pattern of RE2: " + e.getDescription() + (e.getPattern().isEmpty() ? ""
                    : ", at=" + e.getPattern()) + "; named groups are (?P<name>…), and there are no look-aheads and back references");
        }
    }

    /** True if the process runs in the unit that the rule asks for. */
    public boolean isOfUnit(String cgroup) {
        return unit.isEmpty() || unit.equals(unitOf(cgroup));
    }

    /**
     * The system unit that a control group belongs to: below slices, the first that is none. What a user makes in the group that was
     * delegated to it, whatever it is called, belongs to {@code user@UID.service}. Empty if there is none.
     *
     * @param cgroup its path in the unified hierarchy, null if that is not known
     */
    static String unitOf(String cgroup) {
        if (cgroup == null) {
            return "";
        }
        for (String part : cgroup.split("/")) {
            if (!part.isEmpty() && !part.endsWith(".slice")) {
                return part;
            }
        }
        return "";
    }

    /** The fields that the line has by this rule; null if it is not to be kept. */
    public Map<String, String> fields(SaidLine line) {
        if (!tag.isEmpty() && !tag.equals(line.fields().get("tag")) && !tag.equals(line.fields().get("syslog_identifier"))) {
            return null;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        if (pattern != null) {
            Matcher matcher = pattern.matcher(line.text());
            if (matcher.find()) {
                for (String group : pattern.namedGroups().keySet()) {
                    String value = matcher.group(group);
                    if (value != null) {
                        fields.put(group, SaidLine.cut(value));
                    }
                }
            } else if (!keepUnmatched) {
                return null;
            }
        }
        for (Map.Entry<String, String> claimed : line.fields().entrySet()) {
            if (fields.size() < 2 * SaidLine.FIELDS_MAX) {
                fields.putIfAbsent(claimed.getKey(), claimed.getValue());
            }
        }
        return fields;
    }
}
