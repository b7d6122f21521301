/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Calls on sockets: made, given addresses, sent to, received from. */
#ifndef HEADWATER_TRACE_SOCKETS_H
#define HEADWATER_TRACE_SOCKETS_H

#include "trace.h"
#include "addresses.h"

/* The first 48 bytes of struct msghdr; in struct mmsghdr they are the first too. */
struct user_message {
	const void *name;
	int name_length;
	u32 pad;
	u64 parts, part_count;
	u64 control, control_length;
};

#define MESSAGE_CONTROL 32	/* where `control` lies in it */
#define CONTROL_ONE_DESCRIPTOR 20

/*
 * Where a message of the caller's goes, or came from: when it was received, the kernel has written how long the address is. True if it
 * may have brought descriptors. A function, so that its stack is given back.
 */
static __noinline bool read_message(struct endpoint *at, const void *from)
{
	struct user_message message = {};

	if (!at)
		return false;
	bpf_probe_read_user(&message, sizeof(message), from);
	read_endpoint(at, message.name, message.name_length, true);
	return message.control && message.control_length >= CONTROL_ONE_DESCRIPTOR;
}

/* ---- at entry: flows into sockets ---- */

static __noinline int on_send_to(struct call *call)
{
	struct endpoint to;

	read_endpoint(&to, (const void *)ARG5(call), ARG6(call), true);
	out_to(call, ARG1(call), &to);
	return 0;
}

static __noinline int on_send_message(struct call *call)
{
	struct endpoint to;

	read_message(&to, (const void *)ARG2(call));
	out_to(call, ARG1(call), &to);
	return 0;
}

/* ---- at exit ---- */

static __noinline int on_exit_receive_from(struct call *call)
{
	struct endpoint from;
	int length = 0;

	if (call->result <= 0)
		return 0;
	if (ARG5(call))
		bpf_probe_read_user(&length, sizeof(length), (const void *)ARG6(call));
	read_endpoint(&from, (const void *)ARG5(call), length, true);
	in_from(call, ARG1(call), &from);
	return 0;
}

/* A message was taken, the first one of several perhaps. True if it may have brought descriptors. */
static __always_inline bool took_message(struct call *call)
{
	struct endpoint from;
	bool descriptors;

	if (call->result < 0)
		return 0;
	descriptors = read_message(&from, (const void *)ARG2(call));
	if (call->result > 0)
		in_from(call, ARG1(call), &from);
	return descriptors;
}

static __noinline int on_exit_receive_message(struct call *call)
{
	return took_message(call);
}

/* A socket that had no name when it sent: it has one now, and can be found. */
static __always_inline int named_by_sending(struct actor *who, struct opened *at)
{
	struct socket *socket;

	if (at->type != S_IFSOCK)
		return 0;
	socket = socket_of(at->file);
	join(at->object, at->inode, BPF_CORE_READ(socket, sk), who->id, OP_SEND);
	return 0;
}

static __noinline int on_exit_send(struct call *call)
{
	struct opened at = {};

	if (!call->who.task->under_way.sending)
		return 0;
	call->who.task->under_way.sending = 0;
	return call->result >= 0 && opened(ARG1(call), &at) ? named_by_sending(&call->who, &at) : 0;
}

static __noinline int socket_made(struct call *call, u32 fd)
{
	struct opened at = {};

	if (!opened(fd, &at))
		return 0;
	opened_by(&call->who, at.object);
	put_out(&call->who, at.object, OP_SOCKET_CREATE, 0, 0, 0);
	return 0;
}

static __noinline int on_exit_socket(struct call *call)
{
	return call->result < 0 ? 0 : socket_made(call, call->result);
}

static __noinline int on_exit_socket_pair(struct call *call)
{
	int fds[2];

	if (call->result < 0 || bpf_probe_read_user(fds, sizeof(fds), (const void *)ARG4(call)))
		return 0;
	socket_made(call, fds[0]);
	return socket_made(call, fds[1]);
}

/* The descriptor is that of a socket, which has an address now. */
static __noinline int selects_by_address(struct call *call, u32 fd, u32 op)
{
	struct file *file;
	struct socket *socket;

	if (!call)
		return 0;
	file = file_of(bpf_get_current_task_btf(), fd);
	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = socket_of(file);
	select_by_address(&call->who, BPF_CORE_READ(socket, sk), op);
	return 0;
}

/* A call that gives a socket addresses: a flow into it, and the other end can be found from now on. */
static __noinline int gave_address(struct call *call, u32 op)
{
	struct opened at = {};

	if (policy.addresses)
		selects_by_address(call, ARG1(call), op);
	if (!opened(ARG1(call), &at) || at.type != S_IFSOCK)
		return 0;
	struct socket *socket = socket_of(at.file);

	if (policy.addresses)
		mark_by_address(&at.object->object, BPF_CORE_READ(socket, sk), op, call->who.id);
	/* The address first: it says what kind of socket this is. */
	join(at.object, at.inode, BPF_CORE_READ(socket, sk), call->who.id, op);
	pair_once(at.object, BPF_CORE_READ(socket, sk), call->who.id);
	put_out(&call->who, at.object, op, 0, 0, 0);
	return 0;
}

static __noinline int on_exit_connect(struct call *call)
{
	return call->result && call->result != -EINPROGRESS ? 0 : gave_address(call, OP_CONNECT);
}

static __noinline int on_exit_bind(struct call *call)
{
	return call->result ? 0 : gave_address(call, OP_BIND);
}

static __noinline int on_exit_listen(struct call *call)
{
	struct opened at = {};

	if (!call->result && opened(ARG1(call), &at))
		put_out(&call->who, at.object, OP_LISTEN, 0, 0, 0);
	return 0;
}

static __noinline int on_exit_accept(struct call *call)
{
	struct opened listening = {}, at = {};
	u64 listener = 0;

	if (call->result < 0)
		return 0;
	if (policy.addresses)
		selects_by_address(call, call->result, OP_ACCEPT);
	if (opened(ARG1(call), &listening))
		listener = listening.object->object.id;
	if (!opened(call->result, &at) || at.type != S_IFSOCK)
		return 0;
	struct socket *socket = socket_of(at.file);

	opened_by(&call->who, at.object);
	if (policy.addresses)
		mark_by_address(&at.object->object, BPF_CORE_READ(socket, sk), OP_ACCEPT, call->who.id);
	join(at.object, at.inode, BPF_CORE_READ(socket, sk), call->who.id, OP_ACCEPT);
	pair_once(at.object, BPF_CORE_READ(socket, sk), call->who.id);
	catch_up_accepted(at.object, BPF_CORE_READ(socket, sk), call->who.id);
	flow_to_process(&at.object->object, call->who.process, OP_ACCEPT, 0, 0, listener, call->who.id);
	return 0;
}

#endif
