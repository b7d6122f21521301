// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import java.util.function.LongConsumer;

/** Which objects a capture that runs may speak of in what it writes from now on, whichever segment told of them. */
@FunctionalInterface
public interface InUse {
    /** Nothing captures into the store. */
    InUse NONE = (objects, nodes) -> { };

    /**
     * Hands over the numbers of all objects in use, and of versions that are not the newest of theirs. When it returns, what was written before is in the log's files, and of other objects
     * the capture speaks only if they are files, directories, links or devices that were not deleted.
     */
    void each(LongConsumer objects, LongConsumer nodes);
}
