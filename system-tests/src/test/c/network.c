/* SPDX-License-Identifier: Apache-2.0 */
/*
 * network MODE SOURCE SINK: one process sends SOURCE over the internet's protocols, another receives it and writes SINK, and
 * nothing but the packets joins them. Modes that need a network of their own make one (a network namespace, for themselves).
 */
#include "tester.h"
#include "family.h"
#include <linux/errqueue.h>
#include <net/if.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/mman.h>
#include <sys/sendfile.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

/* ---- UDP to many, or to a socket that has no name yet ---- */

static void run(const char *command)
{
	MUST(system(command) == 0);
}

static const char *to_host;
static int receiving_port;

static int udp_at(const char *host)
{
	union address at = inet_address(host, 0);
	int fd = TRY(socket(at.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	TRY(bind(fd, &at.any, length_of(&at)));
	receiving_port = port_of(fd);
	return fd;
}

static void udp_send(int receiver, char *source)
{
	union address to = inet_address(to_host, receiving_port);
	size_t length = take(source, bytes, ROOM);
	int fd = TRY(socket(to.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0)), on = 1;

	close(receiver);
	TRY(setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)));
	if (to.any.sa_family == AF_INET6)
		TRY(setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &(int){ if_nametoindex("lo") }, sizeof(int)));
	else
		TRY(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &(struct in_addr){ htonl(INADDR_LOOPBACK) }, sizeof(struct in_addr)));
	MUST(sendto(fd, bytes, length, 0, &to.any, length_of(&to)) == (ssize_t)length);
}

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

/* ---- TCP: ways to put bytes in, and to take them out ---- */

static int listening(const char *host)
{
	union address at = inet_address(host, 0);
	int fd = TRY(socket(at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	TRY(bind(fd, &at.any, length_of(&at)));
	TRY(setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN, &(int){ 5 }, sizeof(int)));
	TRY(listen(fd, 4));
	to_host = host;
	receiving_port = port_of(fd);
	return fd;
}

static int tcp_connected(void)
{
	union address to = inet_address(to_host, receiving_port);
	int fd = TRY(socket(to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	TRY(connect(fd, &to.any, length_of(&to)));
	return fd;
}

static void fast_open(int listener, char *source)
{
	union address to = inet_address(to_host, receiving_port);
	size_t length = take(source, bytes, ROOM);
	int fd = TRY(socket(to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	close(listener);
	MUST(TRY_HERE(sendto(fd, bytes, length, MSG_FASTOPEN, &to.any, length_of(&to)), "TCP fast open") == (ssize_t)length);
}

static void zero_copy(int listener, char *source)
{
	size_t length = take(source, bytes, ROOM);
	struct msghdr done = {};
	int fd;

	close(listener);
	fd = tcp_connected();
	TRY_HERE(setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &(int){ 1 }, sizeof(int)), "SO_ZEROCOPY");
	MUST(send(fd, bytes, length, MSG_ZEROCOPY) == (ssize_t)length);
	/* The notice that the kernel is done with the memory. */
	while (recvmsg(fd, &done, MSG_ERRQUEUE) < 0) {
		MUST(errno == EAGAIN);
		usleep(1000);
	}
}

static void urgent(int listener, char *source)
{
	char first;
	int fd, in = open_source(source);

	close(listener);
	MUST(TRY(read(in, &first, 1)) == 1);
	fd = tcp_connected();
	MUST(send(fd, &first, 1, MSG_OOB) == 1);
	/* Stays open until the urgent byte was taken. */
	(void)!read(fd, &first, 1);
}

static void spliced_in(int listener, char *source)
{
	int ends[2], in = open_source(source), fd;
	ssize_t length;

	close(listener);
	TRY(pipe(ends));
	fd = tcp_connected();
	length = TRY(splice(in, NULL, ends[1], NULL, ROOM, 0));
	MUST(splice(ends[0], NULL, fd, NULL, length, 0) == length);
}

static void sent_file(int listener, char *source)
{
	int in = open_source(source), fd;

	close(listener);
	fd = tcp_connected();
	MUST(TRY(sendfile(fd, in, NULL, ROOM)) > 0);
}

/* An address that the kernel does not look at, as the socket is connected: of a network for documentation. */
static void tcp_send_to(int listener, char *source)
{
	union address elsewhere = inet_address("203.0.113.9", 9);
	size_t length;
	char go;
	int fd;

	close(listener);
	fd = tcp_connected();
	MUST(TRY(read(fd, &go, 1)) == 1);
	length = take(source, bytes, ROOM);
	MUST(sendto(fd, bytes, length, 0, &elsewhere.any, length_of(&elsewhere)) == (ssize_t)length);
}

/* Asks for it, with room for an address in which one stands that the kernel leaves as it is. */
static void asked_for(int fd, char *sink)
{
	union address stale = inet_address("203.0.113.9", 9);
	socklen_t room = sizeof(stale);
	ssize_t length;

	MUST(write(fd, "?", 1) == 1);
	length = TRY(recvfrom(fd, bytes, ROOM, 0, &stale.any, &room));
	give(sink, bytes, length);
}

static void by_tcp(char **at, const char *host, void (*sender)(int, char *), void (*receiver)(int, char *))
{
	int listener = listening(host);
	pid_t child = start(sender, listener, at[0]);
	int fd = TRY(accept4(listener, NULL, NULL, SOCK_CLOEXEC));

	receiver(fd, at[1]);
	close(fd);
	wait_for(child);
}

static void spliced_out(int fd, char *sink)
{
	int ends[2], out = open_sink(sink);
	ssize_t length;

	TRY(pipe(ends));
	length = TRY(splice(fd, NULL, ends[1], NULL, ROOM, 0));
	MUST(splice(ends[0], NULL, out, NULL, length, 0) == length);
}

static void urgent_out(int fd, char *sink)
{
	char byte;

	while (recv(fd, &byte, 1, MSG_OOB) != 1) {
		MUST(errno == EINVAL || errno == EAGAIN);
		usleep(1000);
	}
	give(sink, &byte, 1);
}

static void tcp4_fast_open(char **at)
{
	by_tcp(at, "127.0.0.1", fast_open, sink_with_read);
}

static void tcp6_fast_open(char **at)
{
	by_tcp(at, "::1", fast_open, sink_with_read);
}

static void tcp4_zero_copy(char **at)
{
	by_tcp(at, "127.0.0.1", zero_copy, sink_with_read);
}

static void tcp4_send_to(char **at)
{
	by_tcp(at, "127.0.0.1", tcp_send_to, asked_for);
}

static void tcp4_urgent(char **at)
{
	by_tcp(at, "127.0.0.1", urgent, urgent_out);
}

static void tcp4_splice(char **at)
{
	by_tcp(at, "127.0.0.1", spliced_in, spliced_out);
}

static void tcp6_sendfile(char **at)
{
	by_tcp(at, "::1", sent_file, sink_with_read);
}

/* ---- packets that processes make themselves ---- */

#define EXPERIMENT 253	/* RFC 3692: a protocol number for tests */

static void raw_send(int receiver, char *source)
{
	union address to = inet_address(to_host, 0);
	size_t length = take(source, bytes, ROOM);
	int fd = TRY(socket(to.any.sa_family, SOCK_RAW | SOCK_CLOEXEC, EXPERIMENT));

	close(receiver);
	MUST(sendto(fd, bytes, length, 0, &to.any, length_of(&to)) == (ssize_t)length);
}

static void by_raw(char **at, const char *host)
{
	int fd = TRY(socket(strchr(host, ':') ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC, EXPERIMENT));

	to_host = host;
	wait_for(start(raw_send, fd, at[0]));
	sink_with_read(fd, at[1]);
}

static void raw4(char **at)
{
	own_network();
	by_raw(at, "127.0.0.1");
}

static void raw6(char **at)
{
	own_network();
	by_raw(at, "::1");
}

/* A raw socket of UDP's protocol takes what a UDP socket sends. */
static void raw_taps_udp(char **at)
{
	int raw, fd;

	own_network();
	fd = udp_at("127.0.0.1");
	raw = TRY(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP));
	to_host = "127.0.0.1";
	wait_for(start(udp_send, fd, at[0]));
	sink_with_read(raw, at[1]);
}

/* A ping's bytes come back to the socket that sent them, which two processes have. */
static void echo_send(int fd, char *source)
{
	union address to = inet_address("127.0.0.1", 0);
	size_t length = take(source, bytes + sizeof(struct icmphdr), ROOM - sizeof(struct icmphdr));

	*(struct icmphdr *)bytes = (struct icmphdr){ .type = ICMP_ECHO };
	length += sizeof(struct icmphdr);
	MUST(sendto(fd, bytes, length, 0, &to.any, length_of(&to)) == (ssize_t)length);
}

static void ping4(char **at)
{
	int fd;

	own_network();
	give("/proc/sys/net/ipv4/ping_group_range", "0 0", 3);
	fd = TRY(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP));
	wait_for(start(echo_send, fd, at[0]));
	sink_with_read(fd, at[1]);
}

/* ---- two network namespaces and a wire ---- */

/*
 * The child goes to a network of its own, joined to its parent's by a veth pair: 10.77.0.1 and fd77::1 here, .2 and ::2
 * there. `ready`: a pipe by which the parent says that all is set up.
 */
static pid_t start_beyond(void (*sender)(int, char *), char *source)
{
	int go[2], gone[2];
	char byte, command[512];
	pid_t child;

	TRY(pipe2(go, O_CLOEXEC));
	TRY(pipe2(gone, O_CLOEXEC));
	child = TRY(fork());
	if (!child) {
		own_network();
		TRY(write(gone[1], "", 1));
		MUST(TRY(read(go[0], &byte, 1)) == 1);
		sender(-1, source);
		_exit(0);
	}
	MUST(TRY(read(gone[0], &byte, 1)) == 1);
	snprintf(command, sizeof(command),
		 "ip link add v1 type veth peer name v2 netns %1$d && ip addr add 10.77.0.1/24 dev v1 && ip link set v1 up && "
		 "ip addr add fd77::1/64 dev v1 nodad && nsenter --net=/proc/%1$d/ns/net sh -c "
		 "'ip addr add 10.77.0.2/24 dev v2 && ip addr add fd77::2/64 dev v2 nodad && ip link set v2 up'", child);
	run(command);
	TRY(write(go[1], "", 1));
	return child;
}

static void connect_and_send(int none, char *source)
{
	size_t length;
	int fd = tcp_connected();

	(void)none;
	length = take(source, bytes, ROOM);
	MUST(send(fd, bytes, length, 0) == (ssize_t)length);
}

static void tcp_beyond(char **at, const char *host, const char *wildcard)
{
	int listener, fd;
	pid_t child;

	own_network();
	listener = listening(wildcard);
	to_host = host;
	child = start_beyond(connect_and_send, at[0]);
	fd = TRY(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	sink_with_read(fd, at[1]);
	wait_for(child);
}

static void netns_tcp4(char **at)
{
	tcp_beyond(at, "10.77.0.1", "0.0.0.0");
}

static void netns_tcp6(char **at)
{
	tcp_beyond(at, "fd77::1", "::");
}

static void netns_udp(char **at, const char *host, const char *wildcard)
{
	int fd;
	pid_t child;

	own_network();
	fd = udp_at(wildcard);
	to_host = host;
	child = start_beyond(udp_send, at[0]);
	sink_with_read(fd, at[1]);
	wait_for(child);
}

static void netns_udp4(char **at)
{
	netns_udp(at, "10.77.0.1", "0.0.0.0");
}

static void netns_udp6(char **at)
{
	netns_udp(at, "fd77::1", "::");
}

/* ---- from machine to machine: each end is a tester of its own, started at about the same time ---- */

#define WIRE_PORT 7077
#define WIRE_TRIES 600

/* SOURCE HOST: as soon as somebody listens there. */
static void wire_send(char **at)
{
	union address to = inet_address(at[1], WIRE_PORT);
	size_t length;
	int fd, tries = 0;

	for (;;) {
		fd = TRY(socket(to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
		if (connect(fd, &to.any, length_of(&to)) == 0)
			break;
		MUST(++tries < WIRE_TRIES);
		close(fd);
		usleep(100000);
	}
	length = take(at[0], bytes, ROOM);
	MUST(send(fd, bytes, length, 0) == (ssize_t)length);
	/* Until the other end has it all. */
	TRY(shutdown(fd, SHUT_WR));
	MUST(TRY(read(fd, bytes, 1)) == 0);
}

/* HOST SINK */
static void wire_receive(char **at)
{
	union address own = inet_address(at[0], WIRE_PORT);
	int fd = TRY(socket(own.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0)), accepted;

	TRY(bind(fd, &own.any, length_of(&own)));
	TRY(listen(fd, 1));
	accepted = TRY(accept4(fd, NULL, NULL, SOCK_CLOEXEC));
	sink_with_read(accepted, at[1]);
}

/* SOURCE HOST: a datagram, again and again until one is answered. */
static void wire_send_datagram(char **at)
{
	union address to = inet_address(at[1], WIRE_PORT);
	struct timeval wait = { .tv_usec = 200000 };
	size_t length = take(at[0], bytes, ROOM);
	int fd = TRY(socket(to.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0)), tries = 0;
	char answer;

	TRY(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)));
	do {
		MUST(++tries < WIRE_TRIES);
		/* While the other machine is not up there is nobody to send to. */
		(void)!sendto(fd, bytes, length, 0, &to.any, length_of(&to));
	} while (recv(fd, &answer, 1, 0) != 1);
}

/* HOST SINK */
static void wire_receive_datagram(char **at)
{
	union address own = inet_address(at[0], WIRE_PORT), from;
	int fd = TRY(socket(own.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	socklen_t room = sizeof(from);
	ssize_t length;

	TRY(bind(fd, &own.any, length_of(&own)));
	length = TRY(recvfrom(fd, bytes, ROOM, 0, &from.any, &room));
	give(at[1], bytes, length);
	MUST(sendto(fd, "!", 1, 0, &from.any, room) == 1);
}

static const struct mode modes[] = {
	{ "udp4-wildcard", udp4_wildcard }, { "udp6-wildcard", udp6_wildcard }, { "udp46-wildcard", udp46_wildcard },
	{ "udp4-broadcast", udp4_broadcast }, { "udp4-multicast", udp4_multicast }, { "udp6-multicast", udp6_multicast },
	{ "udp4-answer", udp4_answer }, { "udp6-answer", udp6_answer }, { "udp4-more", udp4_more },
	{ "udp4-segments", udp4_segments },
	{ "udp4-closed", udp4_closed }, { "udp4-closed-connected", udp4_closed_connected },
	{ "tcp4-fast-open", tcp4_fast_open }, { "tcp6-fast-open", tcp6_fast_open }, { "tcp4-zero-copy", tcp4_zero_copy },
	{ "tcp4-send-to", tcp4_send_to }, { "tcp4-urgent", tcp4_urgent }, { "tcp4-splice", tcp4_splice }, { "tcp6-sendfile", tcp6_sendfile },
	{ "raw4", raw4 }, { "raw6", raw6 }, { "raw-taps-udp", raw_taps_udp }, { "ping4", ping4 },
	{ "netns-tcp4", netns_tcp4 }, { "netns-tcp6", netns_tcp6 }, { "netns-udp4", netns_udp4 }, { "netns-udp6", netns_udp6 },
	{ "wire-send", wire_send }, { "wire-receive", wire_receive }, { "wire-send-datagram", wire_send_datagram },
	{ "wire-receive-datagram", wire_receive_datagram },
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: network MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
