/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * TCP connections by their numbers, for sockets that addresses do not join: those of two network namespaces, or on two sides of a
 * translation of addresses.
 */
#ifndef HEADWATER_CONNECTIONS_H
#define HEADWATER_CONNECTIONS_H

#include "endpoints.h"

/* From one end to another. A function of its own: a flow takes stack, of which a chain of calls has 512 bytes. */
__noinline int pass_on(struct inode_object *from, struct inode_object *to, u32 op, u64 task)
{
	if (from && to)
		flow_to_inode(&from->object, to, op, 0, 0, 0, task);
	return 0;
}

static __always_inline void send_peer(struct inode_object *from, struct inode_object *to, u64 task)
{
	pass_on(from, to, OP_SEND_PEER, task);
}

/*
 * TCP connections by the initial sequence numbers of both sides, which the two sockets of a connection agree on, wherever they
 * are: in two network namespaces, or on two sides of a translation of addresses. 62 bits that the kernel drew; addresses may
 * be in use many times over on one machine, and say nothing.
 */
struct connection {
	u32 received;	/* the first byte that the socket expects: the other's number plus one */
	u32 sent;	/* the socket's own number; plus one on the side that accepted */
};

#define CONNECTIONS_MAX 131072

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, CONNECTIONS_MAX);
	__type(key, struct connection);
	__type(value, struct inode_key);
} connections SEC(".maps");

u64 connections_made;

/* The other end of a socket, by the id of its object. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, CONNECTIONS_MAX);
	__type(key, u64);
	__type(value, struct inode_key);
} pairs SEC(".maps");

enum pairing {
	UNPAIRED = 0,		/* to be tried */
	PAIRED = 1,
	UNMET = 2,		/* the other end was not met; it will say so if it is */
};

static __always_inline struct connection connection_of(struct sock *sk)
{
	struct tcp_sock *tcp = (void *)sk;
	struct connection at = {
		.received = BPF_CORE_READ(tcp, rcv_nxt) - (u32)BPF_CORE_READ(tcp, bytes_received),
		.sent = BPF_CORE_READ(tcp, snd_una) - (u32)BPF_CORE_READ(tcp, bytes_acked),
	};

	return at;
}

static __always_inline bool is_established(struct sock *sk)
{
	unsigned char state = BPF_CORE_READ(sk, __sk_common.skc_state);

	return state != TCP_SYN_SENT && state != TCP_SYN_RECV && state != TCP_LISTEN && state != TCP_CLOSE;
}

/* Registers a connection and finds its other end: each side registers first, so that the second finds the first. */
__noinline int pair(struct inode_object *object, struct socket_address *at, u64 task)
{
	struct connection own, again, other;
	struct inode_object *peer;
	u64 id;
	struct inode_key key, *found;
	struct socket *socket;
	struct sock *sk;
	u16 family;

	if (!object || !at || !at->sk)
		return 0;
	sk = (struct sock *)at->sk;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP || (family != AF_INET && family != AF_INET6)) {
		object->object.pairing = UNMET;
		return 0;
	}
	socket = BPF_CORE_READ(sk, sk_socket);
	if (!socket || !is_established(sk))
		return 0;
	own = connection_of(sk);
	again = connection_of(sk);
	/* The counters move while bytes arrive: the next use tries again. */
	if (own.received != again.received || own.sent != again.sent)
		return 0;
	key = inode_key(inode_of_socket(socket));
	bpf_map_update_elem(&connections, &own, &key, BPF_ANY);
	count_entry(&connections_made, CONNECTIONS_MAX, CLASS_TRANSFER);
	object->object.pairing = UNMET;
	/* As the side that connected, and as the one that accepted. */
	other.received = own.sent + 1;
	other.sent = own.received;
	found = bpf_map_lookup_elem(&connections, &other);
	if (!found) {
		other.received = own.sent;
		other.sent = own.received - 1;
		found = bpf_map_lookup_elem(&connections, &other);
	}
	peer = found ? bpf_map_lookup_elem(&inodes, found) : NULL;
	if (!peer)
		return 0;
	id = object->object.id;
	bpf_map_update_elem(&pairs, &id, found, BPF_ANY);
	bpf_map_update_elem(&pairs, &peer->object.id, &key, BPF_ANY);
	peer->object.pairing = PAIRED;
	object->object.pairing = PAIRED;
	/* What each has sent before the other was met. */
	send_peer(peer, object, task);
	send_peer(object, peer, task);
	return 0;
}

/* At each use, until it was tried: a connection may not have been there when connect(2) returned. */
static __always_inline void pair_once(struct inode_object *object, struct sock *sk, u64 task)
{
	struct socket_address at = { .sk = (u64)sk };

	if (object->object.pairing == UNPAIRED)
		pair(object, &at, task);
}

/* The other end of a TCP connection whose addresses are those of no socket here; NULL if it was not met. */
static __always_inline struct inode_object *paired_peer(struct inode_object *object)
{
	struct inode_key *key;
	u64 id;

	if (object->object.pairing != PAIRED)
		return NULL;
	/* Linux 6.1 takes keys of maps from the stack only. */
	id = object->object.id;
	key = bpf_map_lookup_elem(&pairs, &id);
	/* It was there: the map was full, and its turn had come. */
	if (!key)
		unwritten(LOSS_MAP_FULL, CLASS_TRANSFER);
	return key ? bpf_map_lookup_elem(&inodes, key) : NULL;
}

#endif
