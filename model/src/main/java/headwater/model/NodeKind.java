// SPDX-License-Identifier: Apache-2.0
package headwater.model;

/**
 * What a node stands for. Names, PROV classes and bit numbers are those of CamFlow 0.9.0, so that its readers
 * understand ours, but for those that it has no name for; the bit number is also the stable code under which a kind is kept in the log.
 */
public enum NodeKind {
    /** One thread of execution, a kernel task_struct. */
    TASK(0, ProvClass.ACTIVITY, "task"),
    /** A step within a program, which the program disclosed. */
    DISC_ACTIVITY(1, ProvClass.ACTIVITY, "disc_activity"),
    /** The running kernel and its host. */
    MACHINE(4, ProvClass.AGENT, "machine"),
    /** On whose behalf a program does something, as it disclosed. */
    DISC_AGENT(5, ProvClass.AGENT, "disc_agent"),
    /** An inode whose mode is not known. */
    INODE_UNKNOWN(6, ProvClass.ENTITY, "inode_unknown"),
    /** A symbolic link. */
    LINK(7, ProvClass.ENTITY, "link"),
    /** A regular file. */
    FILE(8, ProvClass.ENTITY, "file"),
    /** A directory. */
    DIRECTORY(9, ProvClass.ENTITY, "directory"),
    /** A character device. */
    CHAR(10, ProvClass.ENTITY, "char"),
    /** A block device. */
    BLOCK(11, ProvClass.ENTITY, "block"),
    /** A pipe or FIFO. */
    PIPE(12, ProvClass.ENTITY, "pipe"),
    /** A socket. */
    SOCKET(13, ProvClass.ENTITY, "socket"),
    /** A System V message queue, with the messages in it. */
    MSG(14, ProvClass.ENTITY, "msg"),
    /** A System V shared memory segment. */
    SHM(15, ProvClass.ENTITY, "shm"),
    /** A superblock. */
    SB(16, ProvClass.ENTITY, "sb"),
    /** The packets that a socket sent to, or received from, one remote address. */
    PACKET(17, ProvClass.ENTITY, "packet"),
    /** An inode's attributes, or one change of them. */
    IATTR(18, ProvClass.ENTITY, "iattr"),
    /** The memory that the threads of a process share. */
    PROCESS_MEMORY(19, ProvClass.ENTITY, "process_memory"),
    /** A line of log that a program disclosed. */
    STRING(20, ProvClass.ENTITY, "string"),
    /** A socket address. */
    ADDRESS(21, ProvClass.ENTITY, "address"),
    /** A path name. */
    PATH(22, ProvClass.ENTITY, "path"),
    /** An extended attribute. */
    XATTR(23, ProvClass.ENTITY, "xattr"),
    /** The bytes of a packet. */
    PACKET_CONTENT(24, ProvClass.ENTITY, "packet_content"),
    /** One argument of an executed program. */
    ARGV(25, ProvClass.ENTITY, "argv"),
    /** One environment variable of an executed program. */
    ENVP(26, ProvClass.ENTITY, "envp"),
    /** Something within a program, which the program disclosed. */
    DISC_ENTITY(27, ProvClass.ENTITY, "disc_entity"),
    /* What CamFlow has no name for: from 28 on. */
    /** A key, or a key ring, of the kernel's. */
    KEY(28, ProvClass.ENTITY, "key"),
    /** A set of System V semaphores. */
    SEM(29, ProvClass.ENTITY, "sem"),
    /** A BPF map. */
    BPF_MAP(30, ProvClass.ENTITY, "bpf_map"),
    /** What the kernel keeps for all processes alike: its log, the names of the host. */
    KERNEL_DATA(31, ProvClass.ENTITY, "kernel_data"),
    /** An activity of imported evidence, of a type that is not ours. */
    ACTIVITY(32, ProvClass.ACTIVITY, "activity"),
    /** An entity of imported evidence, of a type that is not ours. */
    ENTITY(33, ProvClass.ENTITY, "entity"),
    /** An agent of imported evidence, of a type that is not ours. */
    AGENT(34, ProvClass.AGENT, "agent"),
    /** No thing of the world: the words in which imported evidence was written ({@link StatementChunk}). */
    STATEMENTS(35, ProvClass.ENTITY, "statements");

    /** The bits of a mode that are its type: S_IFMT of stat(2). */
    private static final int TYPE_OF_MODE = 0170000;
    private static final NodeKind[] BY_CODE = new NodeKind[64];

    static {
        for (NodeKind kind : values()) {
            BY_CODE[kind.code] = kind;
        }
    }

    private final int code;
    private final ProvClass provClass;
    private final String text;

    NodeKind(int code, ProvClass provClass, String text) {
        this.code = code;
        this.provClass = provClass;
        this.text = text;
    }

    /** CamFlow's bit number, or one of our own from 28 on; 0 to 47, stable across versions of Headwater. */
    public int code() {
        return code;
    }

    public ProvClass provClass() {
        return provClass;
    }

    /** The name that people and other tools see, such as {@code process_memory}. */
    public String text() {
        return text;
    }

    /** True for the kinds that an inode takes. */
    public boolean isInode() {
        return code >= INODE_UNKNOWN.code && code <= SOCKET.code;
    }

    /** True for what processes put information into and take it out of: inodes, and what the kernel keeps beside them. */
    public boolean isObject() {
        return switch (this) {
            case MSG, SHM, KEY, SEM, BPF_MAP, KERNEL_DATA, MACHINE, IATTR, SB -> true;
            default -> isInode();
        };
    }

    /** True for what only imported evidence has. */
    public boolean isGeneric() {
        return code >= ACTIVITY.code;
    }

    /** True for what nobody saw: a program told of it. */
    public boolean isDisclosed() {
        return this == DISC_ACTIVITY || this == DISC_AGENT || this == DISC_ENTITY;
    }

    /** The 64-bit CamFlow type word: class bits above, one bit for the kind below. */
    public long typeWord() {
        long word = switch (provClass) {
            case ACTIVITY -> 0x4000L << 48;
            case ENTITY -> 0x2000L << 48;
            case AGENT -> 0x1000L << 48;
        };
        boolean isLong = code >= STRING.code || this == MACHINE || isDisclosed();
        return word | (isLong ? 0x0400L << 48 : 0) | 1L << code;
    }

    /**
     * The kind that has {@code code}.
     *
     * @throws IllegalArgumentException if no kind has it, naming the code
     */
    public static NodeKind ofCode(int code) {
        NodeKind kind = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        if (kind == null) {
            throw new IllegalArgumentException("unknown node kind: code=" + code);
        }
        return kind;
    }

    /** The kind of an inode of this mode, as in stat(2). */
    public static NodeKind ofMode(int mode) {
        return switch (mode & TYPE_OF_MODE) {
            case 0100000 -> FILE;
            case 0040000 -> DIRECTORY;
            case 0120000 -> LINK;
            case 0020000 -> CHAR;
            case 0060000 -> BLOCK;
            case 0010000 -> PIPE;
            case 0140000 -> SOCKET;
            default -> INODE_UNKNOWN;
        };
    }

    /** The kind named {@code text}, or null if there is none. */
    public static NodeKind ofText(String text) {
        for (NodeKind kind : values()) {
            if (kind.text.equals(text)) {
                return kind;
            }
        }
        return null;
    }
}
