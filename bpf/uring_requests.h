/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* A request of an io_uring: what it does, and with which file. See trace_uring.h. */
#ifndef HEADWATER_URING_REQUESTS_H
#define HEADWATER_URING_REQUESTS_H

#include "trace.h"

/* Numbers and flags of include/uapi/linux/io_uring.h. */
enum uring_op {
	URING_READV = 1,
	URING_WRITEV = 2,
	URING_READ_FIXED = 4,
	URING_WRITE_FIXED = 5,
	URING_SENDMSG = 9,
	URING_RECVMSG = 10,
	URING_ACCEPT = 13,
	URING_CONNECT = 16,
	URING_FALLOCATE = 17,
	URING_OPENAT = 18,
	URING_STATX = 21,
	URING_READ = 22,
	URING_WRITE = 23,
	URING_SEND = 26,
	URING_RECV = 27,
	URING_OPENAT2 = 28,
	URING_SPLICE = 30,
	URING_TEE = 33,
	URING_RENAMEAT = 35,
	URING_UNLINKAT = 36,
	URING_MKDIRAT = 37,
	URING_SYMLINKAT = 38,
	URING_LINKAT = 39,
	URING_MSG_RING = 40,
	URING_FSETXATTR = 41,
	URING_SETXATTR = 42,
	URING_FGETXATTR = 43,
	URING_GETXATTR = 44,
	URING_SOCKET = 45,
	URING_CMD = 46,
	URING_SEND_ZC = 47,
	URING_SENDMSG_ZC = 48,
	URING_READ_MULTISHOT = 49,
	URING_FTRUNCATE = 55,
	URING_BIND = 56,
	URING_LISTEN = 57,
	URING_RECV_ZC = 58,
	URING_READV_FIXED = 60,
	URING_WRITEV_FIXED = 61,
};

#define IOSQE_FIXED_FILE 0x1
#define IOSQE_IO_DRAIN 0x2
#define IOSQE_IO_LINK 0x4
#define IOSQE_IO_HARDLINK 0x8
#define IOSQE_CQE_SKIP_SUCCESS 0x40
#define IORING_SETUP_IOPOLL 0x1
#define IORING_RECV_MULTISHOT 0x2
#define IORING_FILE_INDEX_ALLOC 0xffffffffu
#define SPLICE_F_FD_IN_FIXED 0x80000000u

/* What a request does with the file that it names, or without one. */
enum uring_effect {
	URING_PUTS = 1,		/* into the file */
	URING_TAKES = 2,	/* out of it */
	URING_COPIES = 4,	/* into it, out of another */
	URING_MAKES = 8,	/* a descriptor, or a socket's addresses */
	URING_NAMES = 16,	/* files, by path */
	URING_REPEATS = 32,	/* may complete more than once */
	URING_SETS = 64,	/* an attribute */
	URING_ASKS = 128,	/* for one */
};

#define URING_OPS 64

static const u8 uring_effects[URING_OPS] = {
	[URING_READV] = URING_TAKES,
	[URING_WRITEV] = URING_PUTS,
	[URING_READ_FIXED] = URING_TAKES,
	[URING_WRITE_FIXED] = URING_PUTS,
	[URING_SENDMSG] = URING_PUTS,
	[URING_RECVMSG] = URING_TAKES | URING_REPEATS,
	[URING_ACCEPT] = URING_MAKES | URING_REPEATS,
	[URING_CONNECT] = URING_MAKES,
	[URING_FALLOCATE] = URING_PUTS,
	[URING_OPENAT] = URING_MAKES,
	[URING_STATX] = URING_ASKS,
	[URING_READ] = URING_TAKES,
	[URING_WRITE] = URING_PUTS,
	[URING_SEND] = URING_PUTS,
	[URING_RECV] = URING_TAKES | URING_REPEATS,
	[URING_OPENAT2] = URING_MAKES,
	[URING_SPLICE] = URING_COPIES,
	[URING_TEE] = URING_COPIES,
	[URING_RENAMEAT] = URING_NAMES,
	[URING_UNLINKAT] = URING_NAMES,
	[URING_MKDIRAT] = URING_NAMES,
	[URING_SYMLINKAT] = URING_NAMES,
	[URING_LINKAT] = URING_NAMES,
	[URING_MSG_RING] = URING_PUTS,
	[URING_FSETXATTR] = URING_SETS,
	[URING_SETXATTR] = URING_SETS,
	[URING_FGETXATTR] = URING_ASKS,
	[URING_GETXATTR] = URING_ASKS,
	[URING_SOCKET] = URING_MAKES,
	[URING_CMD] = URING_PUTS | URING_TAKES,
	[URING_SEND_ZC] = URING_PUTS,
	[URING_SENDMSG_ZC] = URING_PUTS,
	[URING_READ_MULTISHOT] = URING_TAKES | URING_REPEATS,
	[URING_FTRUNCATE] = URING_PUTS,
	[URING_BIND] = URING_MAKES,
	[URING_LISTEN] = URING_MAKES,
	[URING_RECV_ZC] = URING_TAKES | URING_REPEATS,
	[URING_READV_FIXED] = URING_TAKES,
	[URING_WRITEV_FIXED] = URING_PUTS,
};

static __always_inline u32 uring_effect(struct io_kiocb *request)
{
	u32 op = BPF_CORE_READ(request, opcode);

	return op < URING_OPS ? uring_effects[op] : 0;
}

static __always_inline u32 uring_flags(struct io_kiocb *request)
{
	return BPF_CORE_READ(request, flags);
}

/* A fixed file: one of the ring's own table. Its low bits say what it can do. */
static __noinline struct file *fixed_file(struct io_ring_ctx *ring, u32 slot)
{
	unsigned long file = 0;

	if (bpf_core_field_exists(ring->file_table.files)) {
		struct io_fixed_file *files = BPF_CORE_READ(ring, file_table.files);

		if (slot < BPF_CORE_READ(ring, nr_user_files))
			bpf_probe_read_kernel(&file, sizeof(file), files + slot);
	} else if (slot < BPF_CORE_READ(ring, file_table.data.nr)) {
		struct io_rsrc_node **nodes = BPF_CORE_READ(ring, file_table.data.nodes);
		struct io_rsrc_node *node = NULL;

		bpf_probe_read_kernel(&node, sizeof(node), nodes + slot);
		if (node)
			file = BPF_CORE_READ(node, file_ptr);
	}
	return (struct file *)(file & ~7UL);
}

/* The file that a request names: the kernel's, once it has it; until then by the descriptor or the slot. */
static __noinline struct file *file_named(struct io_kiocb *request)
{
	struct file *file = BPF_CORE_READ(request, file);
	u32 fd;

	if (file)
		return file;
	fd = BPF_CORE_READ(request, cqe.fd);
	if (uring_flags(request) & IOSQE_FIXED_FILE)
		return fixed_file(BPF_CORE_READ(request, ctx), fd);
	return file_of(bpf_get_current_task_btf(), fd);
}

static __noinline bool is_socket(struct file *file)
{
	return (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) == S_IFSOCK;
}

/* Whether the current task, which completes the request, is of the process that submitted it. */
static __noinline bool own_request(struct io_kiocb *request)
{
	struct task_struct *leader;

	if (bpf_core_field_exists(request->tctx))
		leader = BPF_CORE_READ(request, tctx, task, group_leader);
	else
		leader = BPF_CORE_READ(request, task, group_leader);
	return leader == bpf_get_current_task_btf()->group_leader;
}

/* The key of the object that an open file stands for. */
static __noinline int held_key(struct file *file, struct inode_key *key)
{
	struct inode *held = held_inode(file, BPF_CORE_READ(file, f_inode));

	if (!key)
		return 0;
	if (overlays_met)
		held = inode_below(file, held);
	*key = inode_key(held);
	special_key(file, held, key);
	return 0;
}

/* Taken for a shared mapping: what is put in and taken out is not seen when it is. */
static __noinline int taken_for_mapped(struct actor *who, struct file *file, bool writes)
{
	struct inode_key key = {};

	if (!who)
		return 0;
	held_key(file, &key);
	remember_mapping(who->process, &key, writes);
	return 0;
}

#endif
