/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Requests of an io_uring that may complete more than once. See trace_uring.h. */
#ifndef HEADWATER_URING_REPEATING_H
#define HEADWATER_URING_REPEATING_H

#include "uring_flows.h"
#include "uring_made.h"

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

/* Whether the request that is remembered by a name is still the one that it was; its place in memory may have another now. */
static __noinline bool still_repeating(struct uring_name *name, struct uring_repeated *repeated)
{
	struct io_kiocb *request;

	if (!name || !repeated)
		return false;
	request = (struct io_kiocb *)repeated->request;
	return (u64)BPF_CORE_READ(request, ctx) == name->ring && BPF_CORE_READ(request, cqe.user_data) == name->user_data &&
	       (u64)file_named(request) == repeated->file && BPF_CORE_READ(request, opcode) == repeated->op;
}

/* Something is remembered by this name. True if it is gone, and `fresh` now has its place. */
static __noinline bool replaced(struct uring_name *name, struct uring_repeated *fresh)
{
	struct uring_repeated *known;

	if (!name || !fresh)
		return false;
	known = bpf_map_lookup_elem(&uring_repeating, name);
	if (known && known->request != fresh->request && still_repeating(name, known))
		return false;
	return !bpf_map_update_elem(&uring_repeating, name, fresh, BPF_ANY);
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
	if (bpf_map_update_elem(&uring_repeating, &name, &repeated, BPF_NOEXIST) && !replaced(&name, &repeated))
		taken_for_mapped(who, file, false);
	return 0;
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
static __always_inline int uring_repeats(struct actor *who, struct io_ring_ctx *ring, u64 user_data, int result)
{
	struct uring_repeated repeated;

	if (result < 0 || !repeating(ring, user_data, &repeated))
		return 0;
	if (repeated.op == URING_ACCEPT)
		accept_completed(who, (struct file *)repeated.file, repeated.fixed ? fixed_file(ring, result)
				 : file_of(bpf_get_current_task_btf(), result));
	else if (result)
		uring_takes(who, NULL, (struct file *)repeated.file);
	return 0;
}

#endif
