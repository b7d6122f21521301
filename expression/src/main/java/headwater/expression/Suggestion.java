// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import java.util.Collection;
import java.util.Locale;

/** What was perhaps meant. */
public final class Suggestion {
    private Suggestion() {
    }

    /** {@code ", did you mean X?"} with the known name that is nearest, or else {@code ", want one of …"}. */
    public static String of(String typed, Collection<String> known) {
        String best = null;
        int bestDistance = Math.max(1, typed.length() / 3) + 1;
        for (String name : known) {
            boolean part = typed.length() > 2 && (name.startsWith(typed) || typed.startsWith(name)
                    && name.length() > 2);
            int distance = name.equalsIgnoreCase(typed) ? 0 : Math.min(part ? 1 : Integer.MAX_VALUE,
                    distance(typed, name));
            if (distance < bestDistance) {
                best = name;
                bestDistance = distance;
            }
        }
        if (best != null) {
            return ", did you mean " + best + "?";
        }
        return known.isEmpty() ? "" : ", want one of " + String.join(" ", known.stream().limit(120).toList());
    }

    /** Levenshtein's; names are short. */
    private static int distance(String typed, String name) {
        String a = typed.substring(0, Math.min(typed.length(), 64)).toLowerCase(Locale.ROOT);
        String b = name.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
