/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * io_uring: requests in shared memory, which no system call names. What is seen of a request, and when:
 *
 *   submitted    read from the ring's memory into the kernel's; fixed files are known from here on, names are the caller's
 *   file got     it names a descriptor, and is about to be done: by the submitter, later (linked), or by another thread
 *   to a worker  it could not be done at once
 *   completed    its result is about to be shown; the ring's tail moves after that, so no reader of the ring is earlier
 *
 * So a flow into a file is reported at the last of these that comes before the bytes move: where the descriptor is resolved
 * or, for a fixed file, when it is submitted or when the request before it in its chain completes; and again when it goes to
 * a worker. A flow out of a file is reported at completion. But completions are held back until all that one call submits was
 * tried, so what the call has submitted to be read is taken for read before anything is put out (`uring_pending`).
 *
 * A request whose doing passes none of the four between two others is taken for a shared mapping of its file (shared.h): reads
 * that complete unseen (IOSQE_CQE_SKIP_SUCCESS, IORING_SETUP_IOPOLL), writes of fixed files behind such a request or a barrier.
 *
 * Whoever is current is a thread of the submitter's process: itself, one of io_uring's workers, or the poller of the submission
 * queue. A ring that processes share takes its requests from whoever submits them.
 */
#ifndef HEADWATER_TRACE_URING_H
#define HEADWATER_TRACE_URING_H

#include "trace.h"
#include "trace_files.h"
#include "trace_sockets.h"
#include "claims.h"
#include "processes.h"

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

/* A read that was submitted and is not known to have completed. */
struct uring_read {
	u64 request;		/* its place in kernel memory; 0: none */
	struct inode_key key;
	u64 op;			/* OP_READ or OP_RECEIVE */
};

#define URING_READS 8

/* The last reads that a task has submitted by the call that it is in (the poller of a queue: ever); used by that task alone. */
struct uring_reads {
	struct uring_read reads[URING_READS];
	u64 next;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct uring_reads);
} uring_pending SEC(".maps");

/* Of all completions of a repeating request but the last, the tracepoint tells only the ring and what the caller calls it. */
struct uring_name {
	u64 ring;
	u64 user_data;
};

struct uring_repeated {
	u64 request;
	u64 file;		/* held by the request while it lasts */
	u32 op;			/* enum uring_op */
	u32 fixed;		/* what it accepts goes into the ring's table of files */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct uring_name);
	__type(value, struct uring_repeated);
} uring_repeating SEC(".maps");

/* Requests that name files by path: the caller's words, until the request completes. By its place in kernel memory. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, struct paths_call);
} uring_names SEC(".maps");

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

/* ---- what the task has submitted and may have taken ---- */

/* Global, so that it is verified once and not for each place. */
__noinline int take_read(struct process *process, struct uring_read *read, u64 task)
{
	struct inode_object *object;
	struct inode_key key;

	if (!process || !read || !read->request)
		return 0;
	key = read->key;
	object = bpf_map_lookup_elem(&inodes, &key);
	if (object)
		flow_to_process(&object->object, process, read->op, 0, 0, 0, task);
	return 0;
}

static __always_inline struct uring_reads *reads_pending(u64 flags)
{
	return bpf_task_storage_get(&uring_pending, bpf_get_current_task_btf(), NULL, flags);
}

static __noinline int take_pending(struct actor *who)
{
	struct uring_reads *pending = reads_pending(0);
	u32 i;

	if (!pending || !who)
		return 0;
	for (i = 0; i < URING_READS; i++) {
		if (pending->reads[i].request)
			take_read(who->process, &pending->reads[i], who->id);
	}
	return 0;
}

static __noinline int read_submitted(struct actor *who, struct io_kiocb *request, struct file *file)
{
	struct uring_reads *pending = reads_pending(BPF_LOCAL_STORAGE_GET_F_CREATE);
	struct uring_read *read;
	struct inode_key key = {};

	if (!who)
		return 0;
	if (!pending) {
		lost_of(LOSS_MAP_FULL, CLASS_TRANSFER);
		return 0;
	}
	held_key(file, &key);
	read = &pending->reads[pending->next++ & (URING_READS - 1)];
	/* One that is still under way, or that was done and is not shown yet. */
	take_read(who->process, read, who->id);
	read->request = (u64)request;
	read->key = key;
	read->op = is_socket(file) ? OP_RECEIVE : OP_READ;
	return 0;
}

static __always_inline void read_completed(u64 request)
{
	struct uring_reads *pending = reads_pending(0);
	u32 i;

	if (!pending)
		return;
	for (i = 0; i < URING_READS; i++) {
		if (pending->reads[i].request == request)
			pending->reads[i].request = 0;
	}
}

/* All that the call has submitted was tried, and what was done of it has completed. What was not completes later. */
static __noinline int on_exit_uring_entered(struct call *call)
{
	struct uring_reads *pending = reads_pending(0);

	if (pending)
		__builtin_memset(pending, 0, sizeof(*pending));
	return 0;
}

/* ---- flows ---- */

/* Where an unconnected socket sends. */
static __always_inline void request_endpoint(struct endpoint *at, struct io_kiocb *request)
{
	struct io_sr_msg *message = (struct io_sr_msg *)request;
	u32 op;

	__builtin_memset(at, 0, sizeof(*at));
	if (!request)
		return;
	op = BPF_CORE_READ(request, opcode);
	if (op == URING_SENDMSG || op == URING_SENDMSG_ZC || op == URING_RECVMSG) {
		read_endpoint(at, message_name(BPF_CORE_READ(message, umsg)), true);
	} else if (op != URING_SEND && op != URING_SEND_ZC) {
		return;
	} else if (bpf_core_field_exists(message->addr)) {
		read_endpoint(at, BPF_CORE_READ(message, addr), true);
	} else {
		struct io_async_msghdr *data = BPF_CORE_READ(request, async_data);
		struct msghdr *kept = (void *)data + bpf_core_field_offset(struct io_async_msghdr, msg);

		if (data)
			read_endpoint(at, BPF_CORE_READ(kept, msg_name), false);
	}
}

/* A socket has come by its addresses, or is used without having been seen to. */
static __noinline int uring_joins(struct actor *who, struct file *file, u32 op)
{
	struct opened at = {};
	struct socket *socket;

	if (!who || !opened_file(file, &at) || at.type != S_IFSOCK)
		return 0;
	if ((op == OP_SEND || op == OP_RECEIVE) && at.object->object.address)
		return 0;
	socket = socket_of(at.file);
	join(at.object, at.inode, BPF_CORE_READ(socket, sk), who->id, op);
	pair_once(at.object, BPF_CORE_READ(socket, sk), who->id);
	if (op == OP_ACCEPT)
		catch_up_accepted(at.object, BPF_CORE_READ(socket, sk), who->id);
	return 0;
}

/* A socket that had no name when it sent: it has one now, and can be found. */
static __noinline int uring_named(struct actor *who, struct file *file)
{
	struct opened at = {};
	struct socket *socket;

	if (!who || !opened_file(file, &at) || at.type != S_IFSOCK)
		return 0;
	socket = socket_of(at.file);
	join(at.object, at.inode, BPF_CORE_READ(socket, sk), who->id, OP_SEND);
	return 0;
}

static __noinline int uring_resizes(struct actor *who, struct file *file)
{
	struct opened at = {};

	if (who && opened_file(file, &at))
		flow_to_inode(&who->process->object, at.object, OP_TRUNCATE, 0, 0, -1, who->id);
	return 0;
}

/* As put_into. */
static __noinline bool uring_sends(struct actor *who, struct io_kiocb *request, struct file *file)
{
	struct opened at = {};
	struct endpoint to;

	if (!who || !opened_file(file, &at))
		return 0;
	request_endpoint(&to, request);
	return put_into(who, &at, &to);
}

/* As take_from. */
static __noinline bool uring_receives(struct actor *who, struct io_kiocb *request, struct file *file)
{
	struct opened at = {};
	struct endpoint from;

	if (!who || !opened_file(file, &at))
		return 0;
	request_endpoint(&from, request);
	return take_from(who, &at, &from);
}

/* These are part of each program: 6.1 lets the stacks of a chain of calls sum to 512 bytes, so the chain has to be short. */
static __always_inline void uring_puts(struct actor *who, struct io_kiocb *request, struct file *file)
{
	u32 op = BPF_CORE_READ(request, opcode);

	if (!file || (op == URING_CMD && is_socket(file)))
		return;
	take_pending(who);
	if (op == URING_FALLOCATE || op == URING_FTRUNCATE) {
		uring_resizes(who, file);
		return;
	}
	uring_joins(who, file, OP_SEND);
	if (uring_sends(who, request, file))
		process_file(who, file, true);
}

static __always_inline void uring_takes(struct actor *who, struct io_kiocb *request, struct file *file)
{
	uring_joins(who, file, OP_RECEIVE);
	if (uring_receives(who, request, file))
		process_file(who, file, false);
}

/* Where a splice or a tee takes its bytes. */
static __noinline struct file *copied_from(struct io_kiocb *request)
{
	struct io_splice *splice = (struct io_splice *)request;
	u32 fd = BPF_CORE_READ(splice, splice_fd_in);

	if (BPF_CORE_READ(splice, flags) & SPLICE_F_FD_IN_FIXED)
		return fixed_file(BPF_CORE_READ(request, ctx), fd);
	return file_of(bpf_get_current_task_btf(), fd);
}

static __always_inline void uring_copies(struct actor *who, struct io_kiocb *request)
{
	uring_takes(who, NULL, copied_from(request));
	uring_puts(who, request, file_named(request));
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

/* ---- submitted ---- */

static __always_inline void named_file_of(struct named_file *named, int directory, struct filename *name)
{
	named->directory = directory;
	named->path = BPF_CORE_READ(name, uptr);
}

/* Names that were recorded are in directories: claims.h. */
static __noinline int names_claimed(struct actor *who)
{
	struct call call = {};

	if (!who)
		return 0;
	call.who = *who;
	entries_claimed = 1;
	return claim_put(&call, OP_CLAIM, 0, 0);
}

/* 1 if the names were recorded. */
static __noinline int names_submitted(struct actor *who, struct io_kiocb *request)
{
	struct io_rename *two = (struct io_rename *)request;
	struct io_link *link = (struct io_link *)request;
	struct io_unlink *one = (struct io_unlink *)request;
	struct io_mkdir *mkdir = (struct io_mkdir *)request;
	u32 op = BPF_CORE_READ(request, opcode);
	struct paths_call names;
	u64 key = (u64)request;

	if (!who)
		return 0;
	__builtin_memset(&names, 0, sizeof(names));
	names.task = who->id;
	names.process = who->process->object.id;
	if (op == URING_RENAMEAT) {
		names.op = OP_RENAME;
		names.extra = (u32)BPF_CORE_READ(two, flags);
		named_file_of(&names.from, BPF_CORE_READ(two, old_dfd), BPF_CORE_READ(two, oldpath));
		named_file_of(&names.to, BPF_CORE_READ(two, new_dfd), BPF_CORE_READ(two, newpath));
	} else if (op == URING_UNLINKAT) {
		names.op = OP_UNLINK;
		names.extra = (u32)BPF_CORE_READ(one, flags);
		named_file_of(&names.from, BPF_CORE_READ(one, dfd), BPF_CORE_READ(one, filename));
	} else if (op == URING_MKDIRAT) {
		names.op = OP_MKDIR;
		names.extra = BPF_CORE_READ(mkdir, mode);
		named_file_of(&names.from, BPF_CORE_READ(mkdir, dfd), BPF_CORE_READ(mkdir, filename));
	} else {
		names.op = op == URING_LINKAT ? OP_LINK : OP_SYMLINK;
		names.extra = op == URING_LINKAT ? (u32)BPF_CORE_READ(link, flags) : 0;
		named_file_of(&names.from, op == URING_LINKAT ? BPF_CORE_READ(link, old_dfd) : AT_FDCWD,
			      BPF_CORE_READ(link, oldpath));
		named_file_of(&names.to, BPF_CORE_READ(link, new_dfd), BPF_CORE_READ(link, newpath));
	}
	/* Its completion is not shown unless it fails. */
	if (uring_flags(request) & IOSQE_CQE_SKIP_SUCCESS) {
		record_paths(&names);
		return 1;
	}
	if (bpf_map_update_elem(&uring_names, &key, &names, BPF_ANY))
		lost_of(LOSS_MAP_FULL, CLASS_NAME);
	return 0;
}

/* Remembers a request that may complete more than once; two that the caller calls the same are taken for mappings. */
static __noinline int repeating_submitted(struct actor *who, struct io_kiocb *request, struct file *file)
{
	struct io_accept *accept = (struct io_accept *)request;
	struct io_sr_msg *message = (struct io_sr_msg *)request;
	u32 op = BPF_CORE_READ(request, opcode);
	struct uring_name name = { .ring = (u64)BPF_CORE_READ(request, ctx),
				   .user_data = BPF_CORE_READ(request, cqe.user_data) };
	struct uring_repeated repeated = { .request = (u64)request, .op = op };

	if (!who)
		return 0;
	if ((op == URING_RECV || op == URING_RECVMSG) && !(BPF_CORE_READ(message, flags) & IORING_RECV_MULTISHOT))
		return 0;
	repeated.file = (u64)file;
	repeated.fixed = op == URING_ACCEPT && BPF_CORE_READ(accept, file_slot);
	if (bpf_map_update_elem(&uring_repeating, &name, &repeated, BPF_NOEXIST))
		taken_for_mapped(who, file, false);
	return 0;
}

/* True if nothing will tell when the request is done: its file is fixed, and what it waits for completes unseen. */
static __noinline bool done_unseen(struct io_kiocb *request, u32 flags)
{
	struct io_kiocb *before;

	if (!(flags & IOSQE_FIXED_FILE))
		return false;
	if (flags & IOSQE_IO_DRAIN)
		return true;
	if (!BPF_CORE_READ(request, ctx, submit_state.link.head))
		return false;
	before = BPF_CORE_READ(request, ctx, submit_state.link.last);
	return BPF_CORE_READ(before, flags) & IOSQE_CQE_SKIP_SUCCESS;
}

static __always_inline int uring_submitted(struct io_kiocb *request)
{
	u32 effect = uring_effect(request);
	struct file *file;
	struct actor who;
	u32 flags;

	if (!(effect & (URING_PUTS | URING_TAKES | URING_REPEATS | URING_NAMES)) || !actor(&who))
		return 0;
	if (effect & URING_NAMES) {
		if (who.process->mapped)
			share_in(who.process, who.id);
		return names_submitted(&who, request) ? names_claimed(&who) : 0;
	}
	file = file_named(request);
	if (!file)
		return 0;
	flags = uring_flags(request);
	if (effect & URING_REPEATS)
		repeating_submitted(&who, request, file);
	if (effect & URING_TAKES) {
		if (flags & IOSQE_CQE_SKIP_SUCCESS || BPF_CORE_READ(request, ctx, flags) & IORING_SETUP_IOPOLL)
			taken_for_mapped(&who, file, false);
		read_submitted(&who, request, file);
	}
	if (effect & URING_PUTS && flags & IOSQE_FIXED_FILE) {
		if (done_unseen(request, flags))
			taken_for_mapped(&who, file, true);
		uring_puts(&who, request, file);
	}
	return 0;
}

/* ---- completed ---- */

static __noinline int uring_accepted(struct actor *who, struct file *listening, struct file *file)
{
	struct opened listener = {}, at = {};

	if (!who || !opened_file(file, &at) || at.type != S_IFSOCK)
		return 0;
	opened_file(listening, &listener);
	flow_to_process(&at.object->object, who->process, OP_ACCEPT, 0, 0,
			listener.object ? listener.object->object.id : 0, who->id);
	return 0;
}

/* A socket was made, or has come by its addresses. */
static __noinline int uring_socket(struct actor *who, struct file *file, u32 op)
{
	struct opened at = {};

	if (who && opened_file(file, &at) && at.type == S_IFSOCK)
		flow_to_inode(&who->process->object, at.object, op, 0, 0, 0, who->id);
	return 0;
}

static __always_inline void accept_completed(struct actor *who, struct file *listening, struct file *file)
{
	/* The address first: it says what kind of socket this is. */
	uring_joins(who, file, OP_ACCEPT);
	uring_accepted(who, listening, file);
}

/* The file that a request has made: its descriptor, or its slot in the ring's table. */
static __noinline struct file *file_completed(struct io_kiocb *request, int result)
{
	struct io_accept *accept = (struct io_accept *)request;
	struct io_socket *socket = (struct io_socket *)request;
	struct io_open *open = (struct io_open *)request;
	u32 slot;

	switch (BPF_CORE_READ(request, opcode)) {
	case URING_ACCEPT:
		slot = BPF_CORE_READ(accept, file_slot);
		break;
	case URING_SOCKET:
		slot = BPF_CORE_READ(socket, file_slot);
		break;
	case URING_OPENAT:
	case URING_OPENAT2:
		slot = BPF_CORE_READ(open, file_slot);
		break;
	default:
		return BPF_CORE_READ(request, file);
	}
	if (!slot)
		return file_of(bpf_get_current_task_btf(), result);
	return fixed_file(BPF_CORE_READ(request, ctx), slot == IORING_FILE_INDEX_ALLOC ? result : slot - 1);
}

static __noinline int open_completed(struct actor *who, struct file *file)
{
	struct call call = {};

	if (!who || !file)
		return 0;
	call.who = *who;
	call.file = file;
	return on_exit_open(&call);
}

static __always_inline void uring_made(struct actor *who, struct io_kiocb *request, int result)
{
	struct file *file = file_completed(request, result);
	u32 op = BPF_CORE_READ(request, opcode);

	if (op == URING_OPENAT || op == URING_OPENAT2) {
		open_completed(who, file);
	} else if (op == URING_ACCEPT) {
		accept_completed(who, BPF_CORE_READ(request, file), file);
	} else if (op == URING_SOCKET || op == URING_LISTEN) {
		uring_socket(who, file, op == URING_SOCKET ? OP_SOCKET_CREATE : OP_LISTEN);
	} else {
		uring_joins(who, file, op == URING_CONNECT ? OP_CONNECT : OP_BIND);
		uring_socket(who, file, op == URING_CONNECT ? OP_CONNECT : OP_BIND);
	}
}

/* 1 if the names were recorded. */
static __noinline int names_completed(struct io_kiocb *request, int result)
{
	u64 key = (u64)request;
	struct paths_call *saved = bpf_map_lookup_elem(&uring_names, &key);
	struct paths_call names;

	if (!saved)
		return 0;
	names = *saved;
	bpf_map_delete_elem(&uring_names, &key);
	if (result < 0)
		return 0;
	record_paths(&names);
	return 1;
}

/* The request that completes more than once, if it is one; by value, as the map may give its entry to another. */
static __noinline int repeating(struct io_ring_ctx *ring, u64 user_data, struct uring_repeated *found)
{
	struct uring_name name = { .ring = (u64)ring, .user_data = user_data };
	struct uring_repeated *repeated = bpf_map_lookup_elem(&uring_repeating, &name);

	if (!repeated || !found)
		return 0;
	*found = *repeated;
	return 1;
}

static __noinline int repeating_completed(struct io_kiocb *request, u64 user_data)
{
	struct uring_name name = { .ring = (u64)BPF_CORE_READ(request, ctx), .user_data = user_data };
	struct uring_repeated *repeated = bpf_map_lookup_elem(&uring_repeating, &name);

	if (repeated && repeated->request == (u64)request)
		bpf_map_delete_elem(&uring_repeating, &name);
	return 0;
}

/* One of several completions: only the ring and the caller's name for the request are told. */
static __always_inline int uring_repeats(struct io_ring_ctx *ring, u64 user_data, int result)
{
	struct uring_repeated repeated;
	struct actor who;

	if (result < 0 || !actor(&who) || !repeating(ring, user_data, &repeated))
		return 0;
	if (repeated.op == URING_ACCEPT)
		accept_completed(&who, (struct file *)repeated.file, repeated.fixed ? fixed_file(ring, result)
				 : file_of(bpf_get_current_task_btf(), result));
	else if (result)
		uring_takes(&who, NULL, (struct file *)repeated.file);
	return 0;
}

/* What is linked to a request comes next. One with a descriptor is told of when that is resolved. */
static __noinline struct io_kiocb *fixed_next(struct io_kiocb *request)
{
	struct io_kiocb *next;

	if (!(uring_flags(request) & (IOSQE_IO_LINK | IOSQE_IO_HARDLINK)))
		return NULL;
	next = BPF_CORE_READ(request, link);
	return next && uring_flags(next) & IOSQE_FIXED_FILE && uring_effect(next) & URING_PUTS ? next : NULL;
}

static __always_inline int uring_completed(struct io_kiocb *request, u64 user_data, int result)
{
	u32 effect = uring_effect(request);
	struct actor who;

	if (!actor(&who))
		return 0;
	if (effect & URING_REPEATS)
		repeating_completed(request, user_data);
	if (!own_request(request)) {
		/* Whose memory the bytes are in cannot be told here. */
		if (effect & URING_TAKES && result > 0)
			lost_of(LOSS_UNREADABLE, CLASS_TRANSFER);
		return 0;
	}
	if (effect & URING_TAKES) {
		if (result > 0 || (result == 0 && BPF_CORE_READ(request, opcode) == URING_CMD))
			uring_takes(&who, request, BPF_CORE_READ(request, file));
		read_completed((u64)request);
	}
	if (effect & URING_PUTS && who.task->under_way.sending) {
		who.task->under_way.sending = 0;
		if (result >= 0)
			uring_named(&who, BPF_CORE_READ(request, file));
	}
	if (effect & URING_COPIES && result > 0)
		uring_copies(&who, request);
	if (effect & URING_MAKES && result >= 0)
		uring_made(&who, request, result);
	if (effect & URING_NAMES) {
		if (who.process->mapped)
			share_in(who.process, who.id);
		if (names_completed(request, result))
			names_claimed(&who);
	}
	request = fixed_next(request);
	if (request)
		uring_puts(&who, request, file_named(request));
	return 0;
}

/* ---- the tracepoints; a number at the end of a name is how many arguments the tracepoint has ---- */

SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(uring_submit_req, struct io_kiocb *request)
{
	return uring_submitted(request);
}

/* Up to Linux 6.2. */
SEC("tp_btf/io_uring_submit_sqe")
int BPF_PROG(uring_submit_sqe, struct io_kiocb *request)
{
	return uring_submitted(request);
}

/* `fd`: the descriptor that was resolved just now, or -1 if the request is to say. */
static __always_inline int uring_begins(struct io_kiocb *request, int fd)
{
	u32 effect = uring_effect(request);
	struct actor who;

	if (!(effect & (URING_PUTS | URING_COPIES)) || !actor(&who))
		return 0;
	if (effect & URING_COPIES)
		uring_copies(&who, request);
	else
		uring_puts(&who, request, fd < 0 ? file_named(request) : file_of(bpf_get_current_task_btf(), fd));
	return 0;
}

/* The file is resolved before this, and nothing was done with it yet. */
SEC("tp_btf/io_uring_file_get")
int BPF_PROG(uring_file_get, struct io_kiocb *request, int fd)
{
	return uring_begins(request, fd);
}

/* To be done by a worker, at some time from now on. */
SEC("tp_btf/io_uring_queue_async_work")
int BPF_PROG(uring_queue_async_work, struct io_kiocb *request)
{
	return uring_begins(request, -1);
}

SEC("tp_btf/io_uring_complete")
int BPF_PROG(uring_complete_3, struct io_ring_ctx *ring, struct io_kiocb *request, struct io_uring_cqe *completion)
{
	u64 user_data = BPF_CORE_READ(completion, user_data);
	int result = BPF_CORE_READ(completion, res);

	return request ? uring_completed(request, user_data, result) : uring_repeats(ring, user_data, result);
}

/* Up to some kernel between 6.12 and 6.18. */
SEC("tp_btf/io_uring_complete")
int BPF_PROG(uring_complete_7, struct io_ring_ctx *ring, struct io_kiocb *request, u64 user_data, int result)
{
	return request ? uring_completed(request, user_data, result) : uring_repeats(ring, user_data, result);
}

/* The ring is full of completions: which request it was is not told. One that repeats is known by its name. */
SEC("tp_btf/io_uring_cqe_overflow")
int BPF_PROG(uring_cqe_overflow, struct io_ring_ctx *ring, u64 user_data, int result)
{
	struct actor who;

	if (result <= 0 || !actor(&who))
		return 0;
	take_pending(&who);
	lost_of(LOSS_UNREADABLE, CLASS_TRANSFER);
	return uring_repeats(ring, user_data, result);
}

#endif
