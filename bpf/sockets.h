/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Sockets: their addresses, and where what is sent into one comes out. The other end is either a socket of this machine,
 * found through the kernel (UNIX) or by its addresses (TCP, UDP), or a remote end, which is an object of its own.
 */
#ifndef HEADWATER_SOCKETS_H
#define HEADWATER_SOCKETS_H

#include "flow.h"
#include "inodes.h"
#include "actors.h"
#include "endpoints.h"
#include "connections.h"
#include "wires.h"

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
#define UNIX_SENDERS_MAX 16384

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, UNIX_SENDERS_MAX);
	__type(key, u64);
	__type(value, struct inode_key);
} unaccepted SEC(".maps");

u64 unaccepted_made;

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
__noinline int record_address(u64 object, struct socket_address *socket, u32 op)
{
	struct address_record *r;
	struct endpoint at;
	struct sock *sk;

	if (!socket)
		return false;
	sk = (struct sock *)socket->sk;
	r = record_open(struct address_record, RECORD_ADDRESS);
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
	r->netns = network_inode(sk);
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
	struct inode_object *kept;
	struct address_record *r;
	struct lane *here = lane();

	if (!here || !key)
		return NULL;
	r = record_open(struct address_record, RECORD_REMOTE);
	if (!r)
		return NULL;
	fresh.object.id = next_id(&here->objects);
	fresh.object.state = next_id(&here->states);
	fresh.object.kind = KIND_PACKET;
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
	kept = bpf_map_lookup_elem(&remotes, key);
	if (!kept)
		unwritten(LOSS_MAP_FULL, CLASS_OBJECT);
	return kept;
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

	return known || has_kind(policy.kinds, KIND_PACKET) ? known : introduce_remote(&key);
}

/* What was sent to this socket's address, from this network namespace, before the socket could be found. */
static __noinline void catch_up_with_remote(struct inode_object *object, struct endpoint *at, u64 task)
{
	struct remote_key key = {};

	/* Without a port it would be what anyone has sent to this machine. */
	if (!object || !at || !at->local_port || !is_here(at))
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
	if (!bpf_map_update_elem(&unaccepted, &peer, &key, BPF_NOEXIST))
		count_entry(&unaccepted_made, UNIX_SENDERS_MAX, CLASS_TRANSFER);
	else
		bpf_map_update_elem(&unaccepted, &peer, &key, BPF_ANY);
}

/* The socket that sent to `sk` before it was accepted, or NULL. */
static __noinline struct inode_object *sent_unaccepted(struct sock *sk)
{
	u64 own = (u64)sk;
	struct inode_key *key = bpf_map_lookup_elem(&unaccepted, &own);

	return key ? bpf_map_lookup_elem(&inodes, key) : NULL;
}

static __always_inline void report_address(struct inode_object *object, struct sock *sk, u32 op)
{
	struct socket_address at = { .sk = (u64)sk };

	if (record_address(object->object.id, &at, op))
		object->object.address = 1;
}

/* Report a socket's addresses when they are known and were not reported. */
static __always_inline void address_once(struct inode_object *object, struct sock *sk, u32 op)
{
	if (!object->object.address)
		report_address(object, sk, op);
}

/*
 * UNIX datagrams: which socket is at this place in the kernel's memory, for as long as one of its datagrams is not received. Of
 * sockets that have sent to others than the one that they are connected to.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, UNIX_SENDERS_MAX);
	__type(key, u64);
	__type(value, struct inode_key);
} datagram_senders SEC(".maps");

u64 datagram_senders_made;

/* A socket sends datagrams. `joined`: the receiver is known already. What another socket has left at this place goes. */
static __noinline void register_sender(struct sock *sk, bool joined)
{
	struct socket *socket = BPF_CORE_READ(sk, sk_socket);
	u64 own = (u64)sk;
	struct inode_key key, *known;

	if (!socket || BPF_CORE_READ(sk, sk_type) == SOCK_STREAM)
		return;
	key = inode_key(inode_of_socket(socket));
	known = bpf_map_lookup_elem(&datagram_senders, &own);
	if (known && same_inode(known, &key))
		return;
	if (!joined) {
		bpf_map_update_elem(&datagram_senders, &own, &key, BPF_ANY);
		if (!known)
			count_entry(&datagram_senders_made, UNIX_SENDERS_MAX, CLASS_TRANSFER);
	} else if (known) {
		bpf_map_delete_elem(&datagram_senders, &own);
	}
}

/* The socket that has sent a datagram from this place. It may be closed; if it is not, it must be the one that was there. */
static __noinline struct inode_object *datagram_sender(struct sock *sk)
{
	u64 own = (u64)sk;
	struct inode_key *known = bpf_map_lookup_elem(&datagram_senders, &own);
	struct socket *socket;
	struct inode_key key;

	if (!known)
		return NULL;
	socket = BPF_CORE_READ(sk, sk_socket);
	if (socket) {
		key = inode_key(inode_of_socket(socket));
		if (!same_inode(known, &key))
			return NULL;
	}
	return bpf_map_lookup_elem(&inodes, known);
}

/* `named`: the message says itself to whom, which only datagrams do. */
__noinline int send_on_unix(struct inode_object *object, struct socket_address *socket, u32 named, u64 task)
{
	struct sock *sk = socket ? (struct sock *)socket->sk : NULL;
	struct inode_object *other = unix_peer(sk);

	if (named && BPF_CORE_READ(sk, sk_type) == SOCK_DGRAM) {
		register_sender(sk, false);
		return 0;
	}
	register_sender(sk, other);
	if (!other)
		send_unaccepted(sk);
	else if (object)
		flow_to_inode(&object->object, other, OP_SEND_PEER, 0, 0, 0, task);
	return 0;
}

__noinline int send_on_inet(struct inode_object *object, struct socket_address *socket, struct endpoint *to, u64 task)
{
	struct sock *sk = socket ? (struct sock *)socket->sk : NULL;
	struct inode_object *other;
	struct endpoint at;
	u8 op;

	if (!object || !endpoint_with(sk, to, &at))
		return 0;
	other = connected_peer(&at);
	if (!other) {
		other = bound_peer(&at);
		/* A listener gets nothing: the socket that it accepts will catch up, if it can find this one. */
		if (other && at.protocol == IPPROTO_TCP && at.local_port)
			return 0;
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
	return 0;
}

/*
 * What was sent into a socket goes on to its other end. `to`: where an unconnected socket sends, or NULL. Two functions and
 * not one, because Linux 6.1 lets the stacks of nested calls sum to 512 bytes; global, so that they are verified once.
 */
static __always_inline void send_on(struct inode_object *object, struct sock *sk, struct endpoint *to, u64 task)
{
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	struct socket_address at = { .sk = (u64)sk };

	if (family == AF_UNIX) {
		send_on_unix(object, &at, to && to->named, task);
		return;
	}
	if (rings_met)
		send_into_rings(object, sk, task);
	if (is_raw(sk, family))
		send_on_wire(object, sk, to ? to->device : 0, task);
	send_on_inet(object, &at, to, task);
}

/*
 * What a process takes out of a socket came from its other end; a socket of this machine has said so when it sent. True
 * if it is, or can be, a remote end.
 */
__noinline int receive_from_end(struct inode_object *object, struct socket_address *socket, struct endpoint *from, u64 task)
{
	struct sock *sk = socket ? (struct sock *)socket->sk : NULL;
	struct endpoint at = {};
	struct inode_object *other;

	if (!object)
		return false;
	/* A datagram whose sender was not asked for. */
	if (!endpoint_with(sk, from, &at))
		return at.local_port && !(at.protocol & NETLINK);
	if (at.protocol & NETLINK)
		return false;
	other = sending_peer(&at);
	if (other) {
		/* It has said so when it sent, unless it found another socket that has this address too, or none yet. */
		if (at.protocol == IPPROTO_UDP && socket_under(&at, CONNECTED | BOUND) != object)
			send_peer(other, object, task);
		return false;
	}
	if (at.protocol == IPPROTO_TCP && paired_peer(object))
		return false;
	pass_on(remote_object(&at, true), object, OP_RECEIVE_REMOTE, task);
	return true;
}

/* Which a TUN device may lead to, whose other side is a process. */
static __always_inline void receive_from(struct inode_object *object, struct sock *sk, struct endpoint *from, u64 task)
{
	struct socket_address at = { .sk = (u64)sk };

	if (receive_from_end(object, &at, from, task) && tuns_met)
		take_from_tuns(object, &at, task);
}

/* A socket has come by its addresses: what its other end has sent before it could be found is caught up with. */
__noinline int joins(struct inode_object *object, struct socket_address *socket, u64 task, u32 op)
{
	struct addressed_socket one;
	struct inode_object *other;
	struct endpoint at;
	struct sock *sk;

	if (!object || !socket || !socket->inode || !socket->sk)
		return 0;
	if (record_address(object->object.id, socket, op))
		object->object.address = 1;
	sk = (struct sock *)socket->sk;
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_UNIX) {
		u64 peer = (u64)BPF_CORE_READ((struct unix_sock *)sk, peer);

		if (op == OP_CONNECT)
			bpf_map_delete_elem(&unaccepted, &peer);
		other = unix_peer(sk);
		if (!other && op == OP_ACCEPT)
			other = sent_unaccepted(sk);
	} else {
		if (!endpoint_of(sk, &at))
			return 0;
		one.sk = socket->sk;
		one.key = inode_key((struct inode *)socket->inode);
		if (at.local_port)
			register_endpoint(&at, &one);
		other = at.remote_port ? connected_peer(&at) : NULL;
		/* Its connection, if it is one, is to be looked for. */
		object->object.pairing = other ? UNMET : UNPAIRED;
	}
	send_peer(other, object, task);
	return 0;
}

static __always_inline void join(struct inode_object *object, struct inode *inode, struct sock *sk, u64 task, u32 op)
{
	struct socket_address at = { .sk = (u64)sk, .inode = (u64)inode };

	joins(object, &at, task, op);
}

/*
 * An accepted socket: packets that came before it had an inode (packets.h), and bytes that came with the client's first
 * packet, before the client had a port.
 */
static __noinline void catch_up_accepted(struct inode_object *object, struct sock *sk, u64 task)
{
	struct inode_key early;
	struct endpoint at;

	if (!object || !sk)
		return;
	early = object_key(OBJECT_UNACCEPTED, BPF_CORE_READ(sk, __sk_common.skc_cookie.counter), 0);
	pass_on(bpf_map_lookup_elem(&inodes, &early), object, OP_ACCEPT_EARLY, task);
	if (object->object.pairing == PAIRED || !endpoint_of(sk, &at) || at.protocol != IPPROTO_TCP ||
	    connected_peer(&at))
		return;
	catch_up_with_remote(object, &at, task);
}

/* The same at the first use of a socket whose coming by its addresses was not seen. */
static __always_inline void join_once(struct inode_object *object, struct inode *inode, struct sock *sk, u64 task, u32 op)
{
	if (!object->object.address)
		join(object, inode, sk, task, op);
}

#endif
