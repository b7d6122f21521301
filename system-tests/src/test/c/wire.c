/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire MODE …: one end of what goes from machine to machine; each end is a tester of its own, started at about the same time.
 *
 *   wire send SOURCE HOST		as soon as somebody listens there
 *   wire receive HOST SINK
 *   wire send-datagram SOURCE HOST	again and again until one is answered
 *   wire receive-datagram HOST SINK
 */
#include "tester.h"
#include "family.h"

#define WIRE_PORT 7077
#define WIRE_TRIES 600

static void send_all(char **at)
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

static void receive(char **at)
{
	union address own = inet_address(at[0], WIRE_PORT);
	int fd = TRY(socket(own.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0)), accepted;

	TRY(bind(fd, &own.any, length_of(&own)));
	TRY(listen(fd, 1));
	accepted = TRY(accept4(fd, NULL, NULL, SOCK_CLOEXEC));
	sink_with_read(accepted, at[1]);
}

static void send_datagram(char **at)
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

static void receive_datagram(char **at)
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
	{ "send", send_all }, { "receive", receive },
	{ "send-datagram", send_datagram }, { "receive-datagram", receive_datagram },
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: wire MODE SOURCE HOST, or MODE HOST SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
