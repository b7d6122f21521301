/* SPDX-License-Identifier: Apache-2.0 */
/* conduit MODE SOURCE SINK: one process reads SOURCE, another writes SINK, and a pipe or socket of this machine joins them. */
#include "tester.h"
#include <netinet/in.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <stddef.h>

#define ROOM 65536
static char bytes[ROOM];

/*
 * Runs `sender` and this process's part in an order that the scenario names. The sender is a child made before any source
 * was read, so nothing but the conduit joins the two.
 */
static pid_t start(void (*sender)(int, char *), int fd, char *source)
{
	pid_t child = TRY(fork());

	if (!child) {
		sender(fd, source);
		_exit(0);
	}
	return child;
}

static void send_with_write(int fd, char *source)
{
	size_t length = take(source, bytes, ROOM);

	MUST(write(fd, bytes, length) == (ssize_t)length);
}

static void sink_with_read(int fd, char *sink)
{
	ssize_t length = TRY(read(fd, bytes, ROOM));

	MUST(length > 0);
	give(sink, bytes, length);
}

static void by_pipe(char **at)
{
	int ends[2];

	TRY(pipe(ends));
	wait_for(start(send_with_write, ends[1], at[0]));
	sink_with_read(ends[0], at[1]);
}

static void send_when_parent_sleeps(int fd, char *source)
{
	wait_until_asleep(getppid());
	send_with_write(fd, source);
}

/* The reader's one read(2) begins before the writer has read the source. */
static void by_blocked_pipe(char **at)
{
	int ends[2];
	pid_t child;

	TRY(pipe(ends));
	child = start(send_when_parent_sleeps, ends[1], at[0]);
	sink_with_read(ends[0], at[1]);
	wait_for(child);
}

/* The reader sleeps in splice(2) when the writer comes. */
static void by_blocked_splice(char **at)
{
	int ends[2], out = open_sink(at[1]);
	pid_t child;

	TRY(pipe(ends));
	child = start(send_when_parent_sleeps, ends[1], at[0]);
	MUST(TRY(splice(ends[0], NULL, out, NULL, ROOM, 0)) > 0);
	wait_for(child);
}

static void by_socketpair(char **at)
{
	int ends[2];

	TRY(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	wait_for(start(send_with_write, ends[1], at[0]));
	sink_with_read(ends[0], at[1]);
}

static void by_blocked_socketpair(char **at)
{
	int ends[2];
	pid_t child;

	TRY(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	child = start(send_when_parent_sleeps, ends[1], at[0]);
	sink_with_read(ends[0], at[1]);
	wait_for(child);
}

static void by_socketpair_datagram(char **at)
{
	int ends[2];

	TRY(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends));
	wait_for(start(send_with_write, ends[1], at[0]));
	sink_with_read(ends[0], at[1]);
}

/* ---- sockets with addresses ---- */

union address {
	struct sockaddr any;
	struct sockaddr_un local;
	struct sockaddr_in inet;
	struct sockaddr_in6 inet6;
};

static union address server;
static socklen_t server_length;
static int kind;

static void at_unix(const char *path)
{
	server.local.sun_family = AF_UNIX;
	memcpy(server.local.sun_path, path, strlen(path) + 1);
	server_length = offsetof(struct sockaddr_un, sun_path) + strlen(path) + 1;
}

static void at_abstract(const char *name)
{
	server.local.sun_family = AF_UNIX;
	memcpy(server.local.sun_path + 1, name, strlen(name));
	server_length = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name);
}

static void at_ipv4(void)
{
	server.inet = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	server_length = sizeof(server.inet);
}

static void at_ipv6(void)
{
	server.inet6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	server_length = sizeof(server.inet6);
}

/* A bound socket; an internet address gets a free port, which `server` then has. */
static int bound(void)
{
	int fd = TRY(socket(server.any.sa_family, kind | SOCK_CLOEXEC, 0));

	TRY(bind(fd, &server.any, server_length));
	if (server.any.sa_family != AF_UNIX)
		TRY(getsockname(fd, &server.any, &server_length));
	return fd;
}

static int connected(void)
{
	int fd = TRY(socket(server.any.sa_family, kind | SOCK_CLOEXEC, 0));

	TRY(connect(fd, &server.any, server_length));
	return fd;
}

static void send_connected(int listener, char *source)
{
	size_t length;
	int fd;

	close(listener);
	fd = connected();
	length = take(source, bytes, ROOM);
	MUST(send(fd, bytes, length, 0) == (ssize_t)length);
}

static void send_when_connected_and_asleep(int listener, char *source)
{
	size_t length;
	int fd;

	close(listener);
	fd = connected();
	wait_until_asleep(getppid());
	usleep(20000);
	length = take(source, bytes, ROOM);
	MUST(send(fd, bytes, length, 0) == (ssize_t)length);
}

static void sink_with_recv(int fd, char *sink)
{
	ssize_t length = TRY(recv(fd, bytes, ROOM, 0));

	MUST(length > 0);
	give(sink, bytes, length);
}

/* The client connects, sends and ends before the server calls accept(2). */
static void stream_sent_before_accept(char **at)
{
	int listener;

	kind = SOCK_STREAM;
	listener = bound();
	TRY(listen(listener, 4));
	wait_for(start(send_connected, listener, at[0]));
	sink_with_recv(TRY(accept(listener, NULL, NULL)), at[1]);
}

/* The server accepts, and sleeps in recv(2) when the client sends. */
static void stream_accepted_first(char **at)
{
	int listener, fd;
	pid_t child;

	kind = SOCK_STREAM;
	listener = bound();
	TRY(listen(listener, 4));
	child = start(send_when_connected_and_asleep, listener, at[0]);
	fd = TRY(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	sink_with_recv(fd, at[1]);
	wait_for(child);
}

static void reply_with_source(int fd, char *source)
{
	char asked;
	size_t length;

	MUST(TRY(read(fd, &asked, 1)) == 1);
	length = take(source, bytes, ROOM);
	MUST(write(fd, bytes, length) == (ssize_t)length);
}

static void serve_one(int listener, char *source)
{
	reply_with_source(TRY(accept(listener, NULL, NULL)), source);
}

/* The secret goes from the server to the client. */
static void stream_from_server(char **at)
{
	int listener, fd;
	pid_t child;

	kind = SOCK_STREAM;
	listener = bound();
	TRY(listen(listener, 4));
	child = start(serve_one, listener, at[0]);
	fd = connected();
	MUST(write(fd, "?", 1) == 1);
	sink_with_read(fd, at[1]);
	wait_for(child);
}

static void unix_stream(char **at)
{
	at_unix("socket");
	stream_accepted_first(at);
}

static void unix_stream_before_accept(char **at)
{
	at_unix("socket");
	stream_sent_before_accept(at);
}

static void unix_abstract(char **at)
{
	char name[64];

	snprintf(name, sizeof(name), "headwater-test-%d", getpid());
	at_abstract(name);
	stream_accepted_first(at);
}

static void tcp4(char **at)
{
	at_ipv4();
	stream_accepted_first(at);
}

static void tcp4_before_accept(char **at)
{
	at_ipv4();
	stream_sent_before_accept(at);
}

static void tcp4_from_server(char **at)
{
	at_ipv4();
	stream_from_server(at);
}

static void tcp6(char **at)
{
	at_ipv6();
	stream_accepted_first(at);
}

static void tcp6_before_accept(char **at)
{
	at_ipv6();
	stream_sent_before_accept(at);
}

/* ---- datagrams ---- */

static void send_unconnected(int receiver, char *source)
{
	size_t length = take(source, bytes, ROOM);
	int fd = TRY(socket(server.any.sa_family, kind | SOCK_CLOEXEC, 0));

	close(receiver);
	MUST(sendto(fd, bytes, length, 0, &server.any, server_length) == (ssize_t)length);
}

static void sink_with_recvfrom(int fd, char *sink)
{
	union address from;
	socklen_t from_length = sizeof(from);
	ssize_t length = TRY(recvfrom(fd, bytes, ROOM, 0, &from.any, &from_length));

	MUST(length > 0);
	give(sink, bytes, length);
}

static void send_message(int receiver, char *source)
{
	struct iovec part = { bytes, take(source, bytes, ROOM) };
	struct msghdr message = { .msg_name = &server, .msg_namelen = server_length, .msg_iov = &part, .msg_iovlen = 1 };
	int fd = TRY(socket(server.any.sa_family, kind | SOCK_CLOEXEC, 0));

	close(receiver);
	MUST(TRY(sendmsg(fd, &message, 0)) == (long)part.iov_len);
}

static void sink_with_recvmsg(int fd, char *sink)
{
	union address from;
	struct iovec part = { bytes, ROOM };
	struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t length = TRY(recvmsg(fd, &message, 0));

	MUST(length > 0);
	give(sink, bytes, length);
}

/* The secret is in the second of two messages. */
static void send_messages(int receiver, char *source)
{
	struct iovec parts[2] = { { "first", 5 }, { bytes, take(source, bytes, ROOM) } };
	struct mmsghdr messages[2] = {
		{ .msg_hdr = { .msg_name = &server, .msg_namelen = server_length, .msg_iov = parts, .msg_iovlen = 1 } },
		{ .msg_hdr = { .msg_name = &server, .msg_namelen = server_length, .msg_iov = parts + 1, .msg_iovlen = 1 } },
	};
	int fd = TRY(socket(server.any.sa_family, kind | SOCK_CLOEXEC, 0));

	close(receiver);
	MUST(TRY(sendmmsg(fd, messages, 2, 0)) == 2);
}

/* The first message goes to the discard port of this machine, the second, with the secret, to the receiver. */
static void send_messages_apart(int receiver, char *source)
{
	union address discard = server;
	struct iovec parts[2] = { { "first", 5 }, { bytes, take(source, bytes, ROOM) } };
	struct mmsghdr messages[2] = {
		{ .msg_hdr = { .msg_name = &discard, .msg_namelen = server_length, .msg_iov = parts, .msg_iovlen = 1 } },
		{ .msg_hdr = { .msg_name = &server, .msg_namelen = server_length, .msg_iov = parts + 1, .msg_iovlen = 1 } },
	};
	int fd = TRY(socket(server.any.sa_family, kind | SOCK_CLOEXEC, 0));

	discard.inet.sin_port = htons(9);
	close(receiver);
	MUST(TRY(sendmmsg(fd, messages, 2, 0)) == 2);
}

static void sink_with_recvmmsg(int fd, char *sink)
{
	char first[16];
	union address from[2];
	struct iovec parts[2] = { { first, sizeof(first) }, { bytes, ROOM } };
	struct mmsghdr messages[2] = {
		{ .msg_hdr = { .msg_name = from, .msg_namelen = sizeof(*from), .msg_iov = parts, .msg_iovlen = 1 } },
		{ .msg_hdr = { .msg_name = from + 1, .msg_namelen = sizeof(*from), .msg_iov = parts + 1, .msg_iovlen = 1 } },
	};

	MUST(TRY(recvmmsg(fd, messages, 2, 0, NULL)) == 2);
	give(sink, bytes, messages[1].msg_len);
}

static void datagram(char **at, void (*sender)(int, char *), void (*receiver)(int, char *))
{
	int fd;

	kind = SOCK_DGRAM;
	fd = bound();
	wait_for(start(sender, fd, at[0]));
	receiver(fd, at[1]);
}

static void unix_datagram(char **at)
{
	at_unix("socket");
	datagram(at, send_connected, sink_with_recv);
}

static void unix_datagram_unconnected(char **at)
{
	at_unix("socket");
	datagram(at, send_unconnected, sink_with_recvfrom);
}

static void udp4_connected(char **at)
{
	at_ipv4();
	datagram(at, send_connected, sink_with_recv);
}

static void udp4_to_from(char **at)
{
	at_ipv4();
	datagram(at, send_unconnected, sink_with_recvfrom);
}

/* The receiver does not ask who sent: its call names no address. */
static void udp4_to_anonymous(char **at)
{
	at_ipv4();
	datagram(at, send_unconnected, sink_with_read);
}

static void udp4_message(char **at)
{
	at_ipv4();
	datagram(at, send_message, sink_with_recvmsg);
}

static void udp4_messages(char **at)
{
	at_ipv4();
	datagram(at, send_messages, sink_with_recvmmsg);
}

static void udp4_messages_apart(char **at)
{
	at_ipv4();
	datagram(at, send_messages_apart, sink_with_recvmsg);
}

static void udp6_connected(char **at)
{
	at_ipv6();
	datagram(at, send_connected, sink_with_recv);
}

static void udp6_to_from(char **at)
{
	at_ipv6();
	datagram(at, send_unconnected, sink_with_recvfrom);
}

static const struct mode modes[] = {
	{ "pipe", by_pipe }, { "pipe-blocked", by_blocked_pipe }, { "splice-blocked", by_blocked_splice },
	{ "socketpair", by_socketpair }, { "socketpair-blocked", by_blocked_socketpair },
	{ "socketpair-datagram", by_socketpair_datagram },
	{ "unix-stream", unix_stream }, { "unix-stream-before-accept", unix_stream_before_accept },
	{ "unix-abstract", unix_abstract }, { "unix-datagram", unix_datagram },
	{ "unix-datagram-unconnected", unix_datagram_unconnected },
	{ "tcp4", tcp4 }, { "tcp4-before-accept", tcp4_before_accept }, { "tcp4-from-server", tcp4_from_server },
	{ "tcp6", tcp6 }, { "tcp6-before-accept", tcp6_before_accept },
	{ "udp4-connected", udp4_connected }, { "udp4-sendto", udp4_to_from }, { "udp4-anonymous", udp4_to_anonymous },
	{ "udp4-sendmsg", udp4_message }, { "udp4-sendmmsg", udp4_messages },
	{ "udp4-sendmmsg-second", udp4_messages_apart },
	{ "udp6-connected", udp6_connected }, { "udp6-sendto", udp6_to_from },
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: conduit MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
