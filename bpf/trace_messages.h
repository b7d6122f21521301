/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Calls that move several messages at once, each with an address of its own; and what a socket got by sending: a name, if it
 * had none. Datagrams that are taken are joined to their senders here, in the receiver's own words (datagrams.h).
 */
#ifndef HEADWATER_TRACE_MESSAGES_H
#define HEADWATER_TRACE_MESSAGES_H

#include "datagrams.h"
#include "trace.h"
#include "trace_sockets.h"

#define MESSAGES_MAX 1024	/* UIO_MAXIOV: the kernel takes no more */
#define MESSAGE_BYTES 64	/* struct mmsghdr of the 64-bit ABI */

/* What the call's messages have in common. Plain numbers: a callback of bpf_loop looks the objects up again. */
struct messages {
	u64 vector;
	struct endpoint last;
	u32 fd;
	u32 count;
};

/* A socket of the current task, met before; NULL if it is none. Takes less stack than opened(). */
static __always_inline struct socket *socket_at(u32 fd)
{
	struct file *file = file_of(bpf_get_current_task_btf(), fd);
	struct inode *inode = file ? field(file, f_inode) : NULL;

	return inode && (field(inode, i_mode) & S_IFMT) == S_IFSOCK ? socket_of(file) : NULL;
}

static __noinline struct inode_object *known_socket(struct socket *socket)
{
	struct inode_key key = inode_key(inode_of_socket(socket));

	return bpf_map_lookup_elem(&inodes, &key);
}

/* Most calls have one address for all. */
static __always_inline bool is_same(struct endpoint *one, struct endpoint *other)
{
	return one->named == other->named && one->remote_port == other->remote_port &&
	       same_address(&one->remote, &other->remote);
}

static __noinline long send_one_message(u32 index, struct messages *all)
{
	struct inode_object *object;
	struct task_state *task;
	struct socket *socket;
	struct endpoint to;

	if (index >= all->count)
		return 1;
	read_message(&to, (const void *)(all->vector + (u64)index * MESSAGE_BYTES));
	if (index && is_same(&to, &all->last))
		return 0;
	all->last = to;
	task = task_state(bpf_get_current_task_btf(), 0);
	socket = socket_at(all->fd);
	object = socket ? known_socket(socket) : NULL;
	if (!task || !object)
		return 1;
	send_on(object, BPF_CORE_READ(socket, sk), &to, task->object.id);
	return 0;
}

static __noinline int send_further(struct call *call, struct endpoint *first)
{
	struct messages all = { .vector = ARG2(call), .last = *first, .fd = ARG1(call), .count = ARG3(call) };

	if (all.count > 1)
		bpf_loop(MESSAGES_MAX, send_one_message, &all, 0);
	return 0;
}

/* sendmmsg: into the socket as any other, and on to each address. */
static __noinline int on_send_messages(struct call *call)
{
	struct endpoint first;

	if (!ARG3(call))
		return 0;
	read_message(&first, (const void *)ARG2(call));
	out_to(call, ARG1(call), &first);
	return send_further(call, &first);
}

static __noinline long receive_one_message(u32 index, struct messages *all)
{
	struct inode_object *object;
	struct task_state *task;
	struct socket *socket;
	struct endpoint from;

	if (index >= all->count)
		return 1;
	read_message(&from, (const void *)(all->vector + (u64)index * MESSAGE_BYTES));
	if (index && is_same(&from, &all->last))
		return 0;
	all->last = from;
	task = task_state(bpf_get_current_task_btf(), 0);
	socket = socket_at(all->fd);
	object = socket ? known_socket(socket) : NULL;
	if (!task || !object)
		return 1;
	receive_from(object, BPF_CORE_READ(socket, sk), &from, task->object.id);
	return 0;
}

static __noinline int receive_further(struct call *call)
{
	struct messages all = { .vector = ARG2(call), .fd = ARG1(call), .count = (u32)call->result };

	bpf_loop(MESSAGES_MAX, receive_one_message, &all, 0);
	return 0;
}

/* recvmmsg: from each address, and then out of the socket as any other. */
static __noinline int on_exit_receive_messages(struct call *call)
{
	if (call->result > 1)
		receive_further(call);
	return took_message(call);
}

/* The socket of the call that the current task is in, if it takes something out of one; NULL if not. */
static __always_inline struct socket *receiving(struct task_struct *task)
{
	struct pt_regs *regs = (void *)bpf_task_pt_regs(task);

	switch (regs->orig_ax) {
	case 0:		/* read */
	case 19:	/* readv */
	case 45:	/* recvfrom */
	case 47:	/* recvmsg */
	case 275:	/* splice(in, …) */
	case 299:	/* recvmmsg */
	case 327:	/* preadv2 */
		break;
	default:
		return NULL;
	}
	return socket_at(regs->di);
}

SEC("tp_btf/skb_copy_datagram_iovec")
int BPF_PROG(datagram_taken, struct sk_buff *skb, int length)
{
	struct sock *owner = skb->sk;
	struct inode_object *own;
	struct socket *socket;
	struct actor who;

	/* Streams have their other end, and are most of what comes by here. */
	if ((owner && owner->sk_type == SOCK_STREAM) || !actor(&who))
		return 0;
	socket = receiving(bpf_get_current_task_btf());
	if (!socket)
		return tuns_met ? device_read(skb, who.id) : 0;
	own = known_socket(socket);
	return own ? taken(skb, socket, own, who.id) : 0;
}

#endif
