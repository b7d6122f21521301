// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import java.nio.file.Path;

/** The log holds something that a Headwater did not write there, before its last block. */
public final class StoreDamagedException extends StoreException {
    private static final long serialVersionUID = 1;

    /**
     * @param file the segment
     * @param offset bytes from its start
     * @param block the number that the block there should have
     * @param what what is wrong
     */
    public StoreDamagedException(Path file, long offset, long block, String what) {
        super("store damaged: file=" + file + ", offset=" + offset + ", block=" + block + ", what=" + what
                + "; restore the file from a copy, or read what precedes it");
    }
}
