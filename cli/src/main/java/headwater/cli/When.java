// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.expression.TimeText;
import java.time.Clock;

/** A time on the command line: {@link TimeText}. */
final class When {
    static final String FORMS = TimeText.FORMS;

    private When() {
    }

    /**
     * Nanoseconds since the Unix epoch. A time without a zone is in the clock's.
     *
     * @throws Failure if {@code text} is of no known form
     */
    static long parse(String option, String text, Clock clock) throws Failure {
        return TimeText.parse(text, clock)
                .orElseThrow(() -> new Failure(ExitCode.WRONG_USE, "not a time: " + option + "=" + text + ", want=" + FORMS));
    }
}
