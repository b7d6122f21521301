/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Datagrams, as they are taken: the kernel says at one place, for all families, which packet it copies to a process
 * (tracepoint skb_copy_datagram_iovec), and the packet says whence it came. So one is joined to its sender that the sender could
 * not join: sent to a group or to all, to one of several sockets of an address, by a path, by a socket that had no name
 * yet, or received by a socket that did not ask who sent.
 *
 * Packets that a process makes itself (raw and packet sockets) carry whatever sender it likes. They are joined by what they
 * have in common, the protocol or the device: an object of its own, which each sender puts into and each receiver takes from.
 */
#ifndef HEADWATER_DATAGRAMS_H
#define HEADWATER_DATAGRAMS_H

#include "flow.h"
#include "headers.h"
#include "objects.h"
#include "sockets.h"
#include "actors.h"
#include "paths.h"
#include <bpf/bpf_tracing.h>

/* What a packet says of itself. `at`: as the receiver sees it. */
struct datagram {
	struct endpoint at;
	u32 here;	/* sent in this network namespace */
	u32 device;
};

static __always_inline long read_memory(const void *packet, u32 offset, void *to, u32 bytes)
{
	return bpf_probe_read_kernel(to, bytes, packet + offset);
}

/* Addresses and ports out of the packet's headers; false if it is neither IPv4 nor IPv6. */
static __always_inline bool parse(struct datagram *datagram, struct sk_buff *skb)
{
	const void *ip = BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, network_header);
	u16 echo = 0;
	u32 payload;

	if (!read_addresses(ip, read_memory, &datagram->at, &payload))
		return false;
	if (has_ports(&datagram->at)) {
		read_ports(ip, read_memory, &datagram->at, payload);
	} else if (datagram->at.protocol == IPPROTO_ICMP || datagram->at.protocol == IPPROTO_ICMPV6) {
		/* An echo: its sender's number. */
		read_memory(ip, payload + 4, &echo, sizeof(echo));
		datagram->at.remote_port = bpf_ntohs(echo);
	}
	return true;
}

/* What a socket that makes its own packets may have put in. */
static __noinline void take_from_wires(struct datagram *datagram, struct inode_object *own, u64 task)
{
	if (!datagram || !own)
		return;
	send_peer(known_wire(datagram->at.protocol, datagram->at.netns), own, task);
	send_peer(known_wire(IPPROTO_RAW, datagram->at.netns), own, task);
	send_peer(known_wire(WIRE_DEVICE | datagram->device, datagram->at.netns), own, task);
}

/* `own` takes a packet of the internet's protocols, which `datagram` describes. */
static __noinline int taken_from_inet(struct datagram *datagram, struct inode_object *own, u64 task)
{
	struct inode_object *source;
	struct endpoint turned;

	if (!datagram || !own)
		return 0;
	if (!datagram->here) {
		pass_on(remote_object(&datagram->at, true), own, OP_RECEIVE_REMOTE, task);
		if (tuns_met)
			send_peer(known_wire(WIRE_DEVICE | datagram->device, datagram->at.netns), own, task);
		return 0;
	}
	catch_up_with_remote(own, &datagram->at, task);
	turned_round(&datagram->at, &turned);
	source = socket_under(&turned, CONNECTED | BOUND | WILD | GONE);
	if (!source) {
		take_from_wires(datagram, own, task);
		return 0;
	}
	/* If the sender has found this very socket, it has said so. */
	if (socket_under(&datagram->at, CONNECTED | BOUND | WILD) != own)
		send_peer(source, own, task);
	return 0;
}

/* The socket that sent a UNIX datagram: it may be closed, but its place is taken as long as the datagram is. */
static __noinline void taken_from_unix(struct sock *sender, struct inode_object *own, u64 task)
{
	send_peer(datagram_sender(sender), own, task);
}

static __noinline void taken_from_netlink(struct sk_buff *skb, struct sock *sk, struct inode_object *own, u64 task)
{
	struct netlink_skb_parms *sent = (void *)skb + bpf_core_field_offset(struct sk_buff, cb);
	struct endpoint from = {};

	if (!endpoint_of(sk, &from))
		return;
	__builtin_memset(&from.remote, 0, sizeof(from.remote));
	from.remote_port = 0;
	netlink_number(&from.local, &from.local_port, BPF_CORE_READ(sent, portid));
	if (from.local_port)
		send_peer(socket_under(&from, BOUND | GONE), own, task);
}

/* A process takes `skb` out of `socket`. */
static __noinline int taken(struct sk_buff *skb, struct socket *socket, struct inode_object *own, u64 task)
{
	struct datagram datagram = {};
	struct sock *sk;
	u32 packet_type;
	u16 family;

	if (!skb || !socket || !own)
		return 0;
	sk = BPF_CORE_READ(socket, sk);
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (family == AF_UNIX) {
		taken_from_unix(BPF_CORE_READ(skb, sk), own, task);
		return 0;
	}
	if (family == AF_NETLINK) {
		taken_from_netlink(skb, sk, own, task);
		return 0;
	}
	if (family != AF_INET && family != AF_INET6 && family != AF_PACKET)
		return 0;
	packet_type = BPF_CORE_READ_BITFIELD_PROBED(skb, pkt_type);
	datagram.device = BPF_CORE_READ(skb, skb_iif);
	datagram.here = datagram.device == LOOPBACK_IFINDEX || packet_type == PACKET_LOOPBACK || packet_type == PACKET_OUTGOING;
	datagram.at.netns = network_of(sk);
	if (!parse(&datagram, skb)) {
		if (family == AF_PACKET)
			take_from_wires(&datagram, own, task);
		return 0;
	}
	return taken_from_inet(&datagram, own, task);
}

/* What was sent to the address that a packet goes to: the sender may not be found yet, as it gets its name by sending. */
static __noinline int sent_there(struct datagram *datagram, struct inode_object *own, u64 task)
{
	struct remote_key key = {};

	if (!datagram || !own)
		return 0;
	key.address = datagram->at.local;
	key.netns = datagram->at.netns;
	key.port = datagram->at.local_port;
	key.protocol = datagram->at.protocol;
	pass_on(bpf_map_lookup_elem(&remotes, &key), own, OP_RECEIVE_REMOTE, task);
	return 0;
}

/* A process takes `skb` out of the descriptor of a TUN device (devices.h): it is among the device's frames from then on. */
static __noinline int taken_from_device(struct sk_buff *skb, struct file *file, u64 task)
{
	struct datagram datagram = {};
	struct inode_object *own;
	struct inode_key key;

	if (!skb || !file || !device_key(file, &key))
		return 0;
	own = bpf_map_lookup_elem(&inodes, &key);
	own = own ? admit(own) : introduce_inode(&key, NULL, 0);
	if (!own)
		return 0;
	datagram.device = BPF_CORE_READ(skb, skb_iif);
	datagram.here = !datagram.device || datagram.device == LOOPBACK_IFINDEX;
	datagram.at.netns = key.generation;
	if (!parse(&datagram, skb))
		return 0;
	sent_there(&datagram, own, task);
	return taken_from_inet(&datagram, own, task);
}

/* The descriptor of a TUN device, if the task is in a read of one. */
static __noinline int device_read(struct sk_buff *skb, u64 task)
{
	struct pt_regs *regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	struct file *file;

	switch (BPF_CORE_READ(regs, orig_ax)) {
	case 0:		/* read */
	case 19:	/* readv */
	case 327:	/* preadv2 */
		break;
	default:
		return 0;
	}
	file = file_of(bpf_get_current_task_btf(), BPF_CORE_READ(regs, di));
	return file && is_tun(field(file, f_inode)) ? taken_from_device(skb, file, task) : 0;
}

#endif
