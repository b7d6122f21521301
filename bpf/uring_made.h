/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What requests of an io_uring make: open files, sockets, connections. See trace_uring.h. */
#ifndef HEADWATER_URING_MADE_H
#define HEADWATER_URING_MADE_H

#include "trace_files.h"
#include "uring_flows.h"

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
		put_out(who, at.object, op, 0, 0, 0);
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

static __always_inline void uring_made(struct actor *who, struct io_kiocb *request, int result)
{
	struct file *file = file_completed(request, result);
	struct io_open *open = (struct io_open *)request;
	u32 op = BPF_CORE_READ(request, opcode);

	if (op == URING_OPENAT || op == URING_OPENAT2) {
		file_opened(who, file, BPF_CORE_READ(open, how.flags) & O_TRUNC);
	} else if (op == URING_ACCEPT) {
		accept_completed(who, BPF_CORE_READ(request, file), file);
	} else if (op == URING_SOCKET || op == URING_LISTEN) {
		uring_socket(who, file, op == URING_SOCKET ? OP_SOCKET_CREATE : OP_LISTEN);
	} else {
		uring_joins(who, file, op == URING_CONNECT ? OP_CONNECT : OP_BIND);
		uring_socket(who, file, op == URING_CONNECT ? OP_CONNECT : OP_BIND);
	}
}

#endif
