// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.List;
import java.util.Optional;

/**
 * What came of a file.
 *
 * @param config empty if a problem is an error
 * @param problems all, in the order of the lines
 */
public record Parsed<T>(Optional<T> config, List<Problem> problems) {
    public Parsed {
        problems = List.copyOf(problems);
    }

    static <T> Parsed<T> of(T config, Problems problems) {
        return new Parsed<>(problems.hasErrors() ? Optional.empty() : Optional.of(config), problems.inOrder());
    }

    /** How many problems are of {@code severity}. */
    public int count(Severity severity) {
        return (int) problems.stream().filter(problem -> problem.severity() == severity).count();
    }
}
