/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What a task has submitted to be read by the call that it is in: it may have taken it before that is shown. See trace_uring.h. */
#ifndef HEADWATER_URING_PENDING_H
#define HEADWATER_URING_PENDING_H

#include "uring_requests.h"

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

#endif
