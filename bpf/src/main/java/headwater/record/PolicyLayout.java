// SPDX-License-Identifier: Apache-2.0
package headwater.record;

/**
 * The policy as the programs read it, and what stands in the maps beside it ({@code bpf/select.h}); a test compares the two through
 * the object's BTF.
 *
 * <pre>
 *   struct policy
 *   0         4           8       12       16       20       24         28          32          64                 96     104
 *   +---------+-----------+-------+--------+--------+--------+----------+-----------+-----------+------------------+------+------------+
 *   |selected | unselected| active| partial| objects| targets| addresses| no_strings| operations| spread_operations| kinds| spread_kinds|
 *   +---------+-----------+-------+--------+--------+--------+----------+-----------+-----------+------------------+------+------------+
 *
 *   struct target_key         struct marking
 *   0    8      12            0       8     12
 *   +----+------+-----+       +-------+-----+-------+
 *   | id | kind |  -  |       | taint | set | clear |
 *   +----+------+-----+       +-------+-----+-------+
 *
 *   struct address_target                       struct marking_request
 *   0         16     32        48     50        0         16        20   24     28
 *   +---------+------+---------+------+------+  +---------+---------+----+------+----+
 *   | address | mask | marking | port |egress|  | marking | process | fd | done |  - |
 *   +---------+------+---------+------+------+  +---------+---------+----+------+----+
 * </pre>
 */
public final class PolicyLayout {
    public static final int SELECTED = 0;
    public static final int UNSELECTED = 4;
    public static final int ACTIVE = 8;
    public static final int PARTIAL = 12;
    public static final int OBJECTS = 16;
    public static final int TARGETS = 20;
    public static final int ADDRESSES = 24;
    public static final int NO_STRINGS = 28;
    /** 256 bits, by {@link FlowOp}. */
    public static final int OPERATIONS = 32;
    public static final int SPREAD_OPERATIONS = 64;
    /** 64 bits, by the code of the node kind. */
    public static final int KINDS = 96;
    public static final int SPREAD_KINDS = 104;
    public static final int BYTES = 112;

    public static final int KEY_ID = 0;
    public static final int KEY_KIND = 8;
    public static final int KEY_BYTES = 16;

    public static final int MARKING_TAINT = 0;
    public static final int MARKING_SET = 8;
    public static final int MARKING_CLEAR = 12;
    public static final int MARKING_BYTES = 16;

    public static final int ADDRESS = 0;
    public static final int ADDRESS_MASK = 16;
    public static final int ADDRESS_MARKING = 32;
    public static final int ADDRESS_PORT = 48;
    public static final int ADDRESS_EGRESS = 50;
    public static final int ADDRESS_BYTES = 56;
    /** How many address targets there is room for. */
    public static final int ADDRESSES_MAX = 64;

    public static final int REQUEST_MARKING = 0;
    public static final int REQUEST_PROCESS = 16;
    public static final int REQUEST_FD = 20;
    public static final int REQUEST_DONE = 24;
    public static final int REQUEST_BYTES = 32;

    /* NO_STRINGS */
    public static final int NO_ARGUMENTS = 1;
    public static final int NO_ENVIRONMENT = 2;

    private PolicyLayout() {
    }
}
