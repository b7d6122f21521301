/* SPDX-License-Identifier: Apache-2.0 */
/* What the testers of the internet's protocols share: where the receiver is, and the plain ways to send to it. */
#ifndef HEADWATER_INTERNET_H
#define HEADWATER_INTERNET_H

#include "tester.h"
#include "family.h"
#include <netinet/tcp.h>

/* Set by who receives, before it starts the child that sends. */
static const char *to_host;
static int receiving_port;

static inline int udp_at(const char *host)
{
	union address at = inet_address(host, 0);
	int fd = TRY(socket(at.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	TRY(bind(fd, &at.any, length_of(&at)));
	receiving_port = port_of(fd);
	return fd;
}

static inline void udp_send(int receiver, char *source)
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

static inline void run(const char *command)
{
	MUST(system(command) == 0);
}

static inline int listening(const char *host)
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

static inline int tcp_connected(void)
{
	union address to = inet_address(to_host, receiving_port);
	int fd = TRY(socket(to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	TRY(connect(fd, &to.any, length_of(&to)));
	return fd;
}

#endif
