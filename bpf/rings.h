/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Packet sockets with a ring that is mapped (PACKET_RX_RING, PACKET_TX_RING): no call takes a packet out of it, and none says
 * which packets are in it. From the time on when the first ring of a network namespace is set up, what sockets of that namespace send goes
 * into one more object, before it can be in the ring, and whoever maps a ring takes from it before it puts anything out: an
 * over-approximation, as a ring shows a device, or a protocol, or what a filter lets through. What is stored in a ring to be sent is in
 * the packet socket, from which send(2) makes frames. What comes from other machines is not seen.
 */
#ifndef HEADWATER_RINGS_H
#define HEADWATER_RINGS_H

#include "sockets.h"
#include "shared.h"

/* include/uapi/linux/if_packet.h, include/linux/socket.h */
#define SOL_PACKET 263
#define PACKET_RX_RING 5
#define PACKET_TX_RING 13

static __always_inline struct inode_key ringed_key(struct sock *sk)
{
	return object_key(OBJECT_WIRE, WIRE_RINGED, network_of(sk));
}

/* Before there is a ring. */
static __noinline int ring_made(struct sock *sk)
{
	if (!sk || BPF_CORE_READ(sk, __sk_common.skc_family) != AF_PACKET)
		return 0;
	rings_met = 1;
	class_object(OBJECT_WIRE, WIRE_RINGED, network_of(sk));
	return 0;
}

static __always_inline bool makes_ring(u32 level, u32 name)
{
	return level == SOL_PACKET && (name == PACKET_RX_RING || name == PACKET_TX_RING);
}

/* A process has mapped a packet socket, whose own memory it shares from now on (mapped_key). */
static __noinline int ring_mapped(struct process *process, struct file *file)
{
	struct socket *socket = socket_of(file);
	struct sock *sk = BPF_CORE_READ(socket, sk);
	struct inode_key key;

	if (!process)
		return 0;
	ring_made(sk);
	key = ringed_key(sk);
	share(process, &key, 0);
	return 0;
}

#endif
