// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Files on a disk that holds so many bytes: a write beyond them puts down what fits and fails, as ENOSPC does. */
final class FullDisk implements SegmentFile.Opener {
    long roomBytes = Long.MAX_VALUE;
    boolean syncFails;
    boolean truncateFails;

    @Override
    public SegmentFile open(Path path, boolean create) throws IOException {
        SegmentFile file = SegmentFile.Opener.FILES.open(path, create);
        return new SegmentFile() {
            @Override
            public void write(ByteBuffer bytes, long position) throws IOException {
                int fits = (int) Math.min(bytes.remaining(), roomBytes);
                roomBytes -= fits;
                boolean all = fits == bytes.remaining();
                file.write(bytes.slice(bytes.position(), fits), position);
                if (!all) {
                    throw new IOException("No space left on device");
                }
            }

            @Override
            public void truncate(long length) throws IOException {
                if (truncateFails) {
                    throw new IOException("Input/output error");
                }
                file.truncate(length);
            }

            @Override
            public void force(boolean metadata) throws IOException {
                if (syncFails) {
                    throw new IOException("Input/output error");
                }
                file.force(metadata);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }
}
