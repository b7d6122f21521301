// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import headwater.store.log.SegmentFile;
import java.nio.file.Path;
import java.time.Clock;

/** Opens stores whose segments end soon. */
public final class SmallSegments {
    private SmallSegments() {
    }

    public static Store open(Path path, long segmentBytes) {
        return Store.openForWriting(path, "test", SegmentFile.Opener.FILES, segmentBytes, Clock.systemUTC());
    }
}
