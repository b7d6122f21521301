/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp MODE SOURCE SINK: one process sends SOURCE by UDP, another receives it and writes SINK, and
 * nothing but the packets joins them.
 */
#include "internet.h"
#include <netinet/udp.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

/* ---- UDP to many, or to a socket that has no name yet ---- */

static void by_udp(char **at, const char *bound_to, const char *host)
{
	int fd = udp_at(bound_to);

	to_host = host;
	wait_for(start(udp_send, fd, at[0]));
	sink_with_read(fd, at[1]);
}

static void udp4_wildcard(char **at)
{
	by_udp(at, "0.0.0.0", "127.0.0.1");
}

static void udp6_wildcard(char **at)
{
	by_udp(at, "::", "::1");
}

static void udp46_wildcard(char **at)
{
	by_udp(at, "::", "127.0.0.1");
}

static void udp4_broadcast(char **at)
{
	by_udp(at, "0.0.0.0", "127.255.255.255");
}

static void udp4_multicast(char **at)
{
	struct ip_mreqn group = { .imr_multiaddr.s_addr = inet_addr("239.1.2.3"), .imr_ifindex = if_nametoindex("lo") };
	int fd = udp_at("239.1.2.3");

	TRY(setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group)));
	to_host = "239.1.2.3";
	wait_for(start(udp_send, fd, at[0]));
	sink_with_read(fd, at[1]);
}

static void udp6_multicast(char **at)
{
	struct ipv6_mreq group = { .ipv6mr_interface = if_nametoindex("lo") };
	int fd;

	own_network();
	run("ip -6 route add ff01::/16 dev lo table local");
	fd = udp_at("::");
	inet_pton(AF_INET6, "ff01::1234", &group.ipv6mr_multiaddr);
	TRY(setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group, sizeof(group)));
	to_host = "ff01::1234";
	wait_for(start(udp_send, fd, at[0]));
	sink_with_read(fd, at[1]);
}

/* A server answers, with the source, whoever asks. */
static void udp_answer(int server, char *source)
{
	union address from;
	socklen_t room = sizeof(from);
	char asked;
	size_t length;

	MUST(TRY(recvfrom(server, &asked, 1, 0, &from.any, &room)) == 1);
	length = take(source, bytes, ROOM);
	MUST(sendto(server, bytes, length, 0, &from.any, room) == (ssize_t)length);
}

/* The client never bound nor connected its socket, and does not ask who answers. */
static void udp_answered(char **at, const char *host)
{
	int server = udp_at(host), fd;
	union address to = inet_address(host, receiving_port);
	pid_t child = start(udp_answer, server, at[0]);

	close(server);
	fd = TRY(socket(to.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	MUST(sendto(fd, "?", 1, 0, &to.any, length_of(&to)) == 1);
	sink_with_read(fd, at[1]);
	wait_for(child);
}

static void udp4_answer(char **at)
{
	udp_answered(at, "127.0.0.1");
}

static void udp6_answer(char **at)
{
	udp_answered(at, "::1");
}

static void corked_send(int receiver, char *source)
{
	union address to = inet_address("127.0.0.1", receiving_port);
	size_t length = take(source, bytes, ROOM);
	int fd = TRY(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	close(receiver);
	MUST(sendto(fd, bytes, length, MSG_MORE, &to.any, length_of(&to)) == (ssize_t)length);
	MUST(sendto(fd, ".", 1, 0, &to.any, length_of(&to)) == 1);
}

static void udp4_more(char **at)
{
	int fd = udp_at("127.0.0.1");

	wait_for(start(corked_send, fd, at[0]));
	sink_with_read(fd, at[1]);
}

static void segmented_send(int receiver, char *source)
{
	union address to = inet_address("127.0.0.1", receiving_port);
	size_t length = take(source, bytes, ROOM);
	int fd = TRY(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)), segment = 4;

	close(receiver);
	TRY_HERE(setsockopt(fd, SOL_UDP, UDP_SEGMENT, &segment, sizeof(segment)), "UDP segmentation");
	MUST(sendto(fd, bytes, length, 0, &to.any, length_of(&to)) == (ssize_t)length);
}

static void udp4_segments(char **at)
{
	int fd = udp_at("127.0.0.1");

	wait_for(start(segmented_send, fd, at[0]));
	sink_with_read(fd, at[1]);
}

/* ---- UDP: addresses that other sockets had ---- */

static int udp_again(const char *host, int port)
{
	union address at = inet_address(host, port);
	int fd = TRY(socket(at.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	TRY(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)));
	TRY(bind(fd, &at.any, length_of(&at)));
	return fd;
}

/* A socket had the very address that is sent to, and is closed; the receiver has its port on all addresses. */
static void udp4_closed(char **at)
{
	int fd;

	close(udp_at("127.0.0.1"));
	fd = udp_again("0.0.0.0", receiving_port);
	to_host = "127.0.0.1";
	wait_for(start(udp_send, fd, at[0]));
	sink_with_read(fd, at[1]);
}

static int sending_port;

static void udp_send_from_port(int receiver, char *source)
{
	union address to = inet_address("127.0.0.1", receiving_port);
	size_t length = take(source, bytes, ROOM);
	int fd = udp_again("127.0.0.1", sending_port);

	close(receiver);
	MUST(sendto(fd, bytes, length, 0, &to.any, length_of(&to)) == (ssize_t)length);
}

/* The server had a socket of its own for this client, and has closed it; the client goes on to the one for all. */
static void udp4_closed_connected(char **at)
{
	int aside = udp_again("127.0.0.1", 0), fd = udp_again("127.0.0.1", 0), own;
	union address client;

	sending_port = port_of(aside);
	client = inet_address("127.0.0.1", sending_port);
	receiving_port = port_of(fd);
	own = udp_again("127.0.0.1", receiving_port);
	TRY(connect(own, &client.any, length_of(&client)));
	close(own);
	close(aside);
	wait_for(start(udp_send_from_port, fd, at[0]));
	sink_with_read(fd, at[1]);
}

static const struct mode modes[] = {
	{ "udp4-wildcard", udp4_wildcard }, { "udp6-wildcard", udp6_wildcard },
	{ "udp46-wildcard", udp46_wildcard }, { "udp4-broadcast", udp4_broadcast },
	{ "udp4-multicast", udp4_multicast }, { "udp6-multicast", udp6_multicast },
	{ "udp4-answer", udp4_answer }, { "udp6-answer", udp6_answer }, { "udp4-more", udp4_more },
	{ "udp4-segments", udp4_segments }, { "udp4-closed", udp4_closed },
	{ "udp4-closed-connected", udp4_closed_connected },
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: udp MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
