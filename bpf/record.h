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
	RECORD_NAME = 5,	/* the path of an object, from the dentry cache: struct text_record */
	RECORD_ARGS = 6,	/* the arguments of an executed program: struct text_record */
	RECORD_REMOTE = 7,	/* a remote end is met for the first time: struct address_record */
	RECORD_ADDRESS = 8,	/* the addresses of a socket: struct address_record */
	RECORD_PATHS = 9,	/* a call that names files by path, as the caller wrote them: struct paths_record */
	RECORD_PACKET = 14,	/* a packet between a socket and the network: struct packet_record */
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
	OP_SEND_PACKET = 80,	/* socket -> packet */
	OP_RECEIVE_PACKET = 81,	/* packet -> socket */
	OP_ACCEPT_EARLY = 82,	/* connection before accept(2) -> the accepted socket */
};

/* What an object is that is introduced by RECORD_INODE (head.op), and how its key is to be read. */
enum object_class {
	OBJECT_INODE = 0,	/* device, inode number, generation */
	OBJECT_MEMORY = 1,	/* memory that processes share: id of the process's object that had it first */
	OBJECT_WIRE = 16,	/* packets that raw and packet sockets make themselves: protocol, or WIRE_DEVICE | device; network namespace */
	OBJECT_UNACCEPTED = 17,	/* a connection before accept(2): its socket's cookie */
};

#define WIRE_DEVICE 0x10000	/* | interface index: frames of a packet socket */

#define OBJECT_DEVICE 0xfff00000u	/* | object_class: the device of what is no inode */

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

/* The same first 64 bytes as a flow: object = the task, from = the parent's process, task = the parent task. */
struct task_record {
	struct record_head head;	/* state = the first state of `process`, if it is new */
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
};

/*
 * head.arg = bytes used in `text`. For a name: components from the last to the first, each ended by a NUL; head.op = 1 if
 * no directory holds the object (a pipe, a socket, a memfd), so that its name is not a path.
 */
struct text_record {
	struct record_head head;
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
	unsigned int netns;
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

#define PATHS_TEXT_BYTES 4032

/*
 * text holds four runs: first directory (as a name), first path, second directory, second path; the lengths say where
 * each ends. A path that starts with '/' makes its directory empty.
 */
struct paths_record {
	struct record_head head;
	unsigned long long task;
	unsigned long long extra;	/* size of a truncation, mode, flags */
	unsigned short length[4];
	char text[PATHS_TEXT_BYTES];
};

/* Why something is missing from the record; counted on the CPU where it happens. */
enum loss {
	LOSS_RING_FULL = 0,
	LOSS_MAP_FULL = 1,
	LOSS_UNREADABLE = 2,
	LOSS_FOREIGN_ABI = 3,
	LOSS_KINDS = 4,
};

struct lane {
	unsigned long long objects;	/* ids handed out on this CPU */
	unsigned long long states;
	unsigned long long lost[LOSS_KINDS];
};

/* What the loader tells the programs, once. */
struct config {
	unsigned int whole_system;	/* follow every task, not only those that were adopted */
	unsigned int self;		/* tgid of Headwater, which is never followed */
};

/* What it may change. */
struct control {
	unsigned int adopt_tgid;	/* the process that the iterators read in; 0: all, if whole_system */
};

#endif
