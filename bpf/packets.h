/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The net front-end: packets between sockets and the network, attached to a cgroup's ingress and egress beside one of the other
 * front-ends, when asked for. A packet is told from others by what it carries itself, so both ends, on two machines
 * perhaps, call it the same (struct packet_record). Packets without payload (acknowledgements) bring nothing and are left out.
 *
 * Sent: before the packet leaves, and after this namespace has translated addresses. Received: before the packet can be
 * taken from the socket, and after a translation back. Only packets of sockets that are known: of processes that are followed.
 */
#ifndef HEADWATER_PACKETS_H
#define HEADWATER_PACKETS_H

#include "flow.h"
#include "headers.h"
#include "objects.h"
#include "sockets.h"

#define DIGEST_BYTES 32
#define PACKET_MAY_PASS 1

struct __sk_buff {
	u32 len;
	u32 pkt_type;
	u32 mark;
	u32 queue_mapping;
	u32 protocol;
	u32 vlan[3];
	u32 priority;
	u32 ingress_ifindex;
	u32 ifindex;
	u32 tc_index;
	u32 cb[5];
	u32 hash;
	u32 tc_classid;
	u32 data;
	u32 data_end;
	u32 napi_id;
	u32 family;
	u32 addresses[12];
	u32 data_meta;
	u64 flow_keys __attribute__((aligned(8)));
	u64 tstamp;
	u32 wire_len;
	u32 gso_segs;
	void *sk __attribute__((aligned(8)));
	u32 gso_size;
};

KEEP_TYPE(packet_record);
KEEP_TYPE(packet_content_small);
KEEP_TYPE(packet_content_large);

/* Where the headers end, and what they say. */
struct packet {
	struct endpoint at;	/* as the receiver sees it */
	u32 payload;		/* offset of the first byte that the packet carries */
	u32 sequence;
	u32 flow_label;
	u16 id;
};

/* The receiver's or sender's socket in the kernel's memory. The verifier hands out no such pointer but through memory. */
static __always_inline struct sock *sock_of(struct __sk_buff *skb)
{
	void *volatile held = skb->sk;
	struct sock *sk = NULL;

	bpf_probe_read_kernel(&sk, sizeof(sk), (void *)&held);
	return sk;
}

static __always_inline long read_packet(const void *packet, u32 offset, void *to, u32 bytes)
{
	return bpf_skb_load_bytes(packet, offset, to, bytes);
}

static __always_inline bool parse_network(struct __sk_buff *skb, struct packet *packet)
{
	u32 word;

	switch (read_addresses(skb, read_packet, &packet->at, &packet->payload)) {
	case 4:
		if (bpf_skb_load_bytes(skb, 4, &packet->id, 2))
			return false;
		packet->id = bpf_ntohs(packet->id);
		return true;
	case 6:
		if (bpf_skb_load_bytes(skb, 0, &word, sizeof(word)))
			return false;
		packet->flow_label = bpf_ntohl(word) & 0xfffff;
		return true;
	}
	return false;
}

static __always_inline bool parse_transport(struct __sk_buff *skb, struct packet *packet)
{
	u8 offset;

	if (!has_ports(&packet->at))
		return true;
	if (!read_ports(skb, read_packet, &packet->at, packet->payload))
		return false;
	if (packet->at.protocol == IPPROTO_UDP) {
		packet->payload += 8;
		return true;
	}
	if (bpf_skb_load_bytes(skb, packet->payload + 4, &packet->sequence, 4) ||
	    bpf_skb_load_bytes(skb, packet->payload + 12, &offset, 1))
		return false;
	packet->sequence = bpf_ntohl(packet->sequence);
	packet->payload += (offset >> 4) * 4;
	return true;
}

/* FNV-1a of the first bytes that the packet carries, and of how many it carries in all, which is at least one. */
static __always_inline u32 digest(struct __sk_buff *skb, u32 from, u32 length)
{
	u8 bytes[DIGEST_BYTES] = {};
	u32 hash = 2166136261u, i, last = length - 1;

	if (last > DIGEST_BYTES - 1)
		last = DIGEST_BYTES - 1;
	/* The verifier has to see that it is 1 to 32. */
	barrier_var(last);
	bpf_skb_load_bytes(skb, from, bytes, (last & (DIGEST_BYTES - 1)) + 1);
	for (i = 0; i < DIGEST_BYTES; i++)
		hash = (hash ^ bytes[i]) * 16777619u;
	return (hash ^ length) * 16777619u;
}

/* A socket that was not accepted yet is no object: another stands for it until it is. */
static __always_inline struct inode_object *unaccepted_object(struct __sk_buff *skb, struct endpoint *at)
{
	struct inode_key key;

	if (!socket_under(at, BOUND | WILD))
		return NULL;
	/* Not class_object: who is current here has nothing to do with it. */
	key = object_key(OBJECT_UNACCEPTED, bpf_get_socket_cookie(skb), 0);
	return object_beside(&key);
}

static __always_inline struct inode_object *packet_socket_object(struct __sk_buff *skb, struct sock *sk, struct packet *packet,
								 bool received)
{
	struct socket *socket = BPF_CORE_READ(sk, sk_socket);
	struct inode_object *object = NULL;
	struct inode_key key;

	if (socket) {
		key = inode_key(inode_of_socket(socket));
		object = bpf_map_lookup_elem(&inodes, &key);
	}
	/* While accept(2) is under way there is an inode, but it is introduced only when the call ends. */
	return object || !received || packet->at.protocol != IPPROTO_TCP ? object : unaccepted_object(skb, &packet->at);
}

static __always_inline void fill_packet(struct packet_record *r, struct __sk_buff *skb, struct packet *packet,
					struct inode_object *object, bool received)
{
	bool is_tcp = packet->at.protocol == IPPROTO_TCP;
	u32 length = skb->len - packet->payload;
	struct lane *here = lane();

	r->head.op = received ? OP_RECEIVE_PACKET : OP_SEND_PACKET;
	r->head.object = object->object.id;
	r->head.arg = length;
	r->from = received ? 0 : object->object.id;
	r->from_state = received ? 0 : *(volatile u64 *)&object->object.state;
	__builtin_memcpy(r->sender, &packet->at.remote, 16);
	__builtin_memcpy(r->receiver, &packet->at.local, 16);
	r->sender_port = packet->at.remote_port;
	r->receiver_port = packet->at.local_port;
	r->protocol = packet->at.protocol;
	r->id = packet->id;
	r->sequence = is_tcp ? packet->sequence : digest(skb, packet->payload, length);
	r->flow_label = packet->flow_label;
	r->segment_bytes = skb->gso_size;
	r->netns = network_inode(sock_of(skb));
	if (received && here) {
		/* The bytes are new to the socket, whatever it has taken before. */
		r->head.state = next_id(&here->states);
		publish_state(&object->object, r->head.state);
	}
}

/* Copies what a packet carries, up to `room`, a power of two; evaluates to how much that was. */
#define copy_content(content, skb, packet, room)						\
({												\
	u32 last_ = skb->len - (packet)->payload - 1;						\
												\
	if (last_ > (room) - 1)									\
		last_ = (room) - 1;								\
	/* The verifier has to see that it is 1 to `room`. */					\
	barrier_var(last_);									\
	last_ = (last_ & ((room) - 1)) + 1;							\
	bpf_skb_load_bytes(skb, (packet)->payload, content, last_) ? 0 : last_;			\
})

static __noinline int record_packet(struct __sk_buff *skb, struct packet *packet, struct inode_object *object, bool received)
{
	struct packet_record *r;

	if (!packet || !object)
		return 0;
	r = record_open(struct packet_record, RECORD_PACKET);
	if (!r)
		return 0;
	fill_packet(r, skb, packet, object, received);
	record_close(r);
	return 0;
}

static __noinline int record_content(struct __sk_buff *skb, struct packet *packet, struct inode_object *object, bool received)
{
	if (!packet || !object)
		return 0;
	if (skb->len - packet->payload <= CONTENT_SMALL) {
		struct packet_content_small *r = record_open(struct packet_content_small, RECORD_PACKET_CONTENT);

		if (!r)
			return 0;
		fill_packet(&r->packet, skb, packet, object, received);
		r->captured = copy_content(r->content, skb, packet, CONTENT_SMALL);
		record_close(r);
	} else {
		struct packet_content_large *r = record_open(struct packet_content_large, RECORD_PACKET_CONTENT);

		if (!r)
			return 0;
		fill_packet(&r->packet, skb, packet, object, received);
		r->captured = copy_content(r->content, skb, packet, CONTENT_LARGE);
		record_close(r);
	}
	return 0;
}

/* A socket that is known may be of somebody who is not recorded any more. */
static __always_inline bool wants_packets(struct object *socket)
{
	return !(socket->marks & MARKS_OPAQUE) && !has_kind(policy.kinds, KIND_PACKET) &&
	       (socket->marks & MARK_RECORD || !(policy.no_strings & NO_OTHER_PACKETS)) &&
	       (!policy.partial || (policy.partial == PARTIAL_TRACKED && socket->marks & MARK_TRACKED));
}

static __noinline int packet_passes(struct __sk_buff *skb, bool received)
{
	struct inode_object *object;
	struct packet packet = {};
	struct sock *sk = sock_of(skb);

	if (!sk || !parse_network(skb, &packet) || !parse_transport(skb, &packet) || skb->len <= packet.payload)
		return PACKET_MAY_PASS;
	packet.at.netns = network_of(sk);
	object = packet_socket_object(skb, sk, &packet, received);
	if (!object || !wants_packets(&object->object))
		return PACKET_MAY_PASS;
	if (object->object.marks & MARK_RECORD && !(policy.no_strings & NO_CONTENT))
		record_content(skb, &packet, object, received);
	else
		record_packet(skb, &packet, object, received);
	return PACKET_MAY_PASS;
}

SEC("cgroup_skb/egress")
int packet_leaves(struct __sk_buff *skb)
{
	return packet_passes(skb, false);
}

SEC("cgroup_skb/ingress")
int packet_comes(struct __sk_buff *skb)
{
	return packet_passes(skb, true);
}

#endif
