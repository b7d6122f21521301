// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import java.util.List;

/**
 * What was asked, as the answer repeats it.
 *
 * @param verb {@code ancestors}, {@code descendants}, {@code explain} or {@code report}
 * @param whats what was asked about, as it was written: one, or two for {@code explain}
 */
public record Question(String verb, List<String> whats, Limits limits) {
    public static final String ANCESTORS = "ancestors";
    public static final String DESCENDANTS = "descendants";
    public static final String EXPLAIN = "explain";
    public static final String REPORT = "report";

    public Question {
        whats = List.copyOf(whats);
    }
}
