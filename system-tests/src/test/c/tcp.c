/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tcp MODE SOURCE SINK: one process sends SOURCE by TCP, another receives it and writes SINK, and nothing but the packets
 * joins them. The modes are ways to put bytes in, and to take them out.
 */
#include "internet.h"
#include <linux/errqueue.h>
#include <sys/mman.h>
#include <sys/sendfile.h>

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

static const struct mode modes[] = {
	{ "tcp4-fast-open", tcp4_fast_open }, { "tcp6-fast-open", tcp6_fast_open },
	{ "tcp4-zero-copy", tcp4_zero_copy }, { "tcp4-send-to", tcp4_send_to }, { "tcp4-urgent", tcp4_urgent },
	{ "tcp4-splice", tcp4_splice }, { "tcp6-sendfile", tcp6_sendfile },
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: tcp MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
