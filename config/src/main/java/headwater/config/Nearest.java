// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.Collection;
import java.util.Optional;

/** Finds the name that was perhaps meant. */
public final class Nearest {
    private Nearest() {
    }

    /** The one of {@code names} that {@code typed} is a beginning of, or else differs least from, if it does not differ much. */
    public static Optional<String> of(String typed, Collection<String> names) {
        String best = null;
        int bestDistance = Math.max(1, typed.length() / 3) + 1;
        for (String name : names) {
            int distance = name.startsWith(typed) && typed.length() > 2 ? 0 : distance(typed, name, bestDistance);
            if (distance < bestDistance) {
                best = name;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein's distance, or {@code bound} if it is not less. */
    private static int distance(String a, String b, int bound) {
        if (Math.abs(a.length() - b.length()) >= bound) {
            return bound;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
