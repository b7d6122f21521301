// SPDX-License-Identifier: Apache-2.0
package headwater.record;

/**
 * What the loader tells the kernel side of logs that are annotated: {@code struct lines}, {@code line_place}, {@code line_rules} and
 * {@code line_request} of {@code bpf/lines.h}. A test compares both through the object's BTF.
 *
 * <pre>
 *   lines         0 active | 4 sockets | 8 generation | 12 plain
 *   line_place    0 directory (8) | 8 dev | 12 hash
 *   line_rules    0 rules (8) | 8 length | 12 - | 16 name (256)
 *   line_request  0 directory (8) | 8 dev | 12 fd
 * </pre>
 */
public final class LinesLayout {
    public static final int ACTIVE = 0;
    public static final int SOCKETS = 4;
    public static final int GENERATION = 8;
    public static final int PLAIN = 12;
    public static final int BYTES = 16;

    public static final int PLACE_DIRECTORY = 0;
    public static final int PLACE_DEV = 8;
    public static final int PLACE_HASH = 12;
    public static final int PLACE_BYTES = 16;

    public static final int RULES_RULES = 0;
    public static final int RULES_LENGTH = 8;
    public static final int RULES_NAME = 16;
    public static final int NAME_BYTES = 256;
    public static final int RULES_BYTES = RULES_NAME + NAME_BYTES;

    public static final int REQUEST_DIRECTORY = 0;
    public static final int REQUEST_DEV = 8;
    public static final int REQUEST_FD = 12;
    public static final int REQUEST_BYTES = 16;

    /** MARKS_PLAIN: the lowest and the highest of the bits that {@link #PLAIN} takes in turn. */
    public static final int PLAIN_FIRST = 9;
    public static final int PLAIN_LAST = 30;

    private LinesLayout() {
    }
}
