/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Packets that processes make themselves, by raw and packet sockets, carry whatever sender they like. What joins those who put
 * them in to those who take them is the protocol, or the device: an object of its own.
 */
#ifndef HEADWATER_WIRES_H
#define HEADWATER_WIRES_H

#include "objects.h"

/* NULL if nobody has put anything in. */
static __always_inline struct inode_object *known_wire(u32 id, u32 netns)
{
	struct inode_key key = object_key(OBJECT_WIRE, id, netns);

	return bpf_map_lookup_elem(&inodes, &key);
}

static __always_inline bool is_raw(struct sock *sk, u16 family)
{
	return family == AF_PACKET || ((family == AF_INET || family == AF_INET6) && BPF_CORE_READ(sk, sk_type) == SOCK_RAW);
}

/* What a socket's own packets have in common with those of others; `device`: where this one goes, 0 if the socket says so. */
static __always_inline u32 wire_of(struct sock *sk, u16 family, u32 device)
{
	struct packet_sock *packet = (void *)sk;

	if (family != AF_PACKET)
		return BPF_CORE_READ(sk, sk_protocol);
	return WIRE_DEVICE | (device ? device : (u32)BPF_CORE_READ(packet, ifindex));
}

/* A raw or packet socket sends: to all that take such packets. */
static __noinline void send_on_wire(struct inode_object *object, struct sock *sk, u32 device, u64 task)
{
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	struct inode_object *shared;

	if (!object || !is_raw(sk, family))
		return;
	shared = class_object(OBJECT_WIRE, wire_of(sk, family, device), network_of(sk));
	if (shared)
		flow_to_inode(&object->object, shared, OP_SEND_PEER, 0, 0, 0, task);
}

/* Set when a ring of a packet socket was met (rings.h): until then nobody pays for them. */
u64 rings_met;

/* A socket sends: into the rings of its network namespace too. */
static __noinline int send_into_rings(struct inode_object *object, struct sock *sk, u64 task)
{
	if (object)
		send_peer(object, known_wire(WIRE_RINGED, network_of(sk)), task);
	return 0;
}

/* Something came from a remote end: by a TUN device perhaps, whose descriptor is written by a process (devices.h). Global: verified once. */
__noinline int take_from_tuns(struct inode_object *object, struct socket_address *socket, u64 task)
{
	struct sock *sk = socket ? (struct sock *)socket->sk : NULL;
	struct sock___received *received = (void *)sk;
	u32 netns = network_of(sk), by, i;
	struct tuns *tuns = bpf_map_lookup_elem(&tuns_of, &netns);

	if (!tuns || !object)
		return 0;
	by = BPF_CORE_READ(received, sk_rx_dst_ifindex);
	for (i = 0; i < TUNS_MAX; i++) {
		if (!tuns->devices[i])
			break;
		if (!by || by == tuns->devices[i])
			send_peer(known_wire(WIRE_DEVICE | tuns->devices[i], netns), object, task);
	}
	return 0;
}

#endif
