/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Kernel types of sockets and what they send. See kernel.h. */
#ifndef HEADWATER_KERNEL_SOCKETS_H
#define HEADWATER_KERNEL_SOCKETS_H

#include "files.h"
#include "tasks.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct in6_addr {
	union {
		u8 u6_addr8[16];
		u32 u6_addr32[4];
	} in6_u;
};

typedef struct {
	struct net *net;
} possible_net_t;

typedef struct {
	s64 counter;
} atomic64_t;

struct sock_common {
	u32 skc_daddr;
	u32 skc_rcv_saddr;
	u16 skc_dport;
	u16 skc_num;
	u16 skc_family;
	unsigned char skc_state;
	possible_net_t skc_net;
	atomic64_t skc_cookie;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

struct socket;

struct sock {
	struct sock_common __sk_common;
	u16 sk_type;
	u16 sk_protocol;
	struct socket *sk_socket;
};

struct socket {
	short type;
	struct sock *sk;
	struct file *file;
};

struct socket_alloc {
	struct socket socket;
	struct inode vfs_inode;
};

struct sockaddr_un {
	u16 sun_family;
	char sun_path[108];
};

struct unix_address {
	int len;
	struct sockaddr_un name[0];
};

struct unix_sock {
	struct unix_address *addr;
	struct path path;
	struct sock *peer;
};

struct tcp_sock {
	u32 rcv_nxt;
	u32 snd_una;
	u64 bytes_received;
	u64 bytes_acked;
};

struct netlink_sock {
	u32 portid;
	u32 dst_portid;
};

struct netlink_skb_parms {
	u32 portid;
};

struct packet_sock {
	int ifindex;
};

struct sk_buff {
	struct sock *sk;
	char cb[48];
	int skb_iif;
	u8 pkt_type: 3;
	u16 protocol;
	u16 transport_header;
	u16 network_header;
	unsigned char *head;
};

struct msghdr {
	void *msg_name;
	int msg_namelen;
};

struct net_device {
	int ifindex;
	possible_net_t nd_net;
};

struct sock___received {
	int sk_rx_dst_ifindex;
};

#pragma clang attribute pop

/* Constants of the kernel's ABI and of its headers; macros there, so not in BTF. */
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define AF_NETLINK 16
#define AF_PACKET 17

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define SOCK_SEQPACKET 5

#define IPPROTO_ICMP 1
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_ICMPV6 58
#define IPPROTO_RAW 255
#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd

#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define TCP_SYN_RECV 3
#define TCP_CLOSE 7
#define TCP_LISTEN 10

#define PACKET_OUTGOING 4
#define PACKET_LOOPBACK 5
#define LOOPBACK_IFINDEX 1

#endif
