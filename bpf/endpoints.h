/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Addresses of sockets: what a socket calls itself and its other end, and the sockets of this machine that are found by that. TCP,
 * UDP and whatever else goes by the internet's addresses; netlink, whose sockets have numbers.
 */
#ifndef HEADWATER_ENDPOINTS_H
#define HEADWATER_ENDPOINTS_H

#include "flow.h"
#include "inodes.h"
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

/*
 * Where a message goes or came from: its struct sockaddr, in the caller's memory or in the kernel's copy (`user` is constant where
 * this is called); all zero if there is none or it is of another family.
 */
static __always_inline void read_endpoint(struct endpoint *at, const void *address, bool user)
{
	struct {
		u16 family;
		u16 port;
		u32 number;	/* IPv4: the address; netlink: the socket's number; packet sockets: the device */
	} name = {};

	__builtin_memset(at, 0, sizeof(*at));
	if (!address || (user ? bpf_probe_read_user(&name, sizeof(name), address)
			      : bpf_probe_read_kernel(&name, sizeof(name), address)))
		return;
	at->named = name.family == AF_INET || name.family == AF_INET6 || name.family == AF_NETLINK;
	if (name.family == AF_INET)
		map_ipv4(&at->remote, name.number);
	else if (name.family == AF_NETLINK)
		netlink_number(&at->remote, &at->remote_port, name.number);
	else if (name.family == AF_PACKET)
		at->device = name.number;
	if (name.family == AF_INET || name.family == AF_INET6)
		at->remote_port = bpf_ntohs(name.port);
	if (name.family == AF_INET6 && (user ? bpf_probe_read_user(&at->remote, 16, address + 8)
					     : bpf_probe_read_kernel(&at->remote, 16, address + 8)))
		at->named = 0;
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

#endif
