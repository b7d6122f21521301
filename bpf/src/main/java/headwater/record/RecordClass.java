// SPDX-License-Identifier: Apache-2.0
package headwater.record;

/** The numbers of {@code enum record_class}: what a record tells, the most important first. {@code bpf/classes.h} sorts them. */
public final class RecordClass {
    /** Nothing below, or not known what. */
    public static final int OTHER = 0;
    /** A task begins or ends, a program is executed. */
    public static final int PROCESS = 1;
    /** A file, socket or remote end is met for the first time. */
    public static final int OBJECT = 2;
    /** Sockets made, connected, bound, accepted. */
    public static final int CONNECTION = 3;
    /** Names and arguments; links, renames, removals. */
    public static final int NAME = 4;
    /** Files opened, made, mapped, cut. */
    public static final int ACCESS = 5;
    /** Bytes read, written, sent, received. */
    public static final int TRANSFER = 6;
    /** Lines of logs. */
    public static final int LINE = 7;
    /** How many the kernel side has room for. */
    public static final int COUNT = 8;

    private RecordClass() {
    }
}
