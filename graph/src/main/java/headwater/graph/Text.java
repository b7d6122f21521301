// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.record.RecordLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** How much text a record holds: what comes from outside is checked here. */
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

    /** The bytes of a {@code task_record}'s command name, which ends at its first NUL or fills its field. */
    static int commandLength(MemorySegment record, long at) {
        int length = 0;
        while (length < RecordLayout.TASK_COMMAND_BYTES
                && record.get(ValueLayout.JAVA_BYTE, at + RecordLayout.TASK_COMMAND + length) != 0) {
            length++;
        }
        return length;
    }
}
