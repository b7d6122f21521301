// SPDX-License-Identifier: Apache-2.0
package headwater.record;

import java.lang.foreign.MemorySegment;

/** Takes records in their one total order. */
@FunctionalInterface
public interface RecordHandler {
    /**
     * @param record memory that holds the record; valid during the call only
     * @param at offset of the record's first byte, see {@link RecordLayout}
     * @param lengthBytes bytes that were reserved for it
     */
    void record(MemorySegment record, long at, int lengthBytes);
}
