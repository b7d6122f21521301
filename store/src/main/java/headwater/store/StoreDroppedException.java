// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import java.nio.file.Path;

/** Something was asked of a part of the log that retention has dropped, perhaps just now. */
public final class StoreDroppedException extends StoreException {
    private static final long serialVersionUID = 1;

    /** @param block the first that was asked for */
    public StoreDroppedException(Path log, long block, long firstKept) {
        super("this part of the log was dropped by retention: log=" + log + ", block=" + block + ", first block kept=" + firstKept
                + "; begin there");
    }
}
