// SPDX-License-Identifier: Apache-2.0
package headwater.record;

/**
 * The policy as the programs read it, and what stands in the maps beside it ({@code bpf/select.h}); a test compares the two through
 * the object's BTF.
 *
 * <pre>
 *   struct policy
 *   0         4           8       12       16       20       24         28          32               36
 *   +---------+-----------+-------+--------+--------+--------+----------+-----------+----------------+----------------+
 *   |selected | unselected| active| partial| objects| targets| addresses| no_strings| security_module| security_offset|
 *   +---------+-----------+-------+--------+--------+--------+----------+-----------+----------------+----------------+
 *   40          72                 104    112
 *   +-----------+------------------+------+------------+
 *   | operations| spread_operations| kinds| spread_kinds|
 *   +-----------+------------------+------+------------+
 *
 *   struct target_key         struct marking
 *   0    8      12            0       8     12
 *   +----+------+-----+       +-------+-----+-------+
 *   | id | kind |  -  |       | taint | set | clear |
 *   +----+------+-----+       +-------+-----+-------+
 *
 *   struct address_target                       struct marked_key
 *   0         16     32        48     50        0             8     16           20
 *   +---------+------+---------+------+------+  +-------------+-----+------------+---+
 *   | address | mask | marking | port |egress|  | file_system | ino | generation | - |
 *   +---------+------+---------+------+------+  +-------------+-----+------------+---+
 *
 *   struct marking_request
 *   0         16        20   24     28      32      40    64     80     96
 *   +---------+---------+----+------+-------+-------+-----+------+------+----------+---+
 *   | marking | process | fd | done | marks | taint | key | uuid | type | recorded | - |
 *   +---------+---------+----+------+-------+-------+-----+------+------+----------+---+
 *
 *   struct security_request
 *   0       8        12       16       20
 *   +-------+--------+--------+--------+---------+
 *   | sizes | thread | module | offset | created |
 *   +-------+--------+--------+--------+---------+
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
    public static final int SECURITY_MODULE = 32;
    public static final int SECURITY_OFFSET = 36;
    public static final int OPERATIONS = 40;
    /** 256 bits each, by {@link FlowOp}. */
    public static final int SPREAD_OPERATIONS = 72;
    /** 64 bits, by the code of the node kind. */
    public static final int KINDS = 104;
    public static final int SPREAD_KINDS = 112;
    public static final int BYTES = 120;

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
    public static final int REQUEST_MARKS = 28;
    public static final int REQUEST_TAINT = 32;
    public static final int REQUEST_KEY = 40;
    public static final int REQUEST_UUID = 64;
    public static final int REQUEST_TYPE = 80;
    public static final int REQUEST_TYPE_BYTES = 16;
    public static final int REQUEST_RECORDED = 96;
    public static final int REQUEST_BYTES = 104;

    public static final int MARKED_FILE_SYSTEM = 0;
    public static final int MARKED_INO = 8;
    public static final int MARKED_GENERATION = 16;
    public static final int MARKED_BYTES = 24;

    public static final int SECURITY_REQUEST_SIZES = 0;
    public static final int SECURITY_REQUEST_THREAD = 8;
    public static final int SECURITY_REQUEST_MODULE = 12;
    public static final int SECURITY_REQUEST_OFFSET = 16;
    public static final int SECURITY_REQUEST_CREATED = 20;
    public static final int SECURITY_REQUEST_BYTES = 24;

    /* OBJECTS */
    public static final int OBJECTS_MARKED = 1;
    public static final int OBJECTS_TRACKED = 2;

    /* SECURITY_MODULE */
    public static final int SELINUX = 1;
    public static final int APPARMOR = 2;

    /* NO_STRINGS */
    public static final int NO_ARGUMENTS = 1;
    public static final int NO_ENVIRONMENT = 2;
    public static final int NO_CONTENT = 4;
    public static final int NO_OTHER_PACKETS = 8;

    private PolicyLayout() {
    }
}
