/* SPDX-License-Identifier: Apache-2.0 */
/* Stages of `compose`: pipes, terminals, sockets, descriptors that are passed. */
#ifndef HEADWATER_COMPOSE_SOCKETS_H
#define HEADWATER_COMPOSE_SOCKETS_H

#include "compose.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pty.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <termios.h>

/* ---- pipes ---- */

static void make_pipe(struct channel *c)
{
	TRY(pipe(c->ends));
}

static void put_end(struct channel *c)
{
	write_all(c->ends[1]);
}

static void get_end(struct channel *c)
{
	read_all(c->ends[0]);
}

static void put_pages(struct channel *c)
{
	struct iovec part = { bytes, length };

	MUST(TRY(vmsplice(c->ends[1], &part, 1, 0)) == (long)length);
}

static void get_pages(struct channel *c)
{
	struct iovec part = { bytes, ROOM };

	length = TRY(vmsplice(c->ends[0], &part, 1, 0));
	MUST(length > 0);
}

static void make_fifo(struct channel *c)
{
	TRY(mkfifo(c->name, 0600));
}

/* A FIFO that is open both ways waits for nobody. */
static void open_fifo(struct channel *c)
{
	c->ends[0] = c->ends[1] = TRY(open(c->name, O_RDWR | O_CLOEXEC));
}

/* What goes over to the other end as it is. */
static void make_terminal(struct channel *c)
{
	struct termios settings;

	TRY_HERE(openpty(&c->ends[0], &c->ends[1], NULL, NULL, NULL), "pseudo-terminals");
	TRY(tcgetattr(c->ends[1], &settings));
	cfmakeraw(&settings);
	TRY(tcsetattr(c->ends[1], TCSANOW, &settings));
}

static void put_into_master(struct channel *c)
{
	write_all(c->ends[0]);
}

static void get_from_slave(struct channel *c)
{
	read_all(c->ends[1]);
}

/* ---- sockets without names ---- */

static void make_pair(struct channel *c, int type)
{
	TRY(socketpair(AF_UNIX, type, 0, c->ends));
}

static void make_stream_pair(struct channel *c) { make_pair(c, SOCK_STREAM); }
static void make_datagram_pair(struct channel *c) { make_pair(c, SOCK_DGRAM); }
static void make_sequenced_pair(struct channel *c) { make_pair(c, SOCK_SEQPACKET); }

/* ---- sockets with names: `number` is the type; ends[0] listens or is bound, ends[1] is the connected one ---- */

union address {
	struct sockaddr any;
	struct sockaddr_un local;
	struct sockaddr_in inet;
	struct sockaddr_in6 inet6;
};

static socklen_t local_address(struct channel *c, union address *address)
{
	bool abstract = *c->name == '@';

	memset(address, 0, sizeof(*address));
	address->local.sun_family = AF_UNIX;
	strncpy(address->local.sun_path + abstract, c->name + abstract, sizeof(address->local.sun_path) - 2);
	return offsetof(struct sockaddr_un, sun_path) + strlen(c->name) + !abstract;
}

static socklen_t address_of(struct channel *c, union address *address)
{
	socklen_t size = sizeof(*address);

	TRY(getsockname(c->ends[0], &address->any, &size));
	return size;
}

static void listen_at(struct channel *c, union address *address, socklen_t size, int type)
{
	c->number = type;
	c->ends[0] = TRY(socket(address->any.sa_family, type | SOCK_CLOEXEC, 0));
	TRY(bind(c->ends[0], &address->any, size));
	if (type != SOCK_DGRAM)
		TRY(listen(c->ends[0], 4));
}

static void listen_local(struct channel *c, int type)
{
	union address address;
	socklen_t size = local_address(c, &address);

	listen_at(c, &address, size, type);
}

static void make_abstract_name(struct channel *c)
{
	snprintf(c->name, NAME, "@headwater-compose-%d-%p", getpid(), (void *)c);
}

static void make_unix_stream(struct channel *c) { listen_local(c, SOCK_STREAM); }
static void make_unix_datagram(struct channel *c) { listen_local(c, SOCK_DGRAM); }
static void make_unix_sequenced(struct channel *c) { listen_local(c, SOCK_SEQPACKET); }

static void make_abstract_stream(struct channel *c)
{
	make_abstract_name(c);
	listen_local(c, SOCK_STREAM);
}

static void make_abstract_datagram(struct channel *c)
{
	make_abstract_name(c);
	listen_local(c, SOCK_DGRAM);
}

static void listen_ipv4(struct channel *c, int type)
{
	union address address = { .inet = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) } };

	listen_at(c, &address, sizeof(address.inet), type);
}

static void listen_ipv6(struct channel *c, int type)
{
	union address address = { .inet6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT } };

	listen_at(c, &address, sizeof(address.inet6), type);
}

static void make_tcp4(struct channel *c) { listen_ipv4(c, SOCK_STREAM); }
static void make_tcp6(struct channel *c) { listen_ipv6(c, SOCK_STREAM); }
static void make_udp4(struct channel *c) { listen_ipv4(c, SOCK_DGRAM); }
static void make_udp6(struct channel *c) { listen_ipv6(c, SOCK_DGRAM); }

static int client_of(struct channel *c)
{
	union address address;

	address_of(c, &address);
	return TRY(socket(address.any.sa_family, c->number | SOCK_CLOEXEC, 0));
}

static void connect_client(struct channel *c)
{
	union address address;
	socklen_t size = address_of(c, &address);

	c->ends[1] = client_of(c);
	TRY(connect(c->ends[1], &address.any, size));
}

static void put_connected(struct channel *c)
{
	connect_client(c);
	write_all(c->ends[1]);
}

static void get_accepted(struct channel *c)
{
	int fd = TRY(accept4(c->ends[0], NULL, NULL, SOCK_CLOEXEC));

	length = TRY(recv(fd, bytes, ROOM, 0));
	MUST(length > 0);
}

/* The getter has connected before; the bytes go from the server to the client. */
static void put_accepted(struct channel *c)
{
	write_all(TRY(accept4(c->ends[0], NULL, NULL, SOCK_CLOEXEC)));
}

static void get_connected(struct channel *c)
{
	read_all(c->ends[1]);
}

static void put_to(struct channel *c)
{
	union address address;
	socklen_t size = address_of(c, &address);

	MUST(TRY(sendto(client_of(c), bytes, length, 0, &address.any, size)) == (long)length);
}

static void get_message(struct channel *c)
{
	union address from;
	struct iovec part = { bytes, ROOM };
	struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &part, .msg_iovlen = 1 };

	length = TRY(recvmsg(c->ends[0], &message, 0));
	MUST(length > 0);
}

static void put_by_ring_send(struct channel *c)
{
	struct ring ring;

	connect_client(c);
	ring_begin(&ring, 0);
	MUST(TRY(ring_do(&ring, request(IORING_OP_SEND, c->ends[1], bytes, length, 0))) == (long)length);
}

static void get_by_ring_receive(struct channel *c)
{
	struct ring ring;
	int fd;

	ring_begin(&ring, 0);
	fd = TRY(ring_do(&ring, (struct io_uring_sqe){ .opcode = IORING_OP_ACCEPT, .fd = c->ends[0] }));
	length = TRY(ring_do(&ring, request(IORING_OP_RECV, fd, bytes, ROOM, 0)));
	MUST(length > 0);
}

/* Out of a socket without passing through memory: into a pipe, and read there. */
static void get_spliced(struct channel *c)
{
	int fd = TRY(accept4(c->ends[0], NULL, NULL, SOCK_CLOEXEC)), ends[2];

	TRY(pipe(ends));
	MUST(TRY(splice(fd, NULL, ends[1], NULL, ROOM, 0)) > 0);
	read_all(ends[0]);
}

/* ---- descriptors that are passed ---- */

static void pass(int by, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, token = 0;
	struct iovec part = { &token, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	TRY(sendmsg(by, &message, 0));
}

static int passed(int by)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, token;
	struct iovec part = { &token, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };

	TRY(recvmsg(by, &message, 0));
	MUST(CMSG_FIRSTHDR(&message) && CMSG_FIRSTHDR(&message)->cmsg_type == SCM_RIGHTS);
	return *(int *)CMSG_DATA(CMSG_FIRSTHDR(&message));
}

static void pass_file(struct channel *c)
{
	give(c->name, bytes, length);
	pass(c->ends[1], open_source(c->name));
}

static void get_passed(struct channel *c)
{
	read_all(passed(c->ends[0]));
}

static void pass_memfd(struct channel *c)
{
	int fd = TRY_HERE(memfd_create("compose", 0), "memfd_create");

	write_all(fd);
	pass(c->ends[1], fd);
}

static void get_passed_mapped(struct channel *c)
{
	char *at = mmap(NULL, ROOM, PROT_READ, MAP_SHARED, passed(c->ends[0]), 0);

	MUST(at != MAP_FAILED);
	load(at);
}

static void pass_pipe(struct channel *c)
{
	int ends[2];

	TRY(pipe(ends));
	write_all(ends[1]);
	pass(c->ends[1], ends[0]);
}

/* A listening socket and what was sent to it before it is accepted. */
static void pass_listener(struct channel *c)
{
	struct channel inner = { .stage = c->stage };

	make_abstract_stream(&inner);
	put_connected(&inner);
	pass(c->ends[1], inner.ends[0]);
}

static void get_from_listener(struct channel *c)
{
	struct channel inner = { .ends = { passed(c->ends[0]) } };

	get_accepted(&inner);
}

#define SOCKET_STAGES \
	{ "pipe", .make = make_pipe, .put = put_end, .get = get_end, .may_wait = true }, \
	{ "vmsplice", .make = make_pipe, .put = put_pages, .get = get_end, .may_wait = true }, \
	{ "vmsplice-out", .make = make_pipe, .put = put_end, .get = get_pages, .may_wait = true }, \
	{ "fifo", .make = make_fifo, .ready_put = open_fifo, .ready_get = open_fifo, .put = put_end, .get = get_end, \
	  .may_wait = true }, \
	{ "terminal", .make = make_terminal, .put = put_end, .get = get_end, .may_wait = true }, \
	{ "terminal-back", .make = make_terminal, .put = put_into_master, .get = get_from_slave, .may_wait = true }, \
	{ "socketpair", .make = make_stream_pair, .put = put_end, .get = get_end, .may_wait = true }, \
	{ "socketpair-datagram", .make = make_datagram_pair, .put = put_end, .get = get_end, .may_wait = true }, \
	{ "socketpair-sequenced", .make = make_sequenced_pair, .put = put_end, .get = get_end, .may_wait = true }, \
	{ "unix-stream", .make = make_unix_stream, .put = put_connected, .get = get_accepted, .may_wait = true }, \
	{ "unix-stream-back", .make = make_unix_stream, .ready_get = connect_client, .put = put_accepted, .get = get_connected, \
	  .may_wait = true }, \
	{ "unix-abstract", .make = make_abstract_stream, .put = put_connected, .get = get_accepted, .may_wait = true }, \
	{ "unix-datagram", .make = make_unix_datagram, .put = put_to, .get = get_message, .may_wait = true }, \
	{ "unix-datagram-abstract", .make = make_abstract_datagram, .put = put_to, .get = get_end, .may_wait = true }, \
	{ "unix-sequenced", .make = make_unix_sequenced, .put = put_connected, .get = get_accepted, .may_wait = true }, \
	{ "tcp4", .make = make_tcp4, .put = put_connected, .get = get_accepted, .may_wait = true }, \
	{ "tcp4-back", .make = make_tcp4, .ready_get = connect_client, .put = put_accepted, .get = get_connected, .may_wait = true }, \
	{ "tcp6", .make = make_tcp6, .put = put_connected, .get = get_accepted, .may_wait = true }, \
	{ "udp4", .make = make_udp4, .put = put_to, .get = get_message, .may_wait = true }, \
	{ "udp4-connected", .make = make_udp4, .ready_put = connect_client, .put = put_end, .get = get_end, .may_wait = true }, \
	{ "udp6", .make = make_udp6, .put = put_to, .get = get_end, .may_wait = true }, \
	{ "socket-splice", .make = make_tcp4, .put = put_connected, .get = get_spliced, .may_wait = true }, \
	{ "uring-tcp", .make = make_tcp4, .put = put_by_ring_send, .get = get_by_ring_receive, .may_wait = true }, \
	{ "uring-unix", .make = make_unix_stream, .put = put_by_ring_send, .get = get_by_ring_receive, .may_wait = true }, \
	{ "scm-rights", .make = make_stream_pair, .put = pass_file, .get = get_passed, .may_wait = true }, \
	{ "scm-rights-memfd", .make = make_stream_pair, .put = pass_memfd, .get = get_passed_mapped, .may_wait = true }, \
	{ "scm-rights-pipe", .make = make_stream_pair, .put = pass_pipe, .get = get_passed, .may_wait = true }, \
	{ "scm-rights-listener", .make = make_stream_pair, .put = pass_listener, .get = get_from_listener, .may_wait = true }

#endif
