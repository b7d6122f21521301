/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What is recorded and what is not: the policy, the marks that objects bear, and how marks spread (docs/selection.md). The policy is
 * one value that user space writes while the programs run; a new one has a new generation, by which each process sees that it has to
 * be judged again. As long as everything is recorded, a process pays one comparison with it.
 */
#ifndef HEADWATER_SELECT_H
#define HEADWATER_SELECT_H

#include "kernel.h"
#include "record.h"
#include <bpf/bpf_helpers.h>

/* What an object bears: as CamFlow numbers them, but for the last. */
enum mark {
	MARK_TRACKED = 1,	/* what touches it is recorded, even if not everything is */
	MARK_OPAQUE = 2,	/* what touches it is not recorded */
	MARK_PROPAGATE = 4,	/* with MARK_TRACKED: what flows out of it hands both on, and the taint */
	MARK_RECORD = 8,	/* of a socket: what its packets carry is wanted */
	MARK_OPAQUE_IMAGE = 16,	/* of a process: it executes an opaque file */
};

#define MARKS_TOLD 0xffu	/* the others are of lines.h, and no business of a policy */
#define MARKS_SPREADING (MARK_TRACKED | MARK_PROPAGATE)
#define MARKS_OPAQUE (MARK_OPAQUE | MARK_OPAQUE_IMAGE)

/* Whose processes a target means; user and group: their files too. */
enum target_kind {
	TARGET_USER = 0,
	TARGET_GROUP = 1,
	TARGET_UTS = 2,		/* namespaces, by their inode numbers */
	TARGET_IPC = 3,
	TARGET_MOUNT = 4,
	TARGET_PID = 5,
	TARGET_NET = 6,
	TARGET_CGROUP_NAMESPACE = 7,
	TARGET_CGROUP = 8,	/* by its id in the unified hierarchy */
	TARGET_CONTEXT = 9,	/* security context: what security_id makes of it (verdicts.h) */
};

#define TARGETS_OF_FILES (1 << TARGET_USER | 1 << TARGET_GROUP)

struct target_key {
	u64 id;
	u32 kind;
	u32 pad;
};

/* Marks to set and to clear, and the taint to add. */
struct marking {
	u64 taint;
	u32 set;
	u32 clear;
};

#define ADDRESSES_MAX 64
#define ADDRESS_EGRESS 1	/* where a socket connects to; else: what it is bound to */

struct address_target {
	u64 address[2];		/* IPv4 as ::ffff:a.b.c.d; what the mask leaves of it */
	u64 mask[2];
	struct marking marking;
	u16 port;		/* host byte order; 0: any */
	u16 egress;
	u32 pad;
};

#define PARTIAL_TRACKED 1
#define PARTIAL_NOTHING 2	/* not even that */

#define OBJECTS_MARKED 1	/* some bear marks: who meets one looks */
#define OBJECTS_TRACKED 2	/* and some of these are tracked: processes that are not recorded look too */

/* Which security module the contexts of TARGET_CONTEXT are of. */
enum security_module {
	SECURITY_SELINUX = 1,
	SECURITY_APPARMOR = 2,
};

#define NO_ARGUMENTS 1
#define NO_ENVIRONMENT 2
#define NO_CONTENT 4	/* of packets */
#define NO_OTHER_PACKETS 8	/* than those of sockets with MARK_RECORD: nobody asked for packets but by that mark */

/* All zero but for the first two, everything is recorded. Bits of operations: enum flow_op; of kinds: NodeKind.code. */
struct policy {
	u32 selected;		/* the verdict on a process that is recorded: twice the generation, and one */
	u32 unselected;		/* the verdict on one that is not */
	u32 active;		/* there is a filter, or not everything is recorded */
	u32 partial;		/* only what is tracked is recorded: PARTIAL_… */
	u32 objects;		/* OBJECTS_… */
	u32 targets;		/* of which kinds (enum target_kind) there are any */
	u32 addresses;		/* how many targets are addresses */
	u32 no_strings;		/* NO_… */
	u32 security_module;	/* enum security_module; 0: no contexts */
	u32 security_offset;	/* where in struct cred's blob it keeps its own */
	u64 operations[4];	/* filtered */
	u64 spread_operations[4];	/* marks do not spread by these */
	u64 kinds;
	u64 spread_kinds;	/* marks do not spread to these */
};

volatile struct policy policy SEC(".data.policy") = { .selected = 3, .unselected = 2 };

/* A verdict under whichever policy: what has begun under one ends under it, though another has come meanwhile. */
static __always_inline bool is_selected(u32 verdict)
{
	return verdict & 1;
}

/* Some object has come to be tracked since. */
volatile u32 objects_marked = 0;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, struct target_key);
	__type(value, struct marking);
} targets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ADDRESSES_MAX);
	__type(key, u32);
	__type(value, struct address_target);
} address_targets SEC(".maps");

/* Which file, whichever device its file system is on: see file_system_number. */
struct marked_key {
	u64 file_system;
	u64 ino;
	u32 generation;
	u32 pad;
};

/*
 * For the iterators mark_process and mark_file: which, and how; nothing to set or to clear asks only. They answer with what it bears
 * then and, of a file, with what it is known by.
 */
struct marking_request {
	struct marking marking;
	int process;
	int fd;
	u32 done;		/* 1: done; 2: no room for more marked files */
	u32 marks;
	u64 taint;
	struct marked_key key;
	u8 uuid[16];
	char type[16];		/* of the file system */
	u32 recorded;		/* 1 if what the process does is recorded now */
	u32 pad;
};

volatile struct marking_request marking_request SEC(".data.marking") = {};

/*
 * For the iterator security_module: where the kernel keeps what a security module has in struct cred, and which of Headwater's own
 * threads has the context in question set for the files that it makes (SELinux).
 */
struct security_request {
	u64 sizes;		/* address of the module's struct lsm_blob_sizes: the offset in struct cred comes first */
	int thread;
	u32 module;		/* enum security_module */
	u32 offset;		/* the answer: for policy.security_offset */
	u32 created;		/* the answer: SELinux's number of that context */
};

volatile struct security_request security_request SEC(".data.security") = {};

static __always_inline bool is_set(volatile u64 *bits, u8 op)
{
	return bits[op >> 6 & 3] >> (op & 63) & 1;
}

static __always_inline bool has_kind(u64 kinds, u32 kind)
{
	return kinds >> (kind & 63) & 1;
}

/* Node kinds, as NodeKind.code has them. */
enum kind {
	KIND_MACHINE = 4,
	KIND_UNKNOWN = 6,
	KIND_LINK = 7,
	KIND_FILE = 8,
	KIND_DIRECTORY = 9,
	KIND_CHAR = 10,
	KIND_BLOCK = 11,
	KIND_PIPE = 12,
	KIND_SOCKET = 13,
	KIND_MSG = 14,
	KIND_SHM = 15,
	KIND_SB = 16,
	KIND_PACKET = 17,
	KIND_IATTR = 18,
	KIND_PROCESS_MEMORY = 19,
	KIND_KEY = 28,
	KIND_SEM = 29,
	KIND_BPF_MAP = 30,
	KIND_KERNEL_DATA = 31,
};

static const u8 kind_of_type[16] = {
	[0] = KIND_UNKNOWN,
	[1] = KIND_PIPE,
	[2] = KIND_CHAR,
	[3] = KIND_UNKNOWN,
	[4] = KIND_DIRECTORY,
	[5] = KIND_UNKNOWN,
	[6] = KIND_BLOCK,
	[7] = KIND_UNKNOWN,
	[8] = KIND_FILE,
	[9] = KIND_UNKNOWN,
	[10] = KIND_LINK,
	[11] = KIND_UNKNOWN,
	[12] = KIND_SOCKET,
	[13] = KIND_UNKNOWN,
	[14] = KIND_UNKNOWN,
	[15] = KIND_UNKNOWN,
};

/* As graph's ObjectClasses draws them. */
static const u8 kind_of_class[32] = {
	[OBJECT_INODE] = KIND_UNKNOWN,
	[OBJECT_MEMORY] = KIND_SHM,
	[OBJECT_SEGMENT] = KIND_SHM,
	[OBJECT_SPACE] = KIND_PROCESS_MEMORY,
	[OBJECT_QUEUE] = KIND_MSG,
	[OBJECT_SEMAPHORES] = KIND_SEM,
	[OBJECT_KEY] = KIND_KEY,
	[OBJECT_ANONYMOUS] = KIND_UNKNOWN,
	[OBJECT_ATTRIBUTES] = KIND_IATTR,
	[OBJECT_CLAIMED] = KIND_SB,
	[OBJECT_FUSE] = KIND_SB,
	[OBJECT_WIRE] = KIND_SOCKET,
	[OBJECT_UNACCEPTED] = KIND_SOCKET,
	[OBJECT_BPF_MAP] = KIND_BPF_MAP,
	[OBJECT_KERNEL] = KIND_MACHINE,
	[OBJECT_KERNEL_LOG] = KIND_KERNEL_DATA,
	[OBJECT_HOST_NAME] = KIND_KERNEL_DATA,
};

#endif
