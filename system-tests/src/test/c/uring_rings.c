/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uring_rings MODE SOURCE SINK [OTHER]: SOURCE goes to SINK through the io_urings of two processes, or through sockets that they
 * use by io_uring.
 */
#include "uring.h"
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

static char bytes[ROOM];
static struct ring ring;

/* ---- a ring that posts into another ---- */

/* The child's data come as what the parent's ring completes: eight bytes, in the name of a request. */
static void message(char **at)
{
	struct ring own;
	struct completion completion;
	pid_t child;

	ring_begin(&ring, 0);
	child = TRY(fork());
	if (!child) {
		struct io_uring_sqe post = request(IORING_OP_MSG_RING, ring.fd, NULL, 0, 0);

		ring_begin(&own, 0);
		take(at[0], bytes, ROOM);
		memcpy(&post.off, bytes, sizeof(post.off));
		TRY(ring_do(&own, post));
		_exit(0);
	}
	completion = ring_next(&ring);
	give(at[1], (char *)&completion.user_data, sizeof(completion.user_data));
	wait_for(child);
}

/* The child opens the source into its ring's table, and posts the file into the parent's. */
static void passed(char **at)
{
	int none[] = { -1 }, length;
	struct completion completion;
	struct ring own;
	pid_t child;

	ring_begin(&ring, 0);
	ring_register(&ring, IORING_REGISTER_FILES, none, 1);
	child = TRY(fork());
	if (!child) {
		struct io_uring_sqe post = request(IORING_OP_MSG_RING, ring.fd, (void *)IORING_MSG_SEND_FD, 0, 0);
		int in = open_source(at[0]);

		ring_begin(&own, 0);
		ring_register(&own, IORING_REGISTER_FILES, &in, 1);
		post.addr3 = 0;
		post.file_index = 1;
		TRY(ring_do(&own, post));
		_exit(0);
	}
	completion = ring_next(&ring);
	MUST(completion.res == 0);
	wait_for(child);
	length = TRY(ring_do(&ring, request(IORING_OP_READ, 0, bytes, ROOM, IOSQE_FIXED_FILE)));
	give(at[1], bytes, length);
}

/*
 * The parent registers its memory with the ring, and takes the source into it after the child was born. The child's request
 * writes from that memory, which is the parent's.
 */
static void lent(char **at)
{
	static char page[ROOM] __attribute__((aligned(ROOM)));
	struct iovec memory = { page, ROOM };
	int length;
	pid_t child;

	ring_begin(&ring, 0);
	ring_register(&ring, IORING_REGISTER_BUFFERS, &memory, 1);
	child = TRY(fork());
	if (!child) {
		int out = open_sink(at[1]);

		wait_until_asleep(getppid());
		MUST(TRY(ring_do(&ring, request(IORING_OP_WRITE_FIXED, out, page, 16, 0))) == 16);
		_exit(0);
	}
	length = take(at[0], page, ROOM);
	MUST(length >= 16);
	wait_for(child);
}

/* ---- sockets ---- */

/* A TCP or UDP socket of this machine, bound; its address in `name`. */
static int bound_socket(int type, struct sockaddr_in *name)
{
	int socket_fd = TRY(socket(AF_INET, type, 0));
	socklen_t length = sizeof(*name);

	*name = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	TRY(bind(socket_fd, (struct sockaddr *)name, length));
	TRY(getsockname(socket_fd, (struct sockaddr *)name, &length));
	return socket_fd;
}

/* The sender of every mode: a child that connects by its ring, and sends the source by `operation`. */
static pid_t child_sends(const char *source, const struct sockaddr_in *name, int type, int operation)
{
	pid_t child = TRY(fork());
	struct ring own;
	int out, length;

	if (child)
		return child;
	ring_begin(&own, 0);
	out = TRY(socket(AF_INET, type, 0));
	if (type == SOCK_STREAM) {
		struct io_uring_sqe connect = request(IORING_OP_CONNECT, out, name, 0, 0);

		connect.off = sizeof(*name);
		TRY(ring_do(&own, connect));
	}
	length = take(source, bytes, ROOM);
	if (operation == IORING_OP_SENDMSG) {
		struct iovec part = { bytes, length };
		struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

		if (type == SOCK_DGRAM) {
			message.msg_name = (void *)name;
			message.msg_namelen = sizeof(*name);
		}
		MUST(TRY(ring_do(&own, request(IORING_OP_SENDMSG, out, &message, 1, 0))) == length);
	} else {
		MUST(ring_do_here(&own, request(operation, out, bytes, length, 0), "IORING_OP_SEND_ZC") == length);
		/* Zero copy: the bytes may be sent from this very memory until the second completion. */
		if (operation == IORING_OP_SEND_ZC)
			TRY(ring_result(&own));
	}
	_exit(0);
}

static int accepted(int listening)
{
	return TRY(ring_do(&ring, request(IORING_OP_ACCEPT, listening, NULL, 0, 0)));
}

static void stream(char **at, int operation)
{
	struct sockaddr_in name;
	int listening = bound_socket(SOCK_STREAM, &name), in, length;
	pid_t child;

	TRY(listen(listening, 1));
	child = child_sends(at[0], &name, SOCK_STREAM, operation);
	ring_begin(&ring, 0);
	in = accepted(listening);
	length = TRY(ring_do(&ring, request(IORING_OP_RECV, in, bytes, ROOM, 0)));
	wait_for(child);
	MUST(length > 0);
	give(at[1], bytes, length);
}

static void sent(char **at)
{
	stream(at, IORING_OP_SEND);
}

static void sent_without_copy(char **at)
{
	stream(at, IORING_OP_SEND_ZC);
}

/* Datagrams, to an address that each message names. */
static void messages(char **at)
{
	struct sockaddr_in name, from;
	struct iovec part = { bytes, ROOM };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_name = &from, .msg_namelen = sizeof(from) };
	int in = bound_socket(SOCK_DGRAM, &name), length;
	pid_t child = child_sends(at[0], &name, SOCK_DGRAM, IORING_OP_SENDMSG);

	ring_begin(&ring, 0);
	length = TRY(ring_do(&ring, request(IORING_OP_RECVMSG, in, &message, 1, 0)));
	wait_for(child);
	give(at[1], bytes, length);
}

/* One request accepts, and one receives, each with a completion for each time. */
static void repeated(char **at)
{
	struct io_uring_sqe accept = request(IORING_OP_ACCEPT, 0, NULL, 0, 0);
	struct io_uring_sqe receive = request(IORING_OP_RECV, 0, NULL, 0, IOSQE_BUFFER_SELECT);
	struct completion completion;
	struct sockaddr_in name;
	int listening = bound_socket(SOCK_STREAM, &name);
	pid_t child;

	TRY(listen(listening, 1));
	child = child_sends(at[0], &name, SOCK_STREAM, IORING_OP_SEND);
	ring_begin(&ring, 0);
	ring_provide(&ring, bytes, ROOM);
	accept.fd = listening;
	accept.ioprio = IORING_ACCEPT_MULTISHOT;
	accept.user_data = 1;
	ring_add(&ring, accept);
	ring_enter(&ring, 1);
	completion = ring_next(&ring);
	MUST(completion.res >= 0 && completion.flags & IORING_CQE_F_MORE);
	receive.fd = completion.res;
	receive.ioprio = IORING_RECV_MULTISHOT;
	receive.buf_group = 1;
	receive.user_data = 2;
	ring_add(&ring, receive);
	ring_enter(&ring, 1);
	completion = ring_next(&ring);
	MUST(completion.user_data == 2 && completion.res > 0);
	wait_for(child);
	give(at[1], bytes, completion.res);
}

/* Sockets without a descriptor: accepted into the ring's own table, and used from there by the poller of its queue. */
static void direct(char **at)
{
	struct io_uring_sqe accept = request(IORING_OP_ACCEPT, 0, NULL, 0, 0);
	struct sockaddr_in name;
	int listening = bound_socket(SOCK_STREAM, &name), none[] = { -1 }, length;
	pid_t child;

	TRY(listen(listening, 1));
	child = child_sends(at[0], &name, SOCK_STREAM, IORING_OP_SENDMSG);
	ring_begin(&ring, IORING_SETUP_SQPOLL);
	ring_register(&ring, IORING_REGISTER_FILES, none, 1);
	accept.fd = listening;
	accept.file_index = 1;
	TRY(ring_do(&ring, accept));
	length = TRY(ring_do(&ring, request(IORING_OP_RECV, 0, bytes, ROOM, IOSQE_FIXED_FILE)));
	wait_for(child);
	MUST(length > 0);
	give(at[1], bytes, length);
}

static const struct mode modes[] = {
	{ "message", message }, { "passed", passed }, { "lent", lent }, { "sent", sent }, { "sent-without-copy", sent_without_copy },
	{ "messages", messages }, { "received-repeatedly", repeated }, { "direct-sockets", direct },
};

int main(int argc, char **argv)
{
	if (argc < 4) {
		fprintf(stderr, "usage: uring_rings MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
