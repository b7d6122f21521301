/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What requests of an io_uring bring into files and sockets, and out of them. See trace_uring.h. */
#ifndef HEADWATER_URING_FLOWS_H
#define HEADWATER_URING_FLOWS_H

#include "trace_copies.h"
#include "trace_sockets.h"
#include "processes.h"
#include "uring_pending.h"

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
		read_message(at, BPF_CORE_READ(message, umsg));
	} else if (op != URING_SEND && op != URING_SEND_ZC) {
		return;
	} else if (bpf_core_field_exists(message->addr)) {
		read_endpoint(at, BPF_CORE_READ(message, addr), BPF_CORE_READ(message, addr_len), true);
	} else {
		struct io_async_msghdr *data = BPF_CORE_READ(request, async_data);
		struct msghdr *kept = (void *)data + bpf_core_field_offset(struct io_async_msghdr, msg);

		if (data)
			read_endpoint(at, BPF_CORE_READ(kept, msg_name), BPF_CORE_READ(kept, msg_namelen), false);
	}
}

/* A socket has come by its addresses, or is used without having been seen to. */
__noinline int socket_joins(u64 task, u64 file, u32 op)
{
	struct opened at = {};
	struct socket *socket;

	if (!opened_file((struct file *)file, &at) || at.type != S_IFSOCK)
		return 0;
	if ((op == OP_SEND || op == OP_RECEIVE) && at.object->object.address)
		return 0;
	socket = socket_of(at.file);
	join(at.object, at.inode, BPF_CORE_READ(socket, sk), task, op);
	pair_once(at.object, BPF_CORE_READ(socket, sk), task);
	if (op == OP_ACCEPT)
		catch_up_accepted(at.object, BPF_CORE_READ(socket, sk), task);
	return 0;
}

static __always_inline void uring_joins(struct actor *who, struct file *file, u32 op)
{
	socket_joins(who->id, (u64)file, op);
}

static __noinline int uring_named(struct actor *who, struct file *file)
{
	struct opened at = {};

	return who && opened_file(file, &at) ? named_by_sending(who, &at) : 0;
}

static __noinline int uring_resizes(struct actor *who, struct file *file)
{
	struct opened at = {};

	if (who && opened_file(file, &at))
		put_out(who, at.object, OP_TRUNCATE, 0, 0, -1);
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
static __noinline struct file *spliced_from(struct io_kiocb *request)
{
	struct io_splice *splice = (struct io_splice *)request;
	u32 fd = BPF_CORE_READ(splice, splice_fd_in);

	if (BPF_CORE_READ(splice, flags) & SPLICE_F_FD_IN_FIXED)
		return fixed_file(BPF_CORE_READ(request, ctx), fd);
	return file_of(bpf_get_current_task_btf(), fd);
}

static __always_inline void uring_copies(struct actor *who, struct io_kiocb *request)
{
	struct file *in = spliced_from(request), *out = file_named(request);

	take_pending(who);
	uring_joins(who, in, OP_RECEIVE);
	uring_joins(who, out, OP_SEND);
	copy_file(who, in, out);
}

#endif
