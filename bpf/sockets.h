/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Sockets: their addresses, and where what is sent into one comes out. The other end is either a socket of this machine,
 * found through the kernel (UNIX) or by its addresses (TCP, UDP), or a remote end, which is an object of its own.
 */
#ifndef HEADWATER_SOCKETS_H
#define HEADWATER_SOCKETS_H

#include "flow.h"
#include "inodes.h"
#include "tasks.h"
#include "wires.h"
#include <bpf/bpf_endian.h>

struct address {
	u8 bytes[16];
};

/* A TCP or UDP socket of this machine, by what it calls itself and the other end (zero while it has none). */
struct endpoint {
	struct address local;
	struct address remote;
	u32 netns;
	u16 local_port;
	u16 remote_port;
	u16 protocol;
	u16 named;	/* of the address in a message: there is one. Zero in keys */
	u32 device;	/* the same: of a packet socket's */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct endpoint);
	__type(value, struct inode_key);
} endpoints SEC(".maps");

/* A remote end, one object for what is sent to it and one for what comes from it, or each download would seem an echo. */
struct remote_key {
	struct address address;
	u32 netns;
	u16 port;
	u16 protocol;
	u32 inbound;
	u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct remote_key);
	__type(value, struct inode_object);
} remotes SEC(".maps");

/*
 * UNIX streams: who has sent to a socket that was not accepted yet, by that socket's place in kernel memory. It has no
 * inode until accept(2), and the sender may be gone by then. A connection forgets what stood at its place before.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, u64);
	__type(value, struct inode_key);
} unaccepted SEC(".maps");

/* From one end to another. A function of its own: a flow takes stack, of which a chain of calls has 512 bytes. */
static __noinline void pass_on(struct inode_object *from, struct inode_object *to, u8 op, u64 task)
{
	if (from && to)
		flow_to_inode(&from->object, to, op, 0, 0, 0, task);
}

static __always_inline void send_peer(struct inode_object *from, struct inode_object *to, u64 task)
{
	pass_on(from, to, OP_SEND_PEER, task);
}

static __always_inline struct socket *socket_of(struct file *file)
{
	return field(file, private_data);
}

static __always_inline struct inode *inode_of_socket(struct socket *socket)
{
	return (void *)socket - bpf_core_field_offset(struct socket_alloc, socket) +
	       bpf_core_field_offset(struct socket_alloc, vfs_inode);
}

static __always_inline void map_ipv4(struct address *address, u32 ipv4)
{
	__builtin_memset(address, 0, sizeof(*address));
	address->bytes[10] = 0xff;
	address->bytes[11] = 0xff;
	__builtin_memcpy(&address->bytes[12], &ipv4, 4);
}

/* In `protocol`: of netlink. Such a socket's number stands in the address's first bytes, and it has port 1 if it has one. */
#define NETLINK 0x8000

static __always_inline void netlink_number(struct address *address, u16 *port, u32 number)
{
	__builtin_memset(address, 0, sizeof(*address));
	__builtin_memcpy(address->bytes, &number, 4);
	*port = number != 0;
}

/* False if the socket is of a family whose sockets are not found by address. */
static __always_inline bool endpoint_of(struct sock *sk, struct endpoint *at)
{
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	__builtin_memset(at, 0, sizeof(*at));
	at->protocol = BPF_CORE_READ(sk, sk_protocol);
	at->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	if (family == AF_INET) {
		map_ipv4(&at->local, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr));
		map_ipv4(&at->remote, BPF_CORE_READ(sk, __sk_common.skc_daddr));
	} else if (family == AF_INET6) {
		BPF_CORE_READ_INTO(&at->local, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&at->remote, sk, __sk_common.skc_v6_daddr);
	} else if (family == AF_NETLINK) {
		struct netlink_sock *netlink = (void *)sk;

		at->protocol |= NETLINK;
		netlink_number(&at->local, &at->local_port, BPF_CORE_READ(netlink, portid));
		netlink_number(&at->remote, &at->remote_port, BPF_CORE_READ(netlink, dst_portid));
		return true;
	} else {
		return false;
	}
	at->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	at->remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	return true;
}

static __always_inline bool is_zero(const struct address *address)
{
	const u64 *half = (const void *)address;

	return !half[0] && (!half[1] || half[1] == 0x00000000ffff0000ULL);
}

static __always_inline bool same_address(const struct address *a, const struct address *b)
{
	const u64 *x = (const void *)a, *y = (const void *)b;

	return x[0] == y[0] && x[1] == y[1];
}

/*
 * The other end is in this network namespace, whatever else is bound there: a loopback address, or the socket's own. Of other
 * addresses only the kernel's routing knows.
 */
static __always_inline bool is_here(const struct endpoint *at)
{
	const u64 *half = (const void *)&at->remote;

	if (at->protocol & NETLINK)
		return true;
	if (!half[0])
		return (u32)half[1] == 0xffff0000 ? at->remote.bytes[12] == 127 || same_address(&at->remote, &at->local) :
		       half[1] == 0x0100000000000000ULL || same_address(&at->remote, &at->local);
	return same_address(&at->remote, &at->local);
}

/* A group, or all: any number of sockets here, and others elsewhere. */
static __always_inline bool is_many(const struct endpoint *at)
{
	const u64 *half = (const void *)&at->remote;

	if (at->protocol & NETLINK)
		return false;
	if (!half[0] && (u32)half[1] == 0xffff0000)
		return at->remote.bytes[12] >> 4 == 14 || (u32)(half[1] >> 32) == 0xffffffff;
	return at->remote.bytes[0] == 0xff;
}

/* The address of a message, all zero before, but for the 16 bytes of one of IPv6, which lie elsewhere. */
static __always_inline void address_named(struct endpoint *at, u16 family, u16 port, u32 number)
{
	at->named = family == AF_INET || family == AF_INET6 || family == AF_NETLINK;
	if (family == AF_INET)
		map_ipv4(&at->remote, number);
	else if (family == AF_NETLINK)
		netlink_number(&at->remote, &at->remote_port, number);
	else if (family == AF_PACKET)
		at->device = number;
	if (family == AF_INET || family == AF_INET6)
		at->remote_port = bpf_ntohs(port);
}

/* A socket that has no name yet, and gets one by sending. */
static __always_inline bool is_unnamed(struct sock *sk)
{
	struct netlink_sock *netlink = (void *)sk;
	u16 family;

	if (field(sk, __sk_common.skc_num))
		return false;
	family = field(sk, __sk_common.skc_family);
	return family == AF_INET || family == AF_INET6 || (family == AF_NETLINK && !BPF_CORE_READ(netlink, portid));
}

/* Protocols without ports: an address says all. */
static __always_inline bool is_addressed(const struct endpoint *at)
{
	if (at->remote_port)
		return true;
	return at->protocol != IPPROTO_TCP && at->protocol != IPPROTO_UDP && !(at->protocol & NETLINK) && !is_zero(&at->remote);
}

static __always_inline void fill_unix_name(struct address_record *r, struct sock *sk)
{
	struct unix_address *address = BPF_CORE_READ((struct unix_sock *)sk, addr);
	int length;

	if (!address)
		return;
	length = BPF_CORE_READ(address, len) - 2;
	if (length <= 0 || length > UNIX_PATH_BYTES)
		return;
	if (!bpf_probe_read_kernel(r->path, length & 127 ? length : 0,
				   (void *)address + bpf_core_field_offset(struct unix_address, name) + 2))
		r->path_bytes = length;
}

/* Reports what a socket calls itself and the other end. */
static __noinline bool record_address(u64 object, struct sock *sk, u32 op)
{
	struct address_record *r = record_open(struct address_record, RECORD_ADDRESS);
	struct endpoint at;

	if (!r)
		return false;
	r->head.object = object;
	r->head.op = op;
	r->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	r->socket_type = BPF_CORE_READ(sk, sk_type);
	r->path_bytes = 0;
	endpoint_of(sk, &at);
	r->protocol = at.protocol & ~NETLINK;
	r->local_port = at.local_port;
	r->remote_port = at.remote_port;
	r->netns = at.netns;
	__builtin_memcpy(r->local, &at.local, 16);
	__builtin_memcpy(r->remote, &at.remote, 16);
	if (r->family == AF_UNIX)
		fill_unix_name(r, sk);
	record_close(r);
	return true;
}

static __noinline struct inode_object *introduce_remote(struct remote_key *key)
{
	struct inode_object fresh = {};
	struct address_record *r;
	struct lane *here = lane();

	if (!here || !key)
		return NULL;
	r = record_open(struct address_record, RECORD_REMOTE);
	if (!r)
		return NULL;
	fresh.object.id = next_id(&here->objects);
	fresh.object.state = next_id(&here->states);
	r->head.object = fresh.object.id;
	r->head.state = fresh.object.state;
	r->head.arg = key->inbound;
	r->family = AF_INET6;
	r->socket_type = 0;
	r->protocol = key->protocol;
	r->local_port = 0;
	r->remote_port = key->port;
	r->path_bytes = 0;
	r->netns = key->netns;
	__builtin_memset(r->local, 0, 16);
	__builtin_memcpy(r->remote, &key->address, 16);
	if (bpf_map_update_elem(&remotes, key, &fresh, BPF_NOEXIST))
		record_drop(r);
	else
		record_close(r);
	return bpf_map_lookup_elem(&remotes, key);
}

static __always_inline struct inode_object *remote_object(struct endpoint *at, bool inbound)
{
	struct remote_key key = {
		.address = at->remote,
		.netns = at->netns,
		.port = at->remote_port,
		.protocol = at->protocol,
		.inbound = inbound,
	};
	struct inode_object *known = bpf_map_lookup_elem(&remotes, &key);

	return known ? known : introduce_remote(&key);
}

/* Addresses of this machine, as its sockets have had them, by network namespace; the value says nothing. */
struct own_address {
	struct address address;
	u32 netns;
	u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct own_address);
	__type(value, u32);
} own_addresses SEC(".maps");

static __always_inline bool is_own(struct address *address, u32 netns)
{
	struct own_address key = { .address = *address, .netns = netns };

	return bpf_map_lookup_elem(&own_addresses, &key);
}

/* The other end's view of the same two addresses. */
static __always_inline void turned_round(struct endpoint *at, struct endpoint *other)
{
	__builtin_memset(other, 0, sizeof(*other));
	other->local = at->remote;
	other->remote = at->local;
	other->netns = at->netns;
	other->local_port = at->remote_port;
	other->remote_port = at->local_port;
	other->protocol = at->protocol;
}

/* The socket of this machine that is connected to this one; NULL if none was met. */
static __noinline struct inode_object *connected_peer(struct endpoint *at)
{
	struct endpoint other;
	struct inode_key *key;

	if (!at)
		return NULL;
	turned_round(at, &other);
	key = bpf_map_lookup_elem(&endpoints, &other);
	return key ? bpf_map_lookup_elem(&inodes, key) : NULL;
}

/*
 * The socket of this machine that is bound to where this one sends: UDP that is not connected, or a TCP listener. One that is
 * bound to no address in particular takes only what is sent to an address of this machine.
 */
static __noinline struct inode_object *bound_peer(struct endpoint *at)
{
	struct endpoint other;
	struct inode_key *key;

	if (!at)
		return NULL;
	turned_round(at, &other);
	__builtin_memset(&other.remote, 0, sizeof(other.remote));
	other.remote_port = 0;
	key = bpf_map_lookup_elem(&endpoints, &other);
	if (!key && (is_here(at) || is_many(at) || is_own(&at->remote, at->netns))) {
		__builtin_memset(&other.local, 0, sizeof(other.local));
		key = bpf_map_lookup_elem(&endpoints, &other);
	}
	return key ? bpf_map_lookup_elem(&inodes, key) : NULL;
}

/* The addresses that a wildcard bind stands for are all zero, whatever the family, so that a look-up finds them. */
static __always_inline void plain_wildcard(struct address *address)
{
	u64 *half = (u64 *)address;

	if (half[0] == 0 && (half[1] == 0 || half[1] == 0x00000000ffff0000ULL))
		half[1] = 0;
}

/* Remembers where a TCP or UDP socket can be found by its other end. */
static __noinline void register_endpoint(struct endpoint *at, struct inode_key *key)
{
	struct endpoint own;

	if (!at || !key)
		return;
	own = *at;
	plain_wildcard(&own.local);
	plain_wildcard(&own.remote);
	if (!is_zero(&own.local) && !(own.protocol & NETLINK)) {
		struct own_address address = { .address = own.local, .netns = own.netns };
		u32 known = 1;

		if (!bpf_map_lookup_elem(&own_addresses, &address))
			bpf_map_update_elem(&own_addresses, &address, &known, BPF_ANY);
	}
	if (own.protocol & NETLINK) {
		/* It is sent to by others than the one that it sends to. */
		__builtin_memset(&own.remote, 0, sizeof(own.remote));
		own.remote_port = 0;
	}
	bpf_map_update_elem(&endpoints, &own, key, BPF_ANY);
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

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct connection);
	__type(value, struct inode_key);
} connections SEC(".maps");

/* The other end of a socket, by the id of its object. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
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
static __noinline int pair(struct inode_object *object, struct sock *sk, u64 task)
{
	struct connection own, again, other;
	struct inode_object *peer;
	struct inode_key key, *found;
	struct socket *socket;
	u16 family;

	if (!object || !sk)
		return 0;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP || (family != AF_INET && family != AF_INET6)) {
		object->pairing = UNMET;
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
	object->pairing = UNMET;
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
	bpf_map_update_elem(&pairs, &object->object.id, found, BPF_ANY);
	bpf_map_update_elem(&pairs, &peer->object.id, &key, BPF_ANY);
	peer->pairing = PAIRED;
	object->pairing = PAIRED;
	/* What each has sent before the other was met. */
	send_peer(peer, object, task);
	send_peer(object, peer, task);
	return 0;
}

/* At each use, until it was tried: a connection may not have been there when connect(2) returned. */
static __always_inline void pair_once(struct inode_object *object, struct sock *sk, u64 task)
{
	if (object->pairing == UNPAIRED)
		pair(object, sk, task);
}

/* The other end of a TCP connection whose addresses are those of no socket here; NULL if it was not met. */
static __always_inline struct inode_object *paired_peer(struct inode_object *object)
{
	struct inode_key *key;

	if (object->pairing != PAIRED)
		return NULL;
	key = bpf_map_lookup_elem(&pairs, &object->object.id);
	return key ? bpf_map_lookup_elem(&inodes, key) : NULL;
}

/* What was sent to this socket's address, from this network namespace, before the socket could be found. */
static __noinline void catch_up_with_remote(struct inode_object *object, struct endpoint *at, u64 task)
{
	struct remote_key key = {};

	if (!object || !at || !is_here(at))
		return;
	key.address = at->local;
	key.netns = at->netns;
	key.port = at->local_port;
	key.protocol = at->protocol;
	pass_on(bpf_map_lookup_elem(&remotes, &key), object, OP_RECEIVE_REMOTE, task);
}

static __always_inline struct inode_object *unix_peer(struct sock *sk)
{
	struct sock *peer = BPF_CORE_READ((struct unix_sock *)sk, peer);
	struct socket *socket = peer ? BPF_CORE_READ(peer, sk_socket) : NULL;

	return socket ? inode_object(inode_of_socket(socket)) : NULL;
}

/* A socket sends to one that was not accepted yet. */
static __noinline void send_unaccepted(struct sock *sk)
{
	u64 peer = (u64)BPF_CORE_READ((struct unix_sock *)sk, peer);
	struct socket *socket = BPF_CORE_READ(sk, sk_socket);
	struct inode_key key;

	if (!peer || !socket)
		return;
	key = inode_key(inode_of_socket(socket));
	bpf_map_update_elem(&unaccepted, &peer, &key, BPF_ANY);
}

/* The socket that sent to `sk` before it was accepted, or NULL. */
static __noinline struct inode_object *sent_unaccepted(struct sock *sk)
{
	u64 own = (u64)sk;
	struct inode_key *key = bpf_map_lookup_elem(&unaccepted, &own);

	return key ? bpf_map_lookup_elem(&inodes, key) : NULL;
}

/* Report a socket's addresses when they are known and were not reported. */
static __always_inline void address_once(struct inode_object *object, struct sock *sk, u32 op)
{
	if (!object->address && record_address(object->object.id, sk, op))
		object->address = 1;
}

/* UNIX datagrams: which socket is at this place in the kernel's memory, for as long as one of its datagrams is not received. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, u64);
	__type(value, struct inode_key);
} datagram_senders SEC(".maps");

static __always_inline void register_sender(struct sock *sk)
{
	struct socket *socket = BPF_CORE_READ(sk, sk_socket);
	u64 own = (u64)sk;
	struct inode_key key;

	if (!socket || BPF_CORE_READ(sk, sk_type) == SOCK_STREAM)
		return;
	key = inode_key(inode_of_socket(socket));
	bpf_map_update_elem(&datagram_senders, &own, &key, BPF_ANY);
}

static __noinline void send_on_unix(struct inode_object *object, struct sock *sk, u64 task)
{
	struct inode_object *other = unix_peer(sk);

	if (!other) {
		send_unaccepted(sk);
		register_sender(sk);
	} else if (object)
		flow_to_inode(&object->object, other, OP_SEND_PEER, 0, 0, 0, task);
}

static __noinline void send_on_inet(struct inode_object *object, struct sock *sk, struct endpoint *to, u64 task)
{
	struct inode_object *other;
	struct endpoint at;
	u8 op;

	if (!object || !sk || !endpoint_of(sk, &at))
		return;
	if (to && to->named) {
		at.remote = to->remote;
		at.remote_port = to->remote_port;
	}
	if (!is_addressed(&at))
		return;
	other = connected_peer(&at);
	if (!other) {
		other = bound_peer(&at);
		/* A listener gets nothing: the socket that it accepts will catch up, if it can find this one. */
		if (other && at.protocol == IPPROTO_TCP && at.local_port)
			return;
		if (other && at.protocol == IPPROTO_TCP)
			other = NULL;
	}
	if (!other && at.protocol == IPPROTO_TCP)
		other = paired_peer(object);
	if (other && is_many(&at)) {
		send_peer(object, other, task);
		other = NULL;
	}
	op = other ? OP_SEND_PEER : OP_SEND_REMOTE;
	if (!other && !(at.protocol & NETLINK))
		other = remote_object(&at, false);
	pass_on(object, other, op, task);
}

/*
 * What was sent into a socket goes on to its other end. `to`: where an unconnected socket sends, or NULL. Two functions and
 * not one, because Linux 6.1 lets the stacks of nested calls sum to 512 bytes.
 */
static __always_inline void send_on(struct inode_object *object, struct sock *sk, struct endpoint *to, u64 task)
{
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	if (family == AF_UNIX) {
		send_on_unix(object, sk, task);
		return;
	}
	if (is_raw(sk, family))
		send_on_wire(object, sk, to ? to->device : 0, task);
	send_on_inet(object, sk, to, task);
}

/* Who sends to this socket's address finds this socket. `at`: with the sender as the other end. */
static __noinline bool is_alone(struct endpoint *at, struct inode_object *object)
{
	struct endpoint own;
	struct inode_key *key;

	if (!at || !object)
		return true;
	own = *at;
	plain_wildcard(&own.local);
	key = bpf_map_lookup_elem(&endpoints, &own);
	if (!key) {
		__builtin_memset(&own.remote, 0, sizeof(own.remote));
		own.remote_port = 0;
		key = bpf_map_lookup_elem(&endpoints, &own);
	}
	return key && bpf_map_lookup_elem(&inodes, key) == object;
}

/* What a process takes out of a socket came from its other end; a socket of this machine has said so when it sent. */
static __noinline void receive_from(struct inode_object *object, struct sock *sk, struct endpoint *from, u64 task)
{
	struct inode_object *other;
	struct endpoint at;

	if (!object || !sk || !endpoint_of(sk, &at))
		return;
	if (from && from->named) {
		at.remote = from->remote;
		at.remote_port = from->remote_port;
	}
	if (!is_addressed(&at) || at.protocol & NETLINK)
		return;
	other = connected_peer(&at);
	if (!other)
		other = bound_peer(&at);
	if (other) {
		/* It has said so when it sent, unless it found another socket that has this address too. */
		if (at.protocol == IPPROTO_UDP && !is_alone(&at, object))
			send_peer(other, object, task);
		return;
	}
	if (at.protocol == IPPROTO_TCP && paired_peer(object))
		return;
	pass_on(remote_object(&at, true), object, OP_RECEIVE_REMOTE, task);
}

/* A socket has come by its addresses: what its other end has sent before it could be found is caught up with. */
static __noinline void join(struct inode_object *object, struct inode *inode, struct sock *sk, u64 task, u32 op)
{
	struct inode_key key;
	struct inode_object *other;
	struct endpoint at;

	if (!object || !inode || !sk)
		return;
	if (record_address(object->object.id, sk, op))
		object->address = 1;
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_UNIX) {
		u64 peer = (u64)BPF_CORE_READ((struct unix_sock *)sk, peer);

		if (op == OP_CONNECT)
			bpf_map_delete_elem(&unaccepted, &peer);
		other = unix_peer(sk);
		if (!other && op == OP_ACCEPT)
			other = sent_unaccepted(sk);
	} else {
		if (!endpoint_of(sk, &at))
			return;
		key = inode_key(inode);
		if (at.local_port)
			register_endpoint(&at, &key);
		other = at.remote_port ? connected_peer(&at) : NULL;
		/* Its connection, if it is one, is to be looked for. */
		object->pairing = other ? UNMET : UNPAIRED;
	}
	send_peer(other, object, task);
}

/* An accepted socket: packets that came before it had an inode (packets.h), and bytes that came with the client's first packet, before the client had a port. */
static __noinline void catch_up_accepted(struct inode_object *object, struct sock *sk, u64 task)
{
	struct inode_key early;
	struct endpoint at;

	if (!object || !sk)
		return;
	early = object_key(OBJECT_UNACCEPTED, BPF_CORE_READ(sk, __sk_common.skc_cookie.counter), 0);
	pass_on(bpf_map_lookup_elem(&inodes, &early), object, OP_ACCEPT_EARLY, task);
	if (object->pairing == PAIRED || !endpoint_of(sk, &at) || at.protocol != IPPROTO_TCP ||
	    connected_peer(&at))
		return;
	catch_up_with_remote(object, &at, task);
}

/* The same at the first use of a socket whose coming by its addresses was not seen. */
static __always_inline void join_once(struct inode_object *object, struct inode *inode, struct sock *sk, u64 task, u32 op)
{
	if (!object->address)
		join(object, inode, sk, task, op);
}

#endif
