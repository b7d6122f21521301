// SPDX-License-Identifier: Apache-2.0
package headwater.record;

/**
 * What the loader tells the programs ({@code struct config} of {@code bpf/record.h}): four-byte numbers.
 *
 * <pre>
 *   0            4      8        12           16                  48
 *   +------------+------+--------+------------+------- 8 x 4 ------+
 *   |whole_system| self | on_loss| refuse_from| backlog_max        |
 *   +------------+------+--------+------------+--------------------+
 * </pre>
 */
public final class ConfigLayout {
    public static final int WHOLE_SYSTEM = 0;
    public static final int SELF = 4;
    public static final int ON_LOSS = 8;
    public static final int REFUSE_FROM = 12;
    /** By {@link RecordClass}. */
    public static final int BACKLOG_MAX = 16;
    public static final int BYTES = BACKLOG_MAX + 4 * RecordClass.COUNT;

    private ConfigLayout() {
    }
}
