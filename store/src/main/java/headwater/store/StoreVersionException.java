// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import java.nio.file.Path;

/** The store was written by a newer Headwater than this one. */
public final class StoreVersionException extends StoreException {
    private static final long serialVersionUID = 1;

    public StoreVersionException(Path file, int format, int readsUpTo) {
        super("written by a newer Headwater: format=" + format + ", this one reads up to=" + readsUpTo + ", file="
                + file + "; use the Headwater that wrote it");
    }
}
