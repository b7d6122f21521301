// SPDX-License-Identifier: Apache-2.0
package headwater.model;

/**
 * How one node came to be from another. Names, classes and bit numbers are CamFlow 0.9.0's, but for those said to be ours, whose
 * bits it does not use. Information flows from
 * the <em>cause</em> to the <em>effect</em>; PROV draws the edge the other way round, from effect to cause.
 */
public enum Relation {
    NAMED(RelationClass.DERIVED, 0),
    VERSION_ENTITY(RelationClass.DERIVED, 1),
    SEND_PACKET(RelationClass.DERIVED, 2),
    SEND_UNIX(RelationClass.DERIVED, 3),
    RECEIVE_PACKET(RelationClass.DERIVED, 4),
    RECEIVE_UNIX(RelationClass.DERIVED, 5),
    FREE(RelationClass.DERIVED, 6),
    SETATTR_INODE(RelationClass.DERIVED, 7),
    ACCEPT_SOCKET(RelationClass.DERIVED, 8),
    GETXATTR_INODE(RelationClass.DERIVED, 9),
    SETXATTR_INODE(RelationClass.DERIVED, 10),
    REMOVEXATTR_INODE(RelationClass.DERIVED, 11),
    EXEC(RelationClass.DERIVED, 12),
    TERMINATE_PROC(RelationClass.DERIVED, 13),
    ARG(RelationClass.DERIVED, 14),
    ENV(RelationClass.DERIVED, 15),
    SH_READ(RelationClass.DERIVED, 16),
    SH_WRITE(RelationClass.DERIVED, 17),
    PACKET_CONTENT(RelationClass.DERIVED, 18),
    ADDRESSED(RelationClass.DERIVED, 19),
    /** This and the others on {@code _DISC}: a program told so ({@link DisclosedFlags}). */
    DERIVED_DISC(RelationClass.DERIVED, 20),
    /** Ours: bytes that the kernel copied from one file, pipe or socket into another, past the memory of the process that asked. */
    COPY(RelationClass.DERIVED, 21),
    /** Ours: what a process had taken in for the line that it then wrote to a log. */
    LOGGED(RelationClass.DERIVED, 22),
    CLONE_MEM(RelationClass.GENERATED, 0),
    MSG_CREATE(RelationClass.GENERATED, 1),
    SOCKET_CREATE(RelationClass.GENERATED, 2),
    SOCKET_PAIR_CREATE(RelationClass.GENERATED, 3),
    INODE_CREATE(RelationClass.GENERATED, 4),
    WRITE(RelationClass.GENERATED, 5),
    WRITE_IOCTL(RelationClass.GENERATED, 6),
    MEMORY_WRITE(RelationClass.GENERATED, 7),
    CONNECT(RelationClass.GENERATED, 8),
    CONNECT_UNIX_STREAM(RelationClass.GENERATED, 9),
    LISTEN(RelationClass.GENERATED, 10),
    BIND(RelationClass.GENERATED, 11),
    SEND(RelationClass.GENERATED, 12),
    SEND_MSG(RelationClass.GENERATED, 13),
    SEND_MSG_QUEUE(RelationClass.GENERATED, 14),
    LINK(RelationClass.GENERATED, 15),
    RENAME(RelationClass.GENERATED, 16),
    UNLINK(RelationClass.GENERATED, 17),
    SYMLINK(RelationClass.GENERATED, 18),
    SETATTR(RelationClass.GENERATED, 19),
    SETXATTR(RelationClass.GENERATED, 20),
    REMOVEXATTR(RelationClass.GENERATED, 21),
    SETUID(RelationClass.GENERATED, 22),
    SETPGID(RelationClass.GENERATED, 23),
    SH_ATTACH(RelationClass.GENERATED, 24),
    SH_CREATE(RelationClass.GENERATED, 25),
    FILE_LOCK(RelationClass.GENERATED, 26),
    SPLICE_OUT(RelationClass.GENERATED, 27),
    EXEC_TASK(RelationClass.GENERATED, 28),
    PTRACE_ATTACH(RelationClass.GENERATED, 29),
    GENERATED_DISC(RelationClass.GENERATED, 30),
    /** Ours: something is mounted on a file or directory, or unmounted from it. */
    MOUNT(RelationClass.GENERATED, 31),
    READ(RelationClass.USED, 0),
    READ_IOCTL(RelationClass.USED, 1),
    MEMORY_READ(RelationClass.USED, 2),
    ACCEPT(RelationClass.USED, 3),
    RECEIVE(RelationClass.USED, 4),
    RECEIVE_MSG(RelationClass.USED, 5),
    RECEIVE_MSG_QUEUE(RelationClass.USED, 6),
    OPEN(RelationClass.USED, 7),
    FILE_RCV(RelationClass.USED, 8),
    FILE_SIGIO(RelationClass.USED, 9),
    SEARCH(RelationClass.USED, 10),
    GETATTR(RelationClass.USED, 11),
    READ_LINK(RelationClass.USED, 12),
    GETXATTR(RelationClass.USED, 13),
    LISTXATTR(RelationClass.USED, 14),
    LOG(RelationClass.USED, 15),
    PERM_CHECK(RelationClass.USED, 16),
    GETPGID(RelationClass.USED, 17),
    MMAP(RelationClass.USED, 18),
    MMAP_PRIVATE(RelationClass.USED, 19),
    LOAD_FILE(RelationClass.USED, 20),
    PTRACE_READ(RelationClass.USED, 21),
    USED_DISC(RelationClass.USED, 22),
    /** Ours: a line of a log says what its task was doing. */
    ANNOTATED(RelationClass.USED, 23),
    CLONE(RelationClass.INFORMED, 0),
    VERSION_ACTIVITY(RelationClass.INFORMED, 1),
    TERMINATE_TASK(RelationClass.INFORMED, 2),
    PTRACE_ATTACH_TASK(RelationClass.INFORMED, 3),
    PTRACE_READ_TASK(RelationClass.INFORMED, 4),
    PTRACE_TRACEME(RelationClass.INFORMED, 5),
    INFORMED_DISC(RelationClass.INFORMED, 6),
    /** Ours: what /proc says of another process, without its bytes. */
    PROC_READ(RelationClass.INFORMED, 27),
    /** Ours: a signal. */
    SIGNAL(RelationClass.INFORMED, 28),
    /** Ours: a signal that brings a value (sigqueue). */
    SIGNAL_VALUE(RelationClass.INFORMED, 29),
    /** Ours: what a process ended with, which its parent may learn. */
    EXIT_STATUS(RelationClass.INFORMED, 30),
    LOAD_UNKNOWN(RelationClass.INFLUENCED, 0),
    LOAD_FIRMWARE(RelationClass.INFLUENCED, 1),
    LOAD_MODULE(RelationClass.INFLUENCED, 2),
    LOAD_KEXEC_IMAGE(RelationClass.INFLUENCED, 3),
    LOAD_KEXEC_INITRAMFS(RelationClass.INFLUENCED, 4),
    LOAD_POLICY(RelationClass.INFLUENCED, 5),
    LOAD_CERTIFICATE(RelationClass.INFLUENCED, 6),
    LOAD_UNDEFINED(RelationClass.INFLUENCED, 7),
    INFLUENCED_DISC(RelationClass.INFLUENCED, 8),
    RAN_ON(RelationClass.ASSOCIATED, 0),
    ASSOCIATED_DISC(RelationClass.ASSOCIATED, 1),
    /* W3C PROV's own words, of imported evidence that says no more; their codes stand apart, as CamFlow's classes are full. */
    USED(RelationClass.USED, 32, 192),
    WAS_GENERATED_BY(RelationClass.GENERATED, 32, 193),
    WAS_DERIVED_FROM(RelationClass.DERIVED, 32, 194),
    WAS_INFORMED_BY(RelationClass.INFORMED, 32, 195),
    WAS_ASSOCIATED_WITH(RelationClass.ASSOCIATED, 32, 196),
    WAS_INFLUENCED_BY(RelationClass.INFLUENCED, 32, 197),
    WAS_ATTRIBUTED_TO(RelationClass.INFLUENCED, 33, 198),
    ACTED_ON_BEHALF_OF(RelationClass.INFLUENCED, 34, 199),
    WAS_STARTED_BY(RelationClass.INFLUENCED, 35, 200),
    WAS_ENDED_BY(RelationClass.INFLUENCED, 36, 201),
    WAS_INVALIDATED_BY(RelationClass.INFLUENCED, 37, 202),
    SPECIALIZATION_OF(RelationClass.INFLUENCED, 38, 203),
    ALTERNATE_OF(RelationClass.INFLUENCED, 39, 204),
    HAD_MEMBER(RelationClass.INFLUENCED, 40, 205),
    MENTION_OF(RelationClass.INFLUENCED, 41, 206);

    private static final Relation[] BY_CODE = new Relation[256];

    static {
        for (Relation relation : values()) {
            BY_CODE[relation.code()] = relation;
        }
    }

    private final RelationClass relationClass;
    private final int bit;
    private final int code;
    private final String text;

    Relation(RelationClass relationClass, int bit) {
        this(relationClass, bit, relationClass.ordinal() << 5 | bit);
    }

    Relation(RelationClass relationClass, int bit, int code) {
        this.relationClass = relationClass;
        this.bit = bit;
        this.code = code;
        this.text = name().toLowerCase(java.util.Locale.ROOT);
    }

    public RelationClass relationClass() {
        return relationClass;
    }

    /** The name that people and other tools see, such as {@code memory_write}. */
    public String text() {
        return text;
    }

    /** A stable code for the log: the class in the upper three bits, CamFlow's bit number in the lower five; from 192 on W3C's own. */
    public int code() {
        return code;
    }

    /** The 64-bit CamFlow type word. */
    public long typeWord() {
        return relationClass.typeBits() | 1L << bit;
    }

    /**
     * True for what only tells of a process, or gives access, and takes no bytes: a signal, an exit status, a descriptor that is
     * passed, a line of a log, an open for reading, an accept (what is then read is an edge of its own), on which machine a task ran (into whose kernel
     * modules may have been loaded). Each is in the record; answers go along it only if they are asked to, as otherwise a shell
     * would come from all that its children have read, and whatever runs from each module.
     */
    public boolean isTelling() {
        return switch (this) {
            case RAN_ON, OPEN, ACCEPT, SIGNAL, EXIT_STATUS, PROC_READ, FILE_RCV, PTRACE_ATTACH_TASK, PTRACE_TRACEME, LOGGED,
                    ANNOTATED, WAS_ENDED_BY, WAS_INVALIDATED_BY, ALTERNATE_OF -> true;
            default -> false;
        };
    }

    /** True for what nobody saw flow: a program told of it. */
    public boolean isDisclosed() {
        return switch (this) {
            case DERIVED_DISC, GENERATED_DISC, USED_DISC, INFORMED_DISC, INFLUENCED_DISC, ASSOCIATED_DISC -> true;
            default -> false;
        };
    }

    /** The relation of a class that a program tells of. */
    public static Relation disclosed(RelationClass relationClass) {
        return switch (relationClass) {
            case DERIVED -> DERIVED_DISC;
            case GENERATED -> GENERATED_DISC;
            case USED -> USED_DISC;
            case INFORMED -> INFORMED_DISC;
            case INFLUENCED -> INFLUENCED_DISC;
            case ASSOCIATED -> ASSOCIATED_DISC;
        };
    }

    /** True for W3C PROV's own words, which only imported evidence has. */
    public boolean isGeneric() {
        return code >= USED.code;
    }

    /** True for the two relations that join a version of a node to the next. */
    public boolean isVersion() {
        return this == VERSION_ENTITY || this == VERSION_ACTIVITY;
    }

    /**
     * The relation that has {@code code}.
     *
     * @throws IllegalArgumentException if no relation has it, naming the code
     */
    public static Relation ofCode(int code) {
        Relation relation = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        if (relation == null) {
            throw new IllegalArgumentException("unknown relation: code=" + code);
        }
        return relation;
    }

    /** The relation named {@code text}, or null if there is none. */
    public static Relation ofText(String text) {
        for (Relation relation : values()) {
            if (relation.text.equals(text)) {
                return relation;
            }
        }
        return null;
    }
}
