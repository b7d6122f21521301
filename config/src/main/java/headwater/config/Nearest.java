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

    /** Levenshtein's distance, two neighbours that changed places counted as one change; {@code bound} or more if it is not less. */
    private static int distance(String a, String b, int bound) {
        if (Math.abs(a.length() - b.length()) >= bound) {
            return bound;
        }
        int[][] rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            rows[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            rows[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int change = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                rows[i][j] = Math.min(change, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
                }
            }
        }
        return rows[a.length()][b.length()];
    }
}
