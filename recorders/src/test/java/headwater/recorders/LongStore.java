// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import headwater.model.Gap;
import headwater.outputs.LongCapture;
import headwater.store.Store;
import java.nio.file.Path;

/** A store that grows as long as one likes: two sessions, blocks of many sizes, a gap. For one thread. */
public final class LongStore implements AutoCloseable {
    private final Store store;
    private final LongCapture capture;

    public LongStore(Path path, long seed) {
        store = Store.openForWriting(path, "test");
        capture = new LongCapture(store.writer(), seed);
        capture.begin();
        store.writer().sync();
    }

    public Store store() {
        return store;
    }

    public long nodes() {
        return capture.nodes();
    }

    public long edges() {
        return capture.edges();
    }

    /** So many edges more, in so many blocks, all durable. */
    public void grow(int edges, int blocks) {
        for (int i = 0; i < blocks; i++) {
            capture.go(edges / blocks);
            store.writer().sync();
        }
    }

    /** A session ends, something was lost, and another session begins. */
    public void turn() {
        capture.end();
        store.writer().gap(new Gap(Gap.Cause.RING_FULL, Gap.Kind.TRANSFER, 1, 1_795_168_800_000_000_000L,
                1_795_168_800_000_000_500L, 77));
        capture.begin();
        store.writer().sync();
    }

    public void end() {
        capture.end();
        store.writer().sync();
    }

    @Override
    public void close() {
        store.close();
    }
}
