/* SPDX-License-Identifier: Apache-2.0 */
/* What the testers of sockets share: addresses, a sender that is a child, a network of one's own. */
#ifndef HEADWATER_FAMILY_H
#define HEADWATER_FAMILY_H

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#define ROOM 65536
static char bytes[ROOM];

union address {
	struct sockaddr any;
	struct sockaddr_un local;
	struct sockaddr_in inet;
	struct sockaddr_in6 inet6;
};

static inline socklen_t length_of(const union address *at)
{
	return at->any.sa_family == AF_INET ? sizeof(at->inet) : sizeof(at->inet6);
}

static inline union address inet_address(const char *host, int port)
{
	union address at = {};

	if (strchr(host, ':')) {
		at.inet6.sin6_family = AF_INET6;
		at.inet6.sin6_port = htons(port);
		MUST(inet_pton(AF_INET6, host, &at.inet6.sin6_addr) == 1);
	} else {
		at.inet.sin_family = AF_INET;
		at.inet.sin_port = htons(port);
		MUST(inet_pton(AF_INET, host, &at.inet.sin_addr) == 1);
	}
	return at;
}

static inline int port_of(int fd)
{
	union address at;
	socklen_t room = sizeof(at);

	TRY(getsockname(fd, &at.any, &room));
	return ntohs(at.inet.sin_port);
}

/* The sender is a child made before any source was read, so that nothing but the channel joins the two. */
static inline pid_t start(void (*sender)(int, char *), int fd, char *source)
{
	pid_t child = TRY(fork());

	if (!child) {
		sender(fd, source);
		_exit(0);
	}
	return child;
}

static inline void sink_with_read(int fd, char *sink)
{
	ssize_t length = TRY(read(fd, bytes, ROOM));

	MUST(length > 0);
	give(sink, bytes, length);
}

/* From now on this process has a network to itself, with nothing but a loopback device. */
static inline void own_network(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd;

	TRY(unshare(CLONE_NEWNET));
	fd = TRY(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	TRY(ioctl(fd, SIOCSIFFLAGS, &lo));
	close(fd);
}

#endif
