// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A path pattern: {@code *} and {@code ?} stand for characters other than {@code /}, {@code **} for any, {@code [a-z]}
 * and {@code [!a-z]} for one of a set. One without a {@code /} is of the last name of a path. Matches in time linear in
 * the path.
 */
public final class Glob {
    private final Pattern pattern;
    private final boolean lastNameOnly;

    private Glob(Pattern pattern, boolean lastNameOnly) {
        this.pattern = pattern;
        this.lastNameOnly = lastNameOnly;
    }

    /** Reads a pattern; anything is one. */
    public static Glob of(String glob) {
        StringBuilder regex = new StringBuilder("(?s)");
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (glob.startsWith("**/", i)) {
                // Also no folder at all.
                regex.append("(?:.*/)?");
                i += 2;
            } else if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (c == '[' && glob.indexOf(']', i + 2) > 0) {
                int end = glob.indexOf(']', i + 2);
                String set = glob.substring(i + 1, end);
                boolean not = set.startsWith("!") || set.startsWith("^");
                regex.append(not ? "[^" : "[").append((not ? set.substring(1) : set).replace("\\", "\\\\")
                        .replace("[", "\\[")
                        .replace("^", "\\^").replace("]", "\\]").replace("&&", "&\\&")).append(']');
                i = end;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return new Glob(compiled(regex.toString(), glob), glob.indexOf('/') < 0);
    }

    private static Pattern compiled(String regex, String glob) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            // A set such as [z-a]: it is meant as it stands.
            return Pattern.compile(Pattern.quote(glob));
        }
    }

    public boolean matches(String path) {
        return pattern.matches(lastNameOnly ? path.substring(path.lastIndexOf('/') + 1) : path);
    }
}
