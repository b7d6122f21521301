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
#include "uring_requests.h"
#include "uring_pending.h"
#include "uring_flows.h"
#include "uring_names.h"
#include "uring_attributes.h"
#include "uring_made.h"
#include "uring_repeating.h"

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

	if (!(effect & (URING_PUTS | URING_TAKES | URING_REPEATS | URING_NAMES | URING_SETS | URING_ASKS)) || !actor(&who))
		return 0;
	if (effect & URING_SETS)
		return attribute_submitted(&who, request);
	if (effect & URING_ASKS)
		return BPF_CORE_READ(request, opcode) == URING_GETXATTR ? names_submitted(&who, request) : 0;
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

/* What is linked to a request comes next. One with a descriptor is told of when that is resolved. */
static __noinline struct io_kiocb *fixed_next(struct io_kiocb *request)
{
	struct io_kiocb *next;

	if (!(uring_flags(request) & (IOSQE_IO_LINK | IOSQE_IO_HARDLINK)))
		return NULL;
	next = BPF_CORE_READ(request, link);
	return next && uring_flags(next) & IOSQE_FIXED_FILE && uring_effect(next) & URING_PUTS ? next : NULL;
}

/* `request`: NULL if only the ring and its name are told. */
static __always_inline int uring_completed(struct io_ring_ctx *ring, struct io_kiocb *request, u64 user_data, int result)
{
	struct actor who;
	u32 effect;

	if (!request)
		return actor(&who) ? uring_repeats(&who, ring, user_data, result) : 0;
	effect = uring_effect(request);
	/* Whoever is current: a ring that is torn down has its requests cancelled by a thread of the kernel's. */
	if (effect & URING_REPEATS)
		repeating_completed(request, user_data);
	if (!actor(&who))
		return 0;
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
	if (effect & URING_ASKS)
		attribute_completed(&who, request, result);
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

	return uring_completed(ring, request, user_data, result);
}

/* Up to some kernel between 6.12 and 6.18. */
SEC("tp_btf/io_uring_complete")
int BPF_PROG(uring_complete_7, struct io_ring_ctx *ring, struct io_kiocb *request, u64 user_data, int result)
{
	return uring_completed(ring, request, user_data, result);
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
	return uring_repeats(&who, ring, user_data, result);
}

#endif
