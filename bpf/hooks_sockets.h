/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Sockets. What is sent is reported by socket_sendmsg, before it leaves, with the address that the kernel has copied;
 * what is received after the protocol handed it over, in the recvmsg function of each family, which is always called
 * through a pointer and so is never inlined. Addresses are reported after connect, bind and accept, when they are known.
 */
#ifndef HEADWATER_HOOKS_SOCKETS_H
#define HEADWATER_HOOKS_SOCKETS_H

#include "hook.h"
#include "hooks_copies.h"
#include "inodes.h"
#include "sockets.h"
#include "addresses.h"
#include "actors.h"

/* The address of a message, in the kernel's own copy. */
static __always_inline void message_endpoint(struct endpoint *at, struct msghdr *message)
{
	read_endpoint(at, field(message, msg_name), field(message, msg_namelen), false);
}

static __noinline int socket_flow(struct socket *socket, u32 op)
{
	struct inode_object *object;
	struct actor who;

	if (!acts(&who))
		return 0;
	object = inode_object(inode_of_socket(socket));
	if (object && op == OP_SOCKET_CREATE)
		opened_by(&who, object);
	if (object)
		put_out(&who, object, op, 0, 0, 0);
	return 0;
}

/* Both sockets of a socketpair come by here. `kernel`: made by the kernel for itself. */
HOOK(socket_post_create, struct socket *socket, int family, int type, int protocol, int kernel)
{
	if (!kernel)
		socket_flow(socket, OP_SOCKET_CREATE);
}

HOOK(socket_bind, struct socket *socket, void *address, int length)
{
	socket_flow(socket, OP_BIND);
}

HOOK(socket_connect, struct socket *socket, void *address, int length)
{
	socket_flow(socket, OP_CONNECT);
}

HOOK(socket_listen, struct socket *socket, int backlog)
{
	socket_flow(socket, OP_LISTEN);
}

/* Apart: a chain of calls has 512 bytes of stack. */
static __noinline int send_message_on(struct inode_object *object, struct sock *sk, struct msghdr *message, u64 task)
{
	struct endpoint to;

	message_endpoint(&to, message);
	if (object)
		send_on(object, sk, &to, task);
	return 0;
}

HOOK(socket_sendmsg, struct socket *socket, struct msghdr *message, int size)
{
	struct inode_object *object;
	struct actor who;
	struct sock *sk;

	if (!acts(&who))
		return;
	object = inode_object(inode_of_socket(socket));
	if (!object)
		return;
	sk = field(socket, sk);
	who.task->under_way.sending = object->object.id;
	line_begins(&who.task->under_way.line, &object->object, true);
	if (who.process->mapped)
		share_in(who.process, who.id);
	/* A copy into a socket: what it brings is at hand here and not yet sent. */
	if (who.task->under_way.from)
		copy_into(&who, (struct file *)who.task->under_way.from, object);
	if (!in_copy(&who))
		put_out(&who, object, OP_SEND, 0, 0, 0);
	join_once(object, inode_of_socket(socket), sk, who.id, OP_SEND);
	pair_once(object, sk, who.id);
	send_message_on(object, sk, message, who.id);
}

/* UNIX datagrams: the socket that gets this very one. Connecting asks too, but sends nothing. */
HOOK(unix_may_send, struct socket *socket, struct socket *other)
{
	struct inode_object *object, *peer;
	struct actor who;

	if (!socket || !other || !actor(&who))
		return;
	object = inode_object(inode_of_socket(socket));
	if (!object || who.task->under_way.sending != object->object.id)
		return;
	who.task->under_way.sending = 0;
	peer = inode_object(inode_of_socket(other));
	if (peer)
		flow_to_inode(&object->object, peer, OP_SEND_PEER, 0, 0, 0, who.id);
}

/*
 * Before the call waits: what has to be caught up with, should the hook after it be skipped. And the socket's addresses,
 * should the hook after accept, connect or bind have been.
 */
HOOK(socket_recvmsg, struct socket *socket, struct msghdr *message, int size, int flags)
{
	struct inode *inode = inode_of_socket(socket);
	struct inode_object *object;
	struct actor who;

	if (!actor(&who))
		return;
	who.task->under_way.receiving = (u64)socket;
	/* A read(2) of this socket has asked already, and waits for this very call. */
	if (who.task->under_way.reading.ino != field(inode, i_ino))
		catch_up(&who);
	object = inode_object(inode);
	if (!object)
		return;
	join_once(object, inode, field(socket, sk), who.id, OP_RECEIVE);
	reading_begins(&who, inode, OP_RECEIVE);
}

static __noinline int received(struct socket *socket, struct msghdr *message, s64 taken)
{
	struct inode_object *object;
	struct endpoint from;
	struct actor who;
	struct sock *sk;

	if (!actor(&who))
		return 0;
	reading_ends(&who);
	who.task->under_way.receiving = 0;
	if (taken <= 0)
		return 0;
	object = inode_object(inode_of_socket(socket));
	if (!object)
		return 0;
	sk = field(socket, sk);
	pair_once(object, sk, who.id);
	message_endpoint(&from, message);
	receive_from(object, sk, &from, who.id);
	flow_to_process(&object->object, who.process, OP_RECEIVE, 0, 0, 0, who.id);
	return 0;
}

#define AFTER_RECEIVING(function)							\
AFTER(function, struct socket *socket, struct msghdr *message, u64 size, int flags, int taken)	\
{											\
	return received(socket, message, taken);					\
}

AFTER_RECEIVING(inet_recvmsg)
AFTER_RECEIVING(inet6_recvmsg)
AFTER_RECEIVING(unix_stream_recvmsg)
AFTER_RECEIVING(unix_dgram_recvmsg)
AFTER_RECEIVING(unix_seqpacket_recvmsg)
AFTER_RECEIVING(netlink_recvmsg)
AFTER_RECEIVING(packet_recvmsg)

/* A socket has come by its addresses: it can be found by its other end from now on. */
static __noinline int addressed(struct socket *socket, u32 op)
{
	struct inode *inode = inode_of_socket(socket);
	struct inode_object *object;
	/* Asked before `actor`, which forgets what let one in who is not. */
	bool recorded = !policy.addresses || is_recorded_now(), chosen = false;
	struct actor who;

	if (!actor(&who))
		return 0;
	if (policy.addresses)
		chosen = select_by_address(&who, field(socket, sk), op);
	object = inode_object(inode);
	if (object && policy.addresses)
		mark_by_address(&object->object, field(socket, sk), op, who.id);
	if (object)
		join(object, inode, field(socket, sk), who.id, op);
	if (object)
		pair_once(object, field(socket, sk), who.id);
	/* The hook before the call did not know yet who does it. */
	if (object && chosen && !recorded)
		put_out(&who, object, op, 0, 0, 0);
	return 0;
}

#define AFTER_CONNECTING(function)							\
AFTER(function, struct socket *socket, void *address, int length, int flags, int result)	\
{											\
	return result && result != -EINPROGRESS ? 0 : addressed(socket, OP_CONNECT);	\
}

AFTER_CONNECTING(inet_stream_connect)
AFTER_CONNECTING(inet_dgram_connect)
AFTER_CONNECTING(unix_stream_connect)
AFTER_CONNECTING(unix_dgram_connect)

#define AFTER_BINDING(function)								\
AFTER(function, struct socket *socket, void *address, int length, int result)		\
{											\
	return result ? 0 : addressed(socket, OP_BIND);					\
}

AFTER_BINDING(inet_bind)
AFTER_BINDING(inet6_bind)
AFTER_BINDING(unix_bind)

/* UDP: whenever a socket gets its port, also when it sends without having been bound. */
static __noinline int got_port(struct sock *sk)
{
	struct socket *socket = field(sk, sk_socket);
	struct addressed_socket one = { .sk = (u64)sk };
	struct endpoint at;
	struct actor who;

	if (!socket || !actor(&who) || !endpoint_of(sk, &at))
		return 0;
	one.key = inode_key(inode_of_socket(socket));
	register_endpoint(&at, &one);
	return 0;
}

AFTER(udp_v4_get_port, struct sock *sk, u16 port, int result)
{
	return result ? 0 : got_port(sk);
}

AFTER(udp_v6_get_port, struct sock *sk, u16 port, int result)
{
	return result ? 0 : got_port(sk);
}

/* Before the descriptor exists, so nothing can have been read from the new socket. */
static __noinline int accepted(struct socket *listening, struct socket *socket, s64 result)
{
	struct inode *inode = inode_of_socket(socket);
	struct inode_object *listener, *object;
	struct actor who;

	if (result || !actor(&who))
		return 0;
	if (policy.addresses)
		select_by_address(&who, field(socket, sk), OP_ACCEPT);
	listener = inode_object(inode_of_socket(listening));
	object = inode_object(inode);
	if (!object)
		return 0;
	opened_by(&who, object);
	if (policy.addresses)
		mark_by_address(&object->object, field(socket, sk), OP_ACCEPT, who.id);
	join(object, inode, field(socket, sk), who.id, OP_ACCEPT);
	pair_once(object, field(socket, sk), who.id);
	catch_up_accepted(object, field(socket, sk), who.id);
	flow_to_process(&object->object, who.process, OP_ACCEPT, 0, 0, listener ? listener->object.id : 0, who.id);
	return 0;
}

AFTER(inet_accept, struct socket *listening, struct socket *socket)
{
	return accepted(listening, socket, (int)returned(ctx));
}

AFTER(unix_accept, struct socket *listening, struct socket *socket)
{
	return accepted(listening, socket, (int)returned(ctx));
}

#endif
