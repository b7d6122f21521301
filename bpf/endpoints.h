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
	u32 netns;	/* network_of */
	u16 local_port;
	u16 remote_port;
	u16 protocol;
	u16 named;	/* of the address in a message: enum named. Zero in keys */
	u32 device;	/* the same: of a packet socket's */
};

/* What a message says of where it goes or came from. */
enum named {
	UNNAMED = 0,
	NAMED = 1,
	NAMED_OTHERWISE = 2,	/* by a path, or not in a way that is understood here */
};

/* A socket that came by an address. `sk`: its place in the kernel's memory, to look whether it is still there. */
struct addressed_socket {
	struct inode_key key;
	u64 sk;
};

/*
 * The last two sockets that came by an address: a server that makes a socket for one of its clients binds it to its own address
 * before it connects it.
 */
struct sockets_at {
	struct addressed_socket last;
	struct addressed_socket before;
};

#define ENDPOINTS_MAX 131072

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, ENDPOINTS_MAX);
	__type(key, struct endpoint);
	__type(value, struct sockets_at);
} endpoints SEC(".maps");

u64 endpoints_made;

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

/* Which network namespace a socket is of. Its inode number is given out again when it is gone, this number is not. */
static __always_inline u32 network_of(struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_net.net, net_cookie);
}

/* The inode number, for readers of the record. */
static __always_inline u32 network_inode(struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
}

/* False if the socket is of a family whose sockets are not found by address. */
static __always_inline bool endpoint_of(struct sock *sk, struct endpoint *at)
{
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	__builtin_memset(at, 0, sizeof(*at));
	at->protocol = BPF_CORE_READ(sk, sk_protocol);
	at->netns = network_of(sk);
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
 * Where a message goes or came from: its struct sockaddr of `length` bytes, in the caller's memory or in the kernel's copy (`user` is
 * constant where this is called); all zero if there is none, all but `named` if it is of another family.
 */
static __always_inline void read_endpoint(struct endpoint *at, const void *address, int length, bool user)
{
	struct {
		u16 family;
		u16 port;
		u32 number;	/* IPv4: the address; netlink: the socket's number; packet sockets: the device */
	} name = {};

	__builtin_memset(at, 0, sizeof(*at));
	if (!address || length <= 0)
		return;
	at->named = NAMED_OTHERWISE;
	if (length < sizeof(name) || (user ? bpf_probe_read_user(&name, sizeof(name), address)
					   : bpf_probe_read_kernel(&name, sizeof(name), address)))
		return;
	if (name.family == AF_INET || name.family == AF_INET6 || name.family == AF_NETLINK)
		at->named = NAMED;
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
		at->named = NAMED_OTHERWISE;
}

/* Protocols without ports: an address says all. */
static __always_inline bool is_addressed(const struct endpoint *at)
{
	if (at->remote_port)
		return true;
	return at->protocol != IPPROTO_TCP && at->protocol != IPPROTO_UDP && !(at->protocol & NETLINK) && !is_zero(&at->remote);
}

/* The address of a message goes for its socket: not of a stream, which leads to one end, whatever address comes with the call. */
static __always_inline bool goes_by_name(struct sock *sk, const struct endpoint *own, const struct endpoint *message)
{
	if (!message || message->named != NAMED)
		return false;
	/* TCP fast open connects by sending. */
	return !own->remote_port || BPF_CORE_READ(sk, sk_type) != SOCK_STREAM;
}

/* Between which addresses a message goes, which says `message` of itself, or nothing: NULL. False if that is not known. */
static __noinline bool endpoint_with(struct sock *sk, struct endpoint *message, struct endpoint *at)
{
	if (!sk || !at || !endpoint_of(sk, at))
		return false;
	if (goes_by_name(sk, at, message)) {
		at->remote = message->remote;
		at->remote_port = message->remote_port;
	}
	return is_addressed(at);
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

/* A function of its own, so that its stack is given back. */
__noinline int is_own(struct address *address, u32 netns)
{
	struct own_address key = { .netns = netns };

	if (!address)
		return false;
	key.address = *address;
	return bpf_map_lookup_elem(&own_addresses, &key) != NULL;
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

/* The addresses that a wildcard bind stands for are all zero, whatever the family, so that a look-up finds them. */
static __always_inline void plain_wildcard(struct address *address)
{
	u64 *half = (u64 *)address;

	if (half[0] == 0 && (half[1] == 0 || half[1] == 0x00000000ffff0000ULL))
		half[1] = 0;
}

static __always_inline bool same_inode(const struct inode_key *a, const struct inode_key *b)
{
	return a->ino == b->ino && a->dev == b->dev && a->generation == b->generation;
}

/*
 * The socket is open and still has the address `own`. Its memory may have become something else: what is read there then is not
 * the same inode.
 */
__noinline int is_still_at(struct addressed_socket *one, struct endpoint *own)
{
	struct socket *socket;
	struct inode_key key;
	struct sock *sk;
	u32 remote;

	if (!one || !own || !one->sk)
		return false;
	sk = (struct sock *)one->sk;
	socket = BPF_CORE_READ(sk, sk_socket);
	if (!socket)
		return false;
	key = inode_key(inode_of_socket(socket));
	if (!same_inode(&key, &one->key))
		return false;
	/* Its number never changes, and its other end is not part of what it is found by. */
	if (own->protocol & NETLINK)
		return true;
	if (BPF_CORE_READ(sk, __sk_common.skc_num) != own->local_port ||
	    bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)) != own->remote_port)
		return false;
	remote = BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET6
		 ? BPF_CORE_READ(sk, __sk_common.skc_v6_daddr.in6_u.u6_addr32[3]) : BPF_CORE_READ(sk, __sk_common.skc_daddr);
	return remote == *(u32 *)&own->remote.bytes[12];
}

/* Which sockets are looked for: these in this order. */
enum sought {
	CONNECTED = 1,	/* to the other end */
	BOUND = 2,	/* to the address, and not connected */
	WILD = 4,	/* bound to no address in particular */
	GONE = 8,	/* if there is none of those, one that was closed: who has sent may have been */
	OTHER_END = 16,	/* not the socket of these addresses, but the one that it sends to */
	HERE = 32,	/* which is on this machine for certain; found out on the way, as is the next */
	WAS_THERE = 64,	/* one that was closed */
};

/* Whether a socket was found, and which. */
__noinline int find_socket(struct endpoint *at, u32 how, struct inode_key *found)
{
	struct sockets_at *here;
	struct endpoint own;
	u32 level;

	if (!at || !found)
		return false;
	if (how & OTHER_END) {
		turned_round(at, &own);
		how |= is_here(at) || is_many(at) ? HERE : 0;
	} else {
		own = *at;
		how |= HERE;
	}
	plain_wildcard(&own.local);
	/* Unrolled it would take more stack. */
#pragma clang loop unroll(disable)
	for (level = CONNECTED; level <= WILD; level <<= 1) {
		if (level == BOUND) {
			__builtin_memset(&own.remote, 0, sizeof(own.remote));
			own.remote_port = 0;
		}
		if (!(how & level))
			continue;
		if (level == WILD) {
			if (!(how & HERE) && !is_own(&own.local, own.netns))
				break;
			__builtin_memset(&own.local, 0, sizeof(own.local));
		}
		here = bpf_map_lookup_elem(&endpoints, &own);
		if (!here)
			continue;
		if (is_still_at(&here->last, &own)) {
			*found = here->last.key;
			return true;
		}
		if (is_still_at(&here->before, &own)) {
			*found = here->before.key;
			return true;
		}
		if (how & GONE && !(how & WAS_THERE)) {
			*found = here->last.key;
			how |= WAS_THERE;
		}
	}
	return how & WAS_THERE;
}

/*
 * The socket of this machine that is found under `at`; NULL if none was met. As another's end, one that is bound to no address in
 * particular takes only what is sent to an address of this machine.
 */
static __always_inline struct inode_object *socket_under(struct endpoint *at, u32 how)
{
	struct inode_key found = {};

	return find_socket(at, how, &found) ? bpf_map_lookup_elem(&inodes, &found) : NULL;
}

/*
 * The socket of this machine that is connected to this one. One end of a TCP connection may be closed before the other is accepted,
 * and no other socket has its four numbers meanwhile.
 */
static __always_inline struct inode_object *connected_peer(struct endpoint *at)
{
	return socket_under(at, OTHER_END | CONNECTED | (at->protocol == IPPROTO_TCP ? GONE : 0));
}

/* The socket of this machine that is bound to where this one sends: UDP that is not connected, or a TCP listener. */
static __always_inline struct inode_object *bound_peer(struct endpoint *at)
{
	return socket_under(at, OTHER_END | BOUND | WILD);
}

/* The socket of this machine whose address is the other end's. */
static __always_inline struct inode_object *sending_peer(struct endpoint *at)
{
	return socket_under(at, OTHER_END | CONNECTED | BOUND | WILD | GONE);
}

/* A new entry is made of this one: too large for the stack, and never written. */
static const struct sockets_at no_sockets = {};

/* Remembers where a TCP or UDP socket can be found by its other end. */
__noinline int register_endpoint(struct endpoint *at, struct addressed_socket *one)
{
	struct sockets_at *known;
	struct endpoint own;

	if (!at || !one)
		return 0;
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
	known = bpf_map_lookup_elem(&endpoints, &own);
	if (!known) {
		bpf_map_update_elem(&endpoints, &own, &no_sockets, BPF_NOEXIST);
		count_entry(&endpoints_made, ENDPOINTS_MAX, CLASS_TRANSFER);
		known = bpf_map_lookup_elem(&endpoints, &own);
	}
	if (!known)
		return 0;
	if (known->last.sk == one->sk && same_inode(&known->last.key, &one->key))
		return 0;
	/* Who looks meanwhile finds no socket that matches its inode, and goes on. */
	if (is_still_at(&known->last, &own))
		known->before = known->last;
	known->last = *one;
	return 0;
}

#endif
