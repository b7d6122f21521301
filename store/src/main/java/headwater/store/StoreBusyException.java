// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import java.nio.file.Path;

/** Another process, or another part of this one, is writing to the store. */
public final class StoreBusyException extends StoreException {
    private static final long serialVersionUID = 1;

    /** @param holder who holds the lock, as it wrote of itself; "unknown" if it did not */
    public StoreBusyException(Path store, String holder) {
        super("store is being written: store=" + store + ", holder=" + holder
                + "; stop it, or name another store with --store");
    }
}
