// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.record.RecordLayout;
import java.lang.foreign.MemorySegment;

/** How much text a record holds. */
final class Text {
    private Text() {
    }

    /** The bytes of text, which begin {@code text} bytes into the record, checked against the record's length. */
    static int length(MemorySegment record, long at, int text, int lengthBytes) {
        int length = RecordLayout.arg(record, at);
        if (length < 0 || length > lengthBytes - text) {
            throw new MalformedRecordException("text runs over its record: textBytes=" + length + ", recordBytes="
                    + lengthBytes);
        }
        return length;
    }
}
