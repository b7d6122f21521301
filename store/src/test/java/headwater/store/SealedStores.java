// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import headwater.store.log.SegmentFile;
import java.nio.file.Path;
import java.time.Clock;

/** Opens stores for tests in other packages. */
public final class SealedStores {
    private SealedStores() {
    }

    /** With small segments. */
    public static Store open(Path path, long segmentBytes) {
        return open(path, segmentBytes, SegmentFile.Opener.FILES);
    }

    /** As the other, on another disk. */
    public static Store open(Path path, long segmentBytes, SegmentFile.Opener opener) {
        return Store.openForWriting(path, "test", opener, segmentBytes, Clock.systemUTC());
    }
}
