/* SPDX-License-Identifier: Apache-2.0 */
/*
 * families MODE SOURCE SINK: one process sends SOURCE over sockets that are not the internet's, another receives it and writes
 * SINK, and nothing but the sockets joins them.
 */
#include "tester.h"
#include "family.h"
#include <linux/if_alg.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdlib.h>

/* ---- UNIX ---- */

static struct sockaddr_un server;
static socklen_t server_length;

static void at_path(const char *path)
{
	server.sun_family = AF_UNIX;
	strcpy(server.sun_path, path);
	server_length = offsetof(struct sockaddr_un, sun_path) + strlen(path) + 1;
}

static void at_abstract(void)
{
	server.sun_family = AF_UNIX;
	server_length = offsetof(struct sockaddr_un, sun_path) + 1 +
			sprintf(server.sun_path + 1, "headwater-families-%d", getpid());
}

static int bound(int kind)
{
	int fd = TRY(socket(AF_UNIX, kind | SOCK_CLOEXEC, 0));

	TRY(bind(fd, (struct sockaddr *)&server, server_length));
	return fd;
}

static void send_there(int receiver, char *source)
{
	size_t length = take(source, bytes, ROOM);
	int fd = TRY(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	close(receiver);
	MUST(sendto(fd, bytes, length, 0, (struct sockaddr *)&server, server_length) == (ssize_t)length);
}

static void unix_abstract_datagram(char **at)
{
	int fd;

	at_abstract();
	fd = bound(SOCK_DGRAM);
	wait_for(start(send_there, fd, at[0]));
	sink_with_read(fd, at[1]);
}

/* Connected to one socket, sends to another. */
static void send_elsewhere(int receiver, char *source)
{
	size_t length = take(source, bytes, ROOM);
	int fd = TRY(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	struct sockaddr_un to = server;
	socklen_t to_length = server_length;

	close(receiver);
	at_path("connected");
	TRY(connect(fd, (struct sockaddr *)&server, server_length));
	MUST(sendto(fd, bytes, length, 0, (struct sockaddr *)&to, to_length) == (ssize_t)length);
}

static void send_plain(int receiver, char *none)
{
	int fd = TRY(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	(void)none;
	close(receiver);
	MUST(sendto(fd, "plain", 5, 0, (struct sockaddr *)&server, server_length) == 5);
}

/* What comes to the socket that the sender is connected to, and not sending to, is written to `aside`. */
static void unix_elsewhere(char **at)
{
	int connected, fd;
	pid_t child;

	at_path("connected");
	connected = bound(SOCK_DGRAM);
	child = start(sink_with_read, connected, "aside");
	at_path("socket");
	fd = bound(SOCK_DGRAM);
	wait_for(start(send_elsewhere, fd, at[0]));
	at_path("connected");
	wait_for(start(send_plain, fd, NULL));
	wait_for(child);
	sink_with_read(fd, at[1]);
}

/* Many pairs of sockets, one of which may come to lie where a closed socket lay, pass on what has nothing to do with that. */
static void pass_in_pairs(char *sink)
{
	int ends[2], i;

	for (i = 0; i < 400; i++) {
		TRY(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends));
		MUST(TRY(write(ends[0], "plain", 5)) == 5);
		MUST(TRY(read(ends[1], bytes, ROOM)) == 5);
	}
	give(sink, bytes, 5);
}

static void unix_closed(char **at)
{
	int fd;
	pid_t child;

	at_path("socket");
	fd = bound(SOCK_DGRAM);
	child = start(sink_with_read, fd, at[1]);
	wait_for(start(send_there, fd, at[0]));
	wait_for(child);
	close(fd);
	pass_in_pairs("aside");
}

/* One socket sends to two: to the receiver the source, to another nothing of it. The receiver takes them by recvmmsg(2). */
static void send_twice(int receiver, char *source)
{
	size_t length = take(source, bytes, ROOM);
	struct iovec parts[2] = { { "first", 5 }, { bytes, length } };
	struct mmsghdr messages[2] = {
		{ .msg_hdr = { .msg_name = &server, .msg_namelen = server_length, .msg_iov = parts, .msg_iovlen = 1 } },
		{ .msg_hdr = { .msg_name = &server, .msg_namelen = server_length, .msg_iov = parts + 1, .msg_iovlen = 1 } },
	};
	int fd = TRY(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	close(receiver);
	MUST(TRY(sendmmsg(fd, messages, 2, 0)) == 2);
}

static void unix_messages(char **at)
{
	char first[16];
	struct iovec parts[2] = { { first, sizeof(first) }, { bytes, ROOM } };
	struct mmsghdr messages[2] = {
		{ .msg_hdr = { .msg_iov = parts, .msg_iovlen = 1 } }, { .msg_hdr = { .msg_iov = parts + 1, .msg_iovlen = 1 } },
	};
	int fd;

	at_path("socket");
	fd = bound(SOCK_DGRAM);
	wait_for(start(send_twice, fd, at[0]));
	MUST(TRY(recvmmsg(fd, messages, 2, 0, NULL)) == 2);
	give(at[1], bytes, messages[1].msg_len);
}

static void connect_and_send(int listener, char *source)
{
	size_t length;
	int fd;

	close(listener);
	fd = TRY(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
	TRY(connect(fd, (struct sockaddr *)&server, server_length));
	length = take(source, bytes, ROOM);
	MUST(send(fd, bytes, length, 0) == (ssize_t)length);
}

static void unix_sequenced(char **at)
{
	int listener;

	at_path("socket");
	listener = bound(SOCK_SEQPACKET);
	TRY(listen(listener, 4));
	wait_for(start(connect_and_send, listener, at[0]));
	sink_with_read(TRY(accept(listener, NULL, NULL)), at[1]);
}

static void send_written(int fd, char *source)
{
	size_t length = take(source, bytes, ROOM);

	MUST(write(fd, bytes, length) == (ssize_t)length);
}

static void unix_sequenced_pair(char **at)
{
	int ends[2];

	TRY(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends));
	wait_for(start(send_written, ends[1], at[0]));
	sink_with_read(ends[0], at[1]);
}

/* ---- netlink, from process to process ---- */

#define GROUP 7

static struct sockaddr_nl receiver_name;

static void netlink_send_to(int receiver, char *source)
{
	size_t length = take(source, bytes, ROOM);
	int fd = TRY(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK));
	struct sockaddr_nl own = { .nl_family = AF_NETLINK, .nl_pid = getpid() };

	close(receiver);
	TRY(bind(fd, (struct sockaddr *)&own, sizeof(own)));
	/* A group gets it, and then the kernel, which does not listen here. */
	if (sendto(fd, bytes, length, 0, (struct sockaddr *)&receiver_name, sizeof(receiver_name)) != (ssize_t)length)
		MUST(receiver_name.nl_groups && errno == ECONNREFUSED);
}

static void by_netlink(char **at, struct sockaddr_nl bound_to, struct sockaddr_nl to)
{
	int fd = TRY(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK));

	TRY(bind(fd, (struct sockaddr *)&bound_to, sizeof(bound_to)));
	receiver_name = to;
	wait_for(start(netlink_send_to, fd, at[0]));
	sink_with_read(fd, at[1]);
}

static void netlink_unicast(char **at)
{
	struct sockaddr_nl name = { .nl_family = AF_NETLINK, .nl_pid = getpid() };

	by_netlink(at, name, name);
}

static void netlink_multicast(char **at)
{
	struct sockaddr_nl own = { .nl_family = AF_NETLINK, .nl_pid = getpid(), .nl_groups = 1 << (GROUP - 1) };
	struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_groups = 1 << (GROUP - 1) };

	own_network();
	by_netlink(at, own, to);
}

/* ---- frames ---- */

#define TEST_FRAMES 0x88b5	/* IEEE 802: local experiments */

static struct sockaddr_ll device(int protocol)
{
	return (struct sockaddr_ll){ .sll_family = AF_PACKET, .sll_protocol = htons(protocol),
				     .sll_ifindex = if_nametoindex("lo"), .sll_halen = 6 };
}

static int packet_socket(int protocol)
{
	struct sockaddr_ll at = device(protocol);
	int fd = TRY_HERE(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(protocol)), "packet sockets");

	TRY(bind(fd, (struct sockaddr *)&at, sizeof(at)));
	return fd;
}

static void frame_send(int receiver, char *source)
{
	struct sockaddr_ll to = device(TEST_FRAMES);
	size_t length = take(source, bytes, ROOM);
	int fd = TRY(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	close(receiver);
	MUST(sendto(fd, bytes, length, 0, (struct sockaddr *)&to, sizeof(to)) == (ssize_t)length);
}

static void frames(char **at)
{
	int fd;

	own_network();
	fd = packet_socket(TEST_FRAMES);
	wait_for(start(frame_send, fd, at[0]));
	sink_with_read(fd, at[1]);
}

static int udp_port;

static int udp_socket(void)
{
	union address at = inet_address("127.0.0.1", 0);
	int fd = TRY(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	TRY(bind(fd, &at.any, sizeof(at.inet)));
	udp_port = port_of(fd);
	return fd;
}

/* A frame that holds a UDP datagram, made by hand, for a UDP socket. */
static void forged_send(int receiver, char *source)
{
	static char frame[ROOM];
	struct sockaddr_ll to = device(ETH_P_IP);
	struct iphdr *ip = (void *)frame;
	struct udphdr *udp = (void *)(ip + 1);
	size_t length = take(source, (char *)(udp + 1), ROOM / 2), sum = 0;
	int fd = TRY(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	close(receiver);
	*udp = (struct udphdr){ .source = htons(9), .dest = htons(udp_port), .len = htons(sizeof(*udp) + length) };
	*ip = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP, .saddr = htonl(0x7f000001),
			      .daddr = htonl(0x7f000001), .tot_len = htons(sizeof(*ip) + sizeof(*udp) + length) };
	for (size_t i = 0; i < sizeof(*ip) / 2; i++)
		sum += ((uint16_t *)ip)[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	ip->check = ~sum;
	length += sizeof(*ip) + sizeof(*udp);
	MUST(sendto(fd, frame, length, 0, (struct sockaddr *)&to, sizeof(to)) == (ssize_t)length);
}

static void forged(char **at)
{
	int fd;

	own_network();
	/* What comes in by a device from a loopback address is thrown away otherwise. */
	give("/proc/sys/net/ipv4/conf/lo/route_localnet", "1", 1);
	give("/proc/sys/net/ipv4/conf/lo/accept_local", "1", 1);
	fd = udp_socket();
	wait_for(start(forged_send, fd, at[0]));
	sink_with_read(fd, at[1]);
}

static void udp_send(int receiver, char *source)
{
	union address to = inet_address("127.0.0.1", udp_port);
	size_t length = take(source, bytes, ROOM);
	int fd = TRY(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	close(receiver);
	MUST(sendto(fd, bytes, length, 0, &to.any, sizeof(to.inet)) == (ssize_t)length);
}

/* What a UDP socket sends, taken off the device. */
static void tapped(char **at)
{
	int fd, tap;

	own_network();
	fd = udp_socket();
	tap = packet_socket(ETH_P_IP);
	wait_for(start(udp_send, fd, at[0]));
	sink_with_read(tap, at[1]);
}

/* ---- the kernel's ciphers, virtual machines ---- */

static void send_block(int to, char *source)
{
	take(source, bytes, ROOM);
	MUST(write(to, bytes, 16) == 16);
}

/* Bytes are enciphered by the kernel, and what comes of it is read by another process out of the same socket. */
static void cipher(char **at)
{
	struct sockaddr_alg name = { .salg_family = AF_ALG, .salg_type = "skcipher", .salg_name = "ecb(aes)" };
	int made = TRY_HERE(socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), "AF_ALG"), fd;

	if (bind(made, (struct sockaddr *)&name, sizeof(name)))
		not_here("cipher ecb(aes)");
	TRY(setsockopt(made, SOL_ALG, ALG_SET_KEY, "0123456789abcdef", 16));
	fd = TRY(accept(made, NULL, NULL));
	wait_for(start(send_block, fd, at[0]));
	MUST(TRY(read(fd, bytes, 16)) == 16);
	give(at[1], bytes, 16);
}

static unsigned int machine_port;

static void send_to_machine(int listener, char *source)
{
	struct sockaddr_vm to = { .svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_LOCAL, .svm_port = machine_port };
	size_t length;
	int fd;

	close(listener);
	fd = TRY(socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0));
	TRY(connect(fd, (struct sockaddr *)&to, sizeof(to)));
	length = take(source, bytes, ROOM);
	MUST(send(fd, bytes, length, 0) == (ssize_t)length);
}

static void vsock(char **at)
{
	struct sockaddr_vm own = { .svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_LOCAL, .svm_port = VMADDR_PORT_ANY };
	socklen_t room = sizeof(own);
	int listener;

	(void)!system("modprobe vsock_loopback 2>/dev/null");
	listener = TRY_HERE(socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0), "AF_VSOCK");
	if (bind(listener, (struct sockaddr *)&own, sizeof(own)))
		not_here("vsock loopback");
	TRY(getsockname(listener, (struct sockaddr *)&own, &room));
	machine_port = own.svm_port;
	TRY(listen(listener, 4));
	wait_for(start(send_to_machine, listener, at[0]));
	sink_with_read(TRY(accept(listener, NULL, NULL)), at[1]);
}

static const struct mode modes[] = {
	{ "unix-datagram-abstract", unix_abstract_datagram }, { "unix-messages", unix_messages },
	{ "unix-elsewhere", unix_elsewhere }, { "unix-closed", unix_closed },
	{ "unix-sequenced", unix_sequenced }, { "unix-sequenced-pair", unix_sequenced_pair },
	{ "netlink", netlink_unicast }, { "netlink-group", netlink_multicast },
	{ "frames", frames }, { "forged", forged }, { "tapped", tapped }, { "cipher", cipher }, { "vsock", vsock },
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: families MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
