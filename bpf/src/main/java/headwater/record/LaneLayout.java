// SPDX-License-Identifier: Apache-2.0
package headwater.record;

/**
 * What each CPU counts ({@code struct lane} of {@code bpf/record.h}): eight-byte numbers, CPU after CPU.
 *
 * <pre>
 *   0        8        16        24       32                              352
 *   +--------+--------+---------+--------+-------------- 5 x 8 x 8 -------+
 *   | objects| states |unwritten| refused| lost, by cause, then by class  |
 *   +--------+--------+---------+--------+--------------------------------+
 * </pre>
 */
public final class LaneLayout {
    /** Records that there was no room for. */
    public static final int UNWRITTEN = 16;
    /** Operations refused. */
    public static final int REFUSED = 24;
    public static final int LOST = 32;
    /** How many causes there are: {@code enum loss}. */
    public static final int CAUSES = 5;
    public static final int BYTES = LOST + 8 * CAUSES * RecordClass.COUNT;

    private LaneLayout() {
    }

    /** Where the losses of a cause and a {@link RecordClass} are counted. */
    public static int lost(int cause, int recordClass) {
        return LOST + 8 * (cause * RecordClass.COUNT + recordClass);
    }
}
