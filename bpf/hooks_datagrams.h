/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Datagrams as they are taken (datagrams.h). Most copies pass the tracepoint skb_copy_datagram_iovec; UDP copies what lies
 * in one piece past it, so the function that takes a datagram off the queue is looked at instead. UNIX datagrams have said so
 * when they were sent (unix_may_send).
 */
#ifndef HEADWATER_HOOKS_DATAGRAMS_H
#define HEADWATER_HOOKS_DATAGRAMS_H

#include "datagrams.h"
#include "hook.h"

/* `skb` is taken out of the socket that the current task has asked for (socket_recvmsg). */
static __noinline int datagram_is_taken(struct sk_buff *skb)
{
	struct inode_object *own;
	struct socket *socket;
	struct inode_key key;
	struct actor who;
	struct sock *sk;

	if (!skb || !actor(&who))
		return 0;
	if (!who.task->under_way.receiving)
		return tuns_met ? device_read(skb, who.id) : 0;
	socket = (struct socket *)who.task->under_way.receiving;
	sk = field(socket, sk);
	if (field(sk, __sk_common.skc_family) == AF_UNIX || field(sk, sk_type) == SOCK_STREAM)
		return 0;
	key = inode_key(inode_of_socket(socket));
	own = bpf_map_lookup_elem(&inodes, &key);
	return own ? taken(skb, socket, own, who.id) : 0;
}

SEC("tp_btf/skb_copy_datagram_iovec")
int BPF_PROG(datagram_copied, struct sk_buff *skb, int length)
{
	struct sock *owner = skb->sk;

	return owner && owner->sk_type == SOCK_STREAM ? 0 : datagram_is_taken(skb);
}

AFTER(__skb_recv_udp, struct sock *sk, u32 flags, int *offset, int *error, struct sk_buff *skb)
{
	return datagram_is_taken(skb);
}

/* A netlink socket that had no number has got one by sending. */
AFTER(netlink_sendmsg, struct socket *socket, struct msghdr *message, u64 size, int result)
{
	return result < 0 ? 0 : got_port(field(socket, sk));
}

#endif
