// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * An event was not taken: the log cannot be written and no more can be kept in memory. See {@link LogWriter#resume}.
 */
public final class LogRefusedException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    LogRefusedException(String message, IOException cause) {
        super(message, cause);
    }
}
