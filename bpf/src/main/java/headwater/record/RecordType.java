// SPDX-License-Identifier: Apache-2.0
package headwater.record;

/** The numbers of {@code enum record_type}. */
public final class RecordType {
    public static final int FLOW = 1;
    public static final int INODE = 2;
    public static final int TASK = 3;
    public static final int EXIT = 4;
    public static final int NAME = 5;
    public static final int ARGS = 6;
    public static final int REMOTE = 7;
    public static final int ADDRESS = 8;
    public static final int PATHS = 9;
    public static final int WORD = 12;
    public static final int PACKET = 14;
    public static final int CHANGE = 16;
    public static final int FILE_SYSTEM = 17;
    public static final int ENVIRONMENT = 18;
    public static final int MARK = 120;
    public static final int PACKET_CONTENT = 121;
    public static final int LINE = 122;

    private RecordType() {
    }
}
