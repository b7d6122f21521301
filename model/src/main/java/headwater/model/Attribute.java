// SPDX-License-Identifier: Apache-2.0
package headwater.model;

/**
 * What is known of an object beside its kind: either one 64-bit number or a string of bytes. Path names and arguments
 * are bytes because Linux does not say in which encoding they are.
 *
 * <p>The code is stable across versions of Headwater. {@link #indexed} attributes can be looked up by value
 * ({@link GraphView#find}).
 */
public enum Attribute {
    /** Thread id, in the initial pid namespace. */
    PID(1, false, true),
    /** Process id (the kernel's tgid), in the initial pid namespace. */
    TGID(2, false, true),
    /** Process id as the process itself sees it. */
    VPID(3, false, false),
    /** Process id of the parent. */
    PPID(4, false, false),
    UID(5, false, false),
    GID(6, false, false),
    UTSNS(7, false, false),
    IPCNS(8, false, false),
    MNTNS(9, false, false),
    PIDNS(10, false, false),
    NETNS(11, false, false),
    CGROUPNS(12, false, false),
    /** Status as wait(2) gives it. */
    EXIT_STATUS(13, false, false),
    /** Time at which the task started, nanoseconds since the Unix epoch. */
    STARTED(14, false, false),
    /** Path of the cgroup in the unified hierarchy, as its root has it. */
    CGROUP(15, true, true),
    /** The container that the process runs in, as its manager calls it: an id of docker, podman, containerd, or a name. */
    CONTAINER(16, true, true),
    /** The security context (label) that the active security module gives the process. */
    SECCTX(17, true, false),
    /** The effective user and group, where {@link #UID} and {@link #GID} are the real ones. */
    EUID(18, false, false),
    EGID(19, false, false),
    /** Inode number; of several file systems several files may have it. */
    INO(20, false, true),
    /** Device number of the file system, in the kernel's own encoding (major {@code << 20 |} minor). */
    DEV(21, false, false),
    /** Inode generation (i_generation). */
    GENERATION(22, false, false),
    /** File type and permissions, as in stat(2). */
    MODE(23, false, false),
    /** Size in bytes, where an operation names one. */
    SIZE(24, false, false),
    /** What tells the inode from every other, over boots, in one string of bytes; see {@link InodeKey}. */
    INODE_KEY(25, true, true),
    /** UUID of the file system, in the usual 36 characters; unknown if it has none. */
    FS_UUID(26, true, true),
    /** Type of the file system, as in /proc/filesystems. */
    FS_TYPE(27, true, false),
    /** How many names the inode had when it was met. */
    LINKS(28, false, false),
    /** When the inode was made, nanoseconds since the Unix epoch; known of those that a recorded call made. */
    CREATED(29, false, false),
    /** Address family, as in socket(2). */
    FAMILY(30, false, false),
    /** Socket type, as in socket(2). */
    SOCKET_TYPE(31, false, false),
    /** IP protocol number. */
    PROTOCOL(32, false, false),
    /** {@code HOST:PORT}, {@code [HOST]:PORT}, or the path of a UNIX socket ({@code @name} if abstract). */
    LOCAL_ADDRESS(33, true, true),
    /** As {@link #LOCAL_ADDRESS}, of the other end. */
    REMOTE_ADDRESS(34, true, true),
    /**
     * What one packet is called at both of its ends: the last 24 bytes of CamFlow's identifier, for a packet node that stands for
     * one packet; a node that stands for all packets to or from somewhere has none.
     */
    PACKET_ID(35, true, true),
    /** The text of a path node. */
    PATHNAME(40, true, true),
    /** The path by which people know the object: a file's newest path, a process's executable. */
    NAME(41, true, true),
    /** The text of an argv or envp node. */
    VALUE(42, true, false),
    /** 1 if {@link #VALUE} or {@link #PATHNAME} was cut. */
    TRUNCATED(43, false, false),
    /** The command name of a task (comm). */
    COMMAND(44, true, false),
    /** 1 if the object no longer exists: the last link of a file is gone. */
    DELETED(45, false, false),
    /** The user and group that file systems go by, where they are not the effective ones (setfsuid). */
    FSUID(46, false, false),
    FSGID(47, false, false),
    /** The effective capabilities, a bit for each (capabilities(7)). */
    CAPABILITIES(48, false, false),
    /** Which iattr fields are set (ATTR_* of the kernel). */
    VALID(50, false, false),
    /** The fields of utsname, of the machine node. */
    SYSNAME(60, true, false),
    NODENAME(61, true, false),
    RELEASE(62, true, false),
    KERNEL_VERSION(63, true, false),
    HARDWARE(64, true, false),
    DOMAINNAME(65, true, false),
    /** The kernel's random id of the boot, of the machine node. */
    BOOT_ID(66, true, true),
    /** The version of Headwater that recorded, of the machine node. */
    RECORDER(67, true, false),
    /** What the object bears that a policy goes by: bits as in CamFlow, 1 tracked, 2 opaque, 4 propagate, 8 record; 16: runs an opaque file. */
    MARKS(100, false, false),
    /** Which of 64 sorts of taint have reached the object, a bit for each. */
    TAINT(101, false, false),
    /** What a program told of a node, one JSON object of strings, numbers and booleans, in UTF-8. */
    DISCLOSED(110, true, false),
    /** The number of the node, a version of a task, that told of this one; CamFlow's {@code hasParent}. */
    DISCLOSED_BY(111, false, false),
    /** The rule by which a line of a log became a string node; the line is what its process said, not what was seen. */
    ANNOTATION(112, true, true),
    /** What the rule's pattern has taken out of the line, or the line's own protocol says: one JSON object of strings, in UTF-8. */
    FIELDS(113, true, false),
    /** The number of the session that imported the object; what was captured here has none. */
    IMPORTED(120, false, false),
    /** What imported evidence calls the object: its identifier there, of the version that was met first. */
    SOURCE_ID(121, true, true),
    /** Which statements a node of kind {@link NodeKind#STATEMENTS} holds; see {@link StatementChunk#key}. */
    STATEMENTS_OF(122, false, true),
    /** Those statements, packed by {@link StatementChunk}. */
    STATEMENTS(123, true, false),
    /** SHA-256 of a regular file's content, 64 lower-case digits, taken after the command of a `run --digests` had ended. */
    SHA256(124, true, true),
    /** When {@link #SHA256} was taken, nanoseconds since the Unix epoch. */
    DIGESTED(125, false, false),
    /** The file's time of last change (ctime), when {@link #SHA256} was taken, nanoseconds since the Unix epoch. */
    DIGESTED_CTIME(126, false, false),
    /** The file's size in bytes, when {@link #SHA256} was taken. */
    DIGESTED_SIZE(127, false, false);

    private static final Attribute[] BY_CODE = new Attribute[128];

    static {
        for (Attribute attribute : values()) {
            BY_CODE[attribute.code] = attribute;
        }
    }

    private final int code;
    private final boolean bytes;
    private final boolean indexed;

    Attribute(int code, boolean bytes, boolean indexed) {
        this.code = code;
        this.bytes = bytes;
        this.indexed = indexed;
    }

    /** 0 to 127, stable. */
    public int code() {
        return code;
    }

    /** True if the value is a string of bytes, false if it is a number. */
    public boolean isBytes() {
        return bytes;
    }

    /** True if objects can be found by this attribute's value. */
    public boolean indexed() {
        return indexed;
    }

    /** The name in answers, such as {@code exit_status}. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * The attribute that has {@code code}.
     *
     * @throws IllegalArgumentException if no attribute has it, naming the code
     */
    public static Attribute ofCode(int code) {
        Attribute attribute = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        if (attribute == null) {
            throw new IllegalArgumentException("unknown attribute: code=" + code);
        }
        return attribute;
    }
}
