/* SPDX-License-Identifier: Apache-2.0 */
/*
 * remote serve PORT_FILE: outside the recorded tree. Serves one client on TCP and one datagram on UDP of 127.0.0.1, and writes
 *     "TCP_PORT UDP_PORT" to PORT_FILE when it listens. A client's bytes are taken and answered with "answer".
 * remote tcp SOURCE PORT, remote udp SOURCE PORT: sends SOURCE to that port.
 * remote fetch SINK PORT: asks the TCP server and writes its answer to SINK.
 */
#include "tester.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#define ROOM 65536
static char bytes[ROOM];

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port),
	};
}

static int bound(int kind, int *port)
{
	struct sockaddr_in at = loopback(0);
	socklen_t length = sizeof(at);
	int fd = TRY(socket(AF_INET, kind | SOCK_CLOEXEC, 0));

	TRY(bind(fd, (struct sockaddr *)&at, length));
	TRY(getsockname(fd, (struct sockaddr *)&at, &length));
	*port = ntohs(at.sin_port);
	return fd;
}

static int connected(int kind, const char *port)
{
	struct sockaddr_in at = loopback(atoi(port));
	int fd = TRY(socket(AF_INET, kind | SOCK_CLOEXEC, 0));

	TRY(connect(fd, (struct sockaddr *)&at, sizeof(at)));
	return fd;
}

static void serve(char **arguments)
{
	int tcp_port, udp_port;
	int tcp = bound(SOCK_STREAM, &tcp_port), udp = bound(SOCK_DGRAM, &udp_port);
	char ports[32];
	pid_t child;

	TRY(listen(tcp, 8));
	child = TRY(fork());
	if (!child) {
		TRY(prctl(PR_SET_PDEATHSIG, SIGKILL));
		for (;;)
			TRY(recv(udp, bytes, ROOM, 0));
	}
	give(arguments[0], ports, snprintf(ports, sizeof(ports), "%d %d\n", tcp_port, udp_port));
	for (;;) {
		int fd = TRY(accept(tcp, NULL, NULL));

		TRY(recv(fd, bytes, ROOM, 0));
		TRY(send(fd, "answer\n", 7, MSG_NOSIGNAL));
		close(fd);
	}
}

static void send_on(int fd, const char *source)
{
	size_t length = take(source, bytes, ROOM);

	MUST(send(fd, bytes, length, 0) == (ssize_t)length);
}

static void tcp(char **arguments)
{
	send_on(connected(SOCK_STREAM, arguments[1]), arguments[0]);
}

static void udp(char **arguments)
{
	send_on(connected(SOCK_DGRAM, arguments[1]), arguments[0]);
}

static void fetch(char **arguments)
{
	int fd = connected(SOCK_STREAM, arguments[1]);
	ssize_t length;

	MUST(send(fd, "?", 1, 0) == 1);
	length = TRY(recv(fd, bytes, ROOM, 0));
	MUST(length > 0);
	give(arguments[0], bytes, length);
}

static const struct mode modes[] = { { "serve", serve }, { "tcp", tcp }, { "udp", udp }, { "fetch", fetch } };

int main(int argc, char **argv)
{
	(void)argc;
	return RUN_MODE(modes, argv);
}
