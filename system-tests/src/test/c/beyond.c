/* SPDX-License-Identifier: Apache-2.0 */
/*
 * beyond MODE SOURCE SINK: one process sends SOURCE from a network namespace of its own, another receives it in another one and
 * writes SINK; a veth pair joins the two.
 */
#include "internet.h"

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

static const struct mode modes[] = {
	{ "netns-tcp4", netns_tcp4 }, { "netns-tcp6", netns_tcp6 }, { "netns-udp4", netns_udp4 },
	{ "netns-udp6", netns_udp6 },
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: beyond MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
