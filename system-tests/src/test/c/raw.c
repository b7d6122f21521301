/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw MODE SOURCE SINK: one process sends SOURCE in packets that it makes itself, another takes them and writes SINK, in a
 * network namespace of their own.
 */
#include "internet.h"
#include <netinet/ip_icmp.h>

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

static const struct mode modes[] = {
	{ "raw4", raw4 }, { "raw6", raw6 }, { "raw-taps-udp", raw_taps_udp }, { "ping4", ping4 },
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: raw MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
