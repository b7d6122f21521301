/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The records that leave the kernel: the only thing that the rooms to the right know of the kernel side.
 * Mirrored by headwater.record.RecordLayout; RecordLayoutTest compares the two through the object's BTF.
 *
 * Every record starts with the same 32 bytes. All fields are aligned and padded by hand, so no struct is packed.
 * Integers are in the machine's byte order.
 *
 *    0        8    9    10     12     16       24       32
 *    +--------+----+----+------+------+--------+--------+ - - -
 *    |  time  |type| op |flags | arg  | object | state  |  by type
 *    +--------+----+----+------+------+--------+--------+ - - -
 *
 *   time    nanoseconds since boot (CLOCK_BOOTTIME), taken after the record's place in its ring was reserved
 *   object  what the record is about; where information flows, what it flows into
 *   state   the state of `object` that this record brings about; 0 if it brings about none
 *
 * A *state* names what is in an object: each flow into it that is recorded gives it a new one. Object and state ids are
 * CPU << 48 | n with n counting from 1 on each CPU, so that "has this state been seen?" is one comparison per CPU.
 */
#ifndef HEADWATER_RECORD_H
#define HEADWATER_RECORD_H

enum record_type {
	RECORD_FLOW = 1,	/* information flows between two objects: struct flow_record */
	RECORD_INODE = 2,	/* an inode is met for the first time: struct inode_record */
	RECORD_TASK = 3,	/* a task begins, or is met for the first time: struct task_record */
	RECORD_EXIT = 4,	/* a task ends; arg = exit code: struct flow_record, task = the task */
	RECORD_NAME = 5,	/* the path of an object, from the dentry cache: struct name_record */
	RECORD_ARGS = 6,	/* the arguments of an executed program: struct text_record */
	RECORD_REMOTE = 7,	/* a remote end is met for the first time: struct address_record */
	RECORD_ADDRESS = 8,	/* the addresses of a socket: struct address_record */
	RECORD_PATHS = 9,	/* a call that names files by path, as the caller wrote them: struct paths_record */
	RECORD_WORD = 12,	/* the name of an extended attribute, for the next flow of the task that is `object`: struct text_record */
	RECORD_PACKET = 14,	/* a packet between a socket and the network: struct packet_record */
	RECORD_CHANGE = 16,	/* who a task is, or where it runs, has changed; op = how: struct task_record */
	RECORD_FILE_SYSTEM = 17,	/* a file system is met for the first time: struct file_system_record */
	RECORD_ENVIRONMENT = 18,	/* the environment of an executed program, if asked for: struct text_record */
	RECORD_LINE = 122,	/* bytes written to a log that is annotated: struct line_small or line_large */
	RECORD_PACKET_CONTENT = 121,	/* a packet, and what it carries: struct packet_content_small or packet_content_large */
	RECORD_MARK = 120,	/* which marks an object bears now; arg = enum mark, extra = taint: struct flow_record, from = object */
};

/* What happened. The names follow the relation that a reader of the graph will see. */
enum flow_op {
	OP_NONE = 0,
	OP_READ = 1,		/* inode -> process; extra = file position */
	OP_WRITE = 2,		/* process -> inode; extra = file position */
	OP_OPEN = 3,		/* inode -> process, opened for reading; arg = file mode */
	OP_CREATE = 4,		/* process -> inode, which did not exist; arg = file mode */
	OP_MMAP_PRIVATE = 5,	/* inode -> process; arg = protection */
	OP_MMAP_SHARED = 6,	/* inode -> process; arg = protection */
	OP_MMAP_WRITE = 7,	/* process -> inode, mapped shared and writable; arg = protection */
	OP_EXEC = 8,		/* inode -> process; extra = the process that was before */
	OP_TRUNCATE = 9,	/* process -> inode; extra = the new size, -1 if not known */
	OP_SOCKET_CREATE = 10,	/* process -> socket */
	OP_CONNECT = 11,	/* process -> socket */
	OP_BIND = 12,		/* process -> socket */
	OP_LISTEN = 13,		/* process -> socket */
	OP_ACCEPT = 14,		/* accepted socket -> process; extra = the listening socket */
	OP_SEND = 15,		/* process -> socket */
	OP_RECEIVE = 16,	/* socket -> process */
	OP_SEND_PEER = 17,	/* socket -> socket of this machine */
	OP_SEND_REMOTE = 18,	/* socket -> remote end */
	OP_RECEIVE_REMOTE = 19,	/* remote end -> socket */
	OP_READ_DIRECTORY = 20,	/* directory -> process */
	OP_RENAME = 21,		/* process -> inode */
	OP_LINK = 22,		/* process -> inode */
	OP_UNLINK = 23,		/* process -> inode; arg = links left */
	OP_SYMLINK = 24,	/* process -> inode */
	OP_MKDIR = 25,
	OP_RMDIR = 26,
	OP_MKNOD = 27,
	OP_HAND_BACK = 28,	/* process -> parent: what a vforked child took into the memory of both */
	OP_LEAVE = 29,		/* inode -> process, which opened it to be opaque: followed no more from here on */
	OP_SEND_QUEUE = 48,	/* process -> message queue */
	OP_RECEIVE_QUEUE = 49,	/* message queue -> process */
	OP_LOAD = 50,		/* process -> kernel; arg = enum loaded */
	OP_LOAD_FILE = 51,	/* inode -> process, read by the kernel for itself; arg = enum loaded */
	OP_MOUNT = 52,		/* RECORD_PATHS only: the process mounts source, if there is one, at mount point, if there is one */
	OP_SETATTR = 64,	/* process -> attributes; arg = ATTR_… */
	OP_GETATTR = 65,	/* attributes -> process */
	OP_SETXATTR = 66,	/* process -> attributes; its name in the RECORD_WORD before */
	OP_GETXATTR = 67,	/* attributes -> process */
	OP_LISTXATTR = 68,	/* attributes -> process */
	OP_REMOVEXATTR = 69,	/* process -> attributes */
	OP_ENTRY = 70,		/* process -> directory; arg = the operation that makes, moves or removes the entry */
	OP_READ_LINK = 71,	/* symbolic link -> process */
	OP_CLAIM = 72,		/* process <-> OBJECT_CLAIMED -> directory: drawn from the RECORD_PATHS before, gives a new state */
	OP_WRITE_IOCTL = 73,	/* process -> inode; arg = command */
	OP_READ_IOCTL = 74,	/* inode -> process; arg = command */
	OP_SERVED = 75,		/* replies of a FUSE connection -> inode */
	OP_REQUESTED = 76,	/* inode -> requests to a FUSE connection */
	OP_COPIED_UP = 77,	/* inode -> inode: file of an overlay's lower layer -> its copy in the upper one */
	OP_SEND_PACKET = 80,	/* socket -> packet */
	OP_RECEIVE_PACKET = 81,	/* packet -> socket */
	OP_ACCEPT_EARLY = 82,	/* connection before accept(2) -> the accepted socket */
	OP_COPY = 83,		/* inode -> inode: a copy inside the kernel, at a process's word */

	OP_SHARE_READ = 32,	/* inode, mapped shared -> process, which can have loaded all that is there */
	OP_SHM_CREATE = 33,	/* process -> System V segment */
	OP_SHM_ATTACH = 34,	/* process -> System V segment; arg = flags of shmat */
	OP_PTRACE_READ = 35,	/* process -> process: its memory, looked into; arg = request, extra = the other task */
	OP_PTRACE_WRITE = 36,	/* process -> process: its memory, reached into; arg = request, extra = the other task */
	OP_SIGNAL_VALUE = 37,	/* process -> process: a signal with a value; arg = signal, extra = the receiving task */

	/* What tells of a process, or of an object, without taking its bytes. */
	OP_FILE_RECEIVE = 40,	/* inode -> process, which was given a descriptor; arg = file mode */
	OP_SIGNAL = 41,		/* process -> process; arg = signal, extra = the receiving task */
	OP_EXIT_STATUS = 42,	/* process -> parent, when it ends; arg = exit code, extra = the parent's task */
	OP_PROC_READ = 43,	/* process -> process: what /proc says of it; extra = the other task */
	OP_PTRACE_ATTACH = 44,	/* process -> process that it traces; arg = request, extra = the other task */
	OP_PTRACE_TRACEME = 45,	/* process -> parent, which is asked to trace it; extra = the parent's task */
	OP_TELLING_FIRST = OP_FILE_RECEIVE,
	OP_TELLING_LAST = OP_PTRACE_TRACEME,

	OP_FORK = 120,		/* of a policy: what a process begins with, which RECORD_TASK tells */

	/* Of RECORD_CHANGE. */
	OP_SETUID = 112,	/* user ids; arg = which call, as LSM_SETID_*: 1 setuid, 2 setreuid, 4 setresuid, 8 setfsuid */
	OP_SETGID = 113,	/* group ids; arg likewise */
	OP_SETGROUPS = 114,	/* supplementary groups */
	OP_CAPSET = 115,	/* capabilities */
	OP_NAMESPACES = 116,	/* unshare, setns */
	OP_CGROUP = 117,	/* moved to another cgroup, by itself or by another task */
	OP_EXECUTED = 118,	/* what the task is after an exec */
};

/* What an object is that is introduced by RECORD_INODE (head.op), and how its key is to be read. */
enum object_class {
	OBJECT_INODE = 0,	/* device, inode number, generation */
	OBJECT_MEMORY = 1,	/* memory that processes share, mapped before a fork: a number of its own */
	OBJECT_SEGMENT = 2,	/* System V shared memory: its id; scope = the ipc namespace */
	OBJECT_SPACE = 3,	/* a whole memory that processes share (CLONE_VM): id of the process's object that had it first */
	/* The number of those below is NUMBERED | what the kernel calls it. */
	OBJECT_QUEUE = 4,	/* a System V message queue: msqid; ipc namespace */
	OBJECT_SEMAPHORES = 5,	/* a set of System V semaphores: semid; ipc namespace */
	OBJECT_KEY = 6,		/* a key, or a key ring: its serial number */
	OBJECT_BPF_MAP = 18,	/* its id */
	OBJECT_KERNEL = 19,	/* the running kernel: what is loaded into it */
	OBJECT_KERNEL_LOG = 20,	/* what syslog(2) and /dev/kmsg give */
	OBJECT_HOST_NAME = 21,	/* host and domain name; uts namespace */
	/* Those have numbers of other kinds. */
	OBJECT_ANONYMOUS = 7,	/* an open file without an inode of its own (eventfd, timerfd, …): a number that stands for it */
	OBJECT_ATTRIBUTES = 8,	/* attributes of an inode: device, inode number, generation of that inode */
	/*
	 * One object, of number 0, stands for all that calls named by path, so that what is drawn from them has states. A flow of attributes
	 * into it or out of it says in arg and extra of which inode: device and inode number, as stat(2) gives them.
	 */
	OBJECT_CLAIMED = 9,
	OBJECT_FUSE = 10,	/* a FUSE connection, a number that stands for it: even what was replied, odd what was asked */
	OBJECT_WIRE = 16,	/* packets that raw and packet sockets make themselves: protocol, or WIRE_DEVICE | device; network namespace */
	OBJECT_UNACCEPTED = 17,	/* a connection before accept(2): its socket's cookie */
};

#define WIRE_DEVICE 0x10000	/* | interface index: frames of a packet socket, or of a TUN device */
#define WIRE_RINGED 0x8000	/* what sockets of the namespace send, as mapped rings of packet sockets show it */

#define OBJECT_DEVICE 0xfff00000u	/* | object_class: the device of what is no inode */
#define NUMBERED (1ULL << 32)		/* so that no number is 0, which stands for none */

/* What is loaded into the kernel: enum kernel_read_file_id of the kernel, and one more. */
enum loaded {
	LOADED_UNKNOWN = 0,
	LOADED_FIRMWARE = 1,
	LOADED_MODULE = 2,
	LOADED_KEXEC_IMAGE = 3,
	LOADED_KEXEC_INITRAMFS = 4,
	LOADED_POLICY = 5,
	LOADED_CERTIFICATE = 6,
	LOADED_PROGRAM = 7,	/* a BPF program */
};

enum record_flag {
	FLAG_BEFORE = 1,	/* read in by an iterator: it was so when the capture began */
	FLAG_CUT = 2,		/* a string did not fit */
	FLAG_CREATED = 4,	/* an inode that the very call made: never one known before */
	FLAG_THREAD = 8,	/* a task that shares its process's memory with its parent */
	FLAG_VM = 16,		/* a process that shares its parent's memory until it executes (vfork) */
	FLAG_GROUP_DEAD = 32,	/* the last task of its process */
	FLAG_CLAIMED = 64,	/* taken from user memory: the caller could have changed it meanwhile */
};

struct record_head {
	unsigned long long time;
	unsigned char type;
	unsigned char op;
	unsigned short flags;
	unsigned int arg;
	unsigned long long object;
	unsigned long long state;
};

/*
 *   32       40         48      56       64
 *   +--------+----------+-------+--------+
 *   |  from  |from_state| extra |  task  |
 *   +--------+----------+-------+--------+
 */
struct flow_record {
	struct record_head head;
	unsigned long long from;
	unsigned long long from_state;
	unsigned long long extra;
	unsigned long long task;	/* the task that acts */
};

/* head.op = enum object_class; mode, uid, gid and links are 0 for what is no inode. */
struct inode_record {
	struct record_head head;
	unsigned long long ino;
	unsigned int dev;		/* major << 20 | minor */
	unsigned int generation;
	unsigned int mode;
	unsigned int uid;
	unsigned int gid;
	unsigned int links;
};

/*
 * A file system as it is mounted. `instance` tells it from another that had the device number before or gets it later;
 * it is made of a kernel address, of which it gives away 16 bits.
 */
struct file_system_record {
	struct record_head head;
	unsigned int dev;
	unsigned int instance;
	unsigned long long magic;	/* as statfs(2) says it */
	unsigned char uuid[16];		/* all zero if the file system has none */
	char type[16];			/* as in /proc/filesystems, NUL at its end if it is shorter */
};

/*
 * The same first 64 bytes as a flow: object = the task, from = the parent's process, task = the parent task. Of a
 * RECORD_CHANGE: from = process, which the change is of; parent = the task itself.
 */
struct task_record {
	struct record_head head;	/* state = the first state of `process`, if it is new; after a change, its new state */
	unsigned long long from;
	unsigned long long from_state;
	unsigned long long process;
	unsigned long long parent;	/* the parent task */
	unsigned long long started;	/* CLOCK_BOOTTIME, ns */
	unsigned int tid;
	unsigned int tgid;
	unsigned int ppid;
	unsigned int vpid;
	unsigned int uid;
	unsigned int gid;
	unsigned int namespaces[6];	/* uts, ipc, mnt, pid, net, cgroup */
	char command[16];
	unsigned int euid;
	unsigned int egid;
	unsigned int fsuid;
	unsigned int fsgid;
	unsigned long long capabilities;	/* the effective ones */
	unsigned long long cgroup;	/* id in the unified hierarchy: the inode number of the cgroup's folder */
};

/*
 * head.arg = bytes used in `text`. For a name: components from the last to the first, each ended by a NUL; head.op = 1 if
 * no directory holds the object (a pipe, a socket, a memfd), so that its name is not a path.
 */
struct text_record {
	struct record_head head;
	char text[];
};

/* The root directory that a path begins at; all zero if it is the one that Headwater sees. */
struct root_key {
	unsigned long long ino;
	unsigned int dev;	/* major << 20 | minor */
	unsigned int pad;
};

/* A name: `root`, then `text` as in text_record. */
struct name_record {
	struct record_head head;
	struct root_key root;
	char text[];
};

#define UNIX_PATH_BYTES 108

struct address_record {
	struct record_head head;
	unsigned short family;
	unsigned short socket_type;
	unsigned short protocol;
	unsigned short local_port;	/* host byte order */
	unsigned short remote_port;
	unsigned short path_bytes;	/* used in `path` */
	unsigned int netns;		/* its inode; RECORD_REMOTE: its cookie, which is given out once */
	unsigned char local[16];	/* IPv4 as ::ffff:a.b.c.d */
	unsigned char remote[16];
	char path[UNIX_PATH_BYTES];	/* of a UNIX socket; starts with a NUL if abstract */
	unsigned int pad;
};

/*
 * object = the socket; arg = bytes that the packet carries; state = what the socket is in now that it has received it. What
 * tells the packet from others is the same at both ends: CamFlow's identity, with what it lacks. One that is larger than the
 * network takes (segment_bytes > 0) is as many packets, whose id counts up by one and whose sequence by segment_bytes.
 *
 *   32     40           48       64         80            82              84         86   88         92
 *   +------+------------+--------+----------+-------------+---------------+----------+----+----------+------------+
 *   | from | from_state | sender | receiver | sender_port | receiver_port | protocol | id | sequence | flow_label | ...
 *   +------+------------+--------+----------+-------------+---------------+----------+----+----------+------------+
 */
struct packet_record {
	struct record_head head;
	unsigned long long from;	/* the socket, if it is sent; else 0 */
	unsigned long long from_state;
	unsigned char sender[16];	/* IPv4 as ::ffff:a.b.c.d */
	unsigned char receiver[16];
	unsigned short sender_port;	/* host byte order */
	unsigned short receiver_port;
	unsigned short protocol;
	unsigned short id;		/* of IPv4 */
	unsigned int sequence;		/* TCP; else a digest of what the packet carries */
	unsigned int flow_label;	/* of IPv6 */
	unsigned int segment_bytes;
	unsigned int netns;
};

/* Powers of two. CamFlow keeps 4096 bytes too. */
#define CONTENT_SMALL 256
#define CONTENT_LARGE 4096

/* What the packets of a socket carry that bears MARK_RECORD; the large one differs in its length only. */
struct packet_content_small {
	union {
		struct record_head head;
		struct packet_record packet;
	};
	unsigned int captured;		/* bytes of content: as many as there is room for; 0 if they could not be read */
	unsigned int pad;
	unsigned char content[CONTENT_SMALL];
};

struct packet_content_large {
	union {
		struct record_head head;
		struct packet_record packet;
	};
	unsigned int captured;
	unsigned int pad;
	unsigned char content[CONTENT_LARGE];
};

/* Powers of two. */
#define LINE_SMALL 256
#define LINE_LARGE 4096

/*
 * object = the log: a file, a pipe, or the socket that was sent by; op = 1 if that keeps messages apart; arg = bytes that the call has
 * written; no state. What the process says, in its own words. The large one differs in its length only; it may be longer than `captured`
 * says.
 *
 *   32     40      48       56    60         64
 *   +------+-------+--------+-----+----------+------+
 *   | task | rules | cgroup | uid | captured | text |
 *   +------+-------+--------+-----+----------+------+
 */
struct line_small {
	struct record_head head;
	unsigned long long task;
	unsigned long long rules;	/* a bit for each rule that means this log */
	unsigned long long cgroup;	/* of the task, as in task_record */
	unsigned int uid;		/* the real one */
	unsigned int captured;		/* of `text`: as many bytes as there is room for; less if they could not be read */
	char text[LINE_SMALL];
};

struct line_large {
	struct record_head head;
	unsigned long long task;
	unsigned long long rules;
	unsigned long long cgroup;
	unsigned int uid;
	unsigned int captured;
	char text[LINE_LARGE];
};

#define PATHS_TEXT_BYTES 4032

/*
 * text holds four runs: first directory (as a name), first path, second directory, second path; the lengths say where
 * each ends. The directory of a path that starts with '/' is the caller's own root directory: empty, but after chroot(2).
 */
struct paths_record {
	struct record_head head;
	unsigned long long task;
	unsigned long long extra;	/* size of a truncation, mode, flags */
	unsigned short length[4];
	struct root_key root[2];	/* what the directories are below */
	char text[PATHS_TEXT_BYTES];
};

/* Why something is missing from the record; counted on the CPU where it happens. */
enum loss {
	LOSS_RING_FULL = 0,
	LOSS_MAP_FULL = 1,
	LOSS_UNREADABLE = 2,
	LOSS_FOREIGN_ABI = 3,
	LOSS_SHED = 4,		/* given up, to leave room for more important records */
	LOSS_CAUSES = 5,
};

/*
 * What a record tells, the most important first: what is lost is counted by it, and under ON_LOSS_SHED the last give way
 * first. classes.h says which record is of which class.
 */
enum record_class {
	CLASS_OTHER = 0,	/* nothing below, or not known what */
	CLASS_PROCESS = 1,	/* a task begins or ends, a program is executed */
	CLASS_OBJECT = 2,	/* a file, socket or remote end is met for the first time; lost, the flow that it was for is too */
	CLASS_CONNECTION = 3,	/* sockets made, connected, bound, accepted; their addresses */
	CLASS_NAME = 4,		/* names and arguments; links, renames, removals */
	CLASS_ACCESS = 5,	/* files opened, made, mapped, cut */
	CLASS_TRANSFER = 6,	/* bytes read, written, sent, received */
	CLASS_LINE = 7,		/* lines of logs: they always make way */
	RECORD_CLASSES = 8,	/* a power of two, so that a class is an index after one AND */
};

/*
 *   0        8        16       24       32                              352
 *   +--------+--------+--------+--------+-------------- 5 x 8 x 8 -------+
 *   | objects| states |unwritten|refused| lost, by cause, then by class  |
 *   +--------+--------+--------+--------+--------------------------------+
 */
struct lane {
	unsigned long long objects;	/* ids handed out on this CPU */
	unsigned long long states;
	unsigned long long unwritten;	/* records that there was no room for */
	unsigned long long refused;	/* operations, under ON_LOSS_BLOCK */
	unsigned long long lost[LOSS_CAUSES][RECORD_CLASSES];
};

/* What gives way when the reader does not keep up. */
enum on_loss {
	ON_LOSS_RECORD = 0,	/* the record: what does not fit is counted */
	ON_LOSS_SHED = 1,	/* the least important of the record first */
	ON_LOSS_BLOCK = 2,	/* the operation: it is refused. lsm only */
};

/* What the loader tells the programs, once. */
struct config {
	unsigned int whole_system;	/* follow every task, not only those that were adopted */
	unsigned int self;		/* tgid of Headwater, which is never followed */
	unsigned int on_loss;		/* enum on_loss */
	unsigned int refuse_from;	/* ON_LOSS_BLOCK: bytes in a ring from which on operations are refused */
	unsigned int backlog_max[RECORD_CLASSES];	/* ON_LOSS_SHED: bytes in a ring up to which a class gets in */
};

#define ALL_FOLLOWED 0xffffffffu	/* all that are followed, or would be if the policy had not said otherwise */

/* What it may change. */
struct control {
	unsigned int adopt_tgid;	/* the process that the iterators read in; 0: all, if whole_system; ALL_FOLLOWED */
	unsigned int run;		/* which run of the iterators this is; never 0 */
};

/* For the iterator opaque_file: which of Headwater's descriptors holds the file that makes opaque. */
struct opaque_request {
	int fd;
};

#endif
