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

static __noinline long send_one_message(u32 index, struct messages *all)
{
	struct opened at = {};
	struct socket *socket;
	struct endpoint to;
	struct actor who;

	if (index >= all->count)
		return 1;
	user_endpoint(&to, message_name((const void *)(all->vector + (u64)index * MESSAGE_BYTES)));
	/* Most calls have one address for all. */
	if (index && to.named == all->last.named && to.remote_port == all->last.remote_port && same_address(&to.remote, &all->last.remote))
		return 0;
	all->last = to;
	if (!actor(&who) || !opened(all->fd, &at) || at.type != S_IFSOCK)
		return 1;
	socket = socket_of(at.file);
	send_on(at.object, BPF_CORE_READ(socket, sk), &to, who.id);
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
	user_endpoint(&first, message_name((const void *)ARG2(call)));
	out_to(call, ARG1(call), &first);
	return send_further(call, &first);
}

static __noinline long receive_one_message(u32 index, struct messages *all)
{
	struct opened at = {};
	struct socket *socket;
	struct endpoint from;
	struct actor who;

	if (index >= all->count)
		return 1;
	user_endpoint(&from, message_name((const void *)(all->vector + (u64)index * MESSAGE_BYTES)));
	if (index && from.named == all->last.named && from.remote_port == all->last.remote_port && same_address(&from.remote, &all->last.remote))
		return 0;
	all->last = from;
	if (!actor(&who) || !opened(all->fd, &at) || at.type != S_IFSOCK)
		return 1;
	socket = socket_of(at.file);
	receive_from(at.object, BPF_CORE_READ(socket, sk), &from, who.id);
	return 0;
}

/* recvmmsg: from each address, and then out of the socket as any other. */
static __noinline int on_exit_receive_messages(struct call *call)
{
	struct messages all = { .vector = ARG2(call), .fd = ARG1(call) };

	if (call->result <= 0)
		return 0;
	all.count = (u32)call->result;
	if (all.count > 1)
		bpf_loop(MESSAGES_MAX, receive_one_message, &all, 0);
	user_endpoint(&all.last, message_name((const void *)ARG2(call)));
	in_from(call, ARG1(call), &all.last);
	return 0;
}

/* The socket of the call that the current task is in, if it takes something out of one; NULL if not. */
static __always_inline struct socket *receiving(struct task_struct *task)
{
	struct pt_regs *regs = (void *)bpf_task_pt_regs(task);
	struct file *file;
	struct inode *inode;

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
	file = file_of(task, regs->di);
	inode = file ? field(file, f_inode) : NULL;
	return inode && (field(inode, i_mode) & S_IFMT) == S_IFSOCK ? socket_of(file) : NULL;
}

SEC("tp_btf/skb_copy_datagram_iovec")
int BPF_PROG(datagram_taken, struct sk_buff *skb, int length)
{
	struct sock *owner = skb->sk;
	struct inode_object *own;
	struct socket *socket;
	struct inode_key key;
	struct actor who;

	/* Streams have their other end, and are most of what comes by here. */
	if ((owner && owner->sk_type == SOCK_STREAM) || !actor(&who))
		return 0;
	socket = receiving(bpf_get_current_task_btf());
	if (!socket)
		return 0;
	key = inode_key(inode_of_socket(socket));
	own = bpf_map_lookup_elem(&inodes, &key);
	return own ? taken(skb, socket, own, who.id) : 0;
}

#endif
