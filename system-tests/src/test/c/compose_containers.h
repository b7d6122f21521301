/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stages of `compose` whose carrier is in namespaces of its own (mount, uts, ipc, net) and sees one folder as its root. Within it
 * a child reads what the putter left, and its parent writes what the getter finds; what joins these two has the same name, number or
 * address in every such container.
 */
#ifndef HEADWATER_COMPOSE_CONTAINERS_H
#define HEADWATER_COMPOSE_CONTAINERS_H

#include "compose_files.h"
#include "compose_memory.h"
#include "compose_sockets.h"
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>

#define PORT 7777

static void make_root(struct channel *c)
{
	make_folder(c);
	TRY(mkdir(beside(c, "/root"), 0700));
	TRY(mkdir(beside(c, "/shared"), 0700));
}

static void put_shared(struct channel *c)
{
	give(beside(c, "/shared/in"), bytes, length);
}

static void get_shared(struct channel *c)
{
	length = take(beside(c, "/shared/out"), bytes, ROOM);
}

static void begin_loopback(void)
{
	struct ifreq loopback = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = TRY(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	TRY(ioctl(fd, SIOCSIFFLAGS, &loopback));
	close(fd);
}

static void enter(struct channel *c)
{
	mounts_apart();
	TRY_HERE(unshare(CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET), "namespaces");
	TRY(mount(beside(c, "/shared"), beside(c, "/root"), NULL, MS_BIND, NULL));
	TRY(chroot(beside(c, "/root")));
	TRY(chdir("/"));
	begin_loopback();
}

static void carry_within(struct channel *inner)
{
	const struct stage *stage = inner->stage;
	pid_t child;

	if (stage->make)
		stage->make(inner);
	child = TRY(fork());
	if (!child) {
		length = take("/in", bytes, ROOM);
		stage->put(inner);
		_exit(0);
	}
	wait_for(child);
	stage->get(inner);
	give("/out", bytes, length);
	if (stage->unmake)
		stage->unmake(inner);
}

static void make_tcp_of_port(struct channel *c)
{
	union address address = { .inet = { .sin_family = AF_INET, .sin_port = htons(PORT),
					    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) } };

	listen_at(c, &address, sizeof(address.inet), SOCK_STREAM);
}

static void make_udp_of_port(struct channel *c)
{
	union address address = { .inet6 = { .sin6_family = AF_INET6, .sin6_port = htons(PORT),
					     .sin6_addr = IN6ADDR_LOOPBACK_INIT } };

	listen_at(c, &address, sizeof(address.inet6), SOCK_DGRAM);
}

static void make_abstract_of_name(struct channel *c)
{
	strcpy(c->name, "@compose");
	listen_local(c, SOCK_STREAM);
}

static void make_datagram_of_name(struct channel *c)
{
	strcpy(c->name, "@compose");
	listen_local(c, SOCK_DGRAM);
}

static void make_segment_of_key(struct channel *c)
{
	c->number = TRY_HERE(shmget(0x48570001, ROOM, IPC_CREAT | IPC_EXCL | 0600), "System V shared memory");
}

static void put_host_name(struct channel *c)
{
	(void)c;
	TRY(sethostname(bytes, length < 60 ? length : 60));
}

static void get_host_name(struct channel *c)
{
	struct utsname names;

	(void)c;
	TRY(uname(&names));
	load(names.nodename);
}

static int tell_host_name(void *channel)
{
	get_host_name(channel);
	put_end(channel);
	_exit(0);
}

/* A new uts namespace has the name of the one before. */
static void get_host_name_unshared(struct channel *c)
{
	TRY(unshare(CLONE_NEWUTS));
	get_host_name(c);
}

static void get_host_name_cloned(struct channel *c)
{
	static char stack[STACK] __attribute__((aligned(16)));

	make_pipe(c);
	wait_for(TRY(clone(tell_host_name, stack + STACK, CLONE_NEWUTS | SIGCHLD, c)));
	get_end(c);
}

static void within(const struct stage *stage)
{
	struct channel inner = { .stage = stage };

	strcpy(inner.name, "/inner");
	carry_within(&inner);
}

#define WITHIN(function, ...)							\
static void function(struct channel *c)						\
{										\
	static const struct stage stage = { "inner", __VA_ARGS__ };		\
										\
	(void)c;								\
	within(&stage);								\
}

WITHIN(carry_file, .put = put_file, .get = get_file)
WITHIN(carry_tcp, .make = make_tcp_of_port, .put = put_connected, .get = get_accepted)
WITHIN(carry_udp, .make = make_udp_of_port, .put = put_to, .get = get_end)
WITHIN(carry_abstract, .make = make_abstract_of_name, .put = put_connected, .get = get_accepted)
WITHIN(carry_abstract_datagram, .make = make_datagram_of_name, .put = put_to, .get = get_message)
WITHIN(carry_segment, .make = make_segment_of_key, .put = put_segment, .get = get_segment, .unmake = unmake_segment)
WITHIN(carry_queue, .make = make_queue, .put = put_queued, .get = get_queued, .unmake = unmake_queue)
WITHIN(carry_posix_queue, .make = make_posix_queue, .put = put_posix_queued, .get = get_posix_queued)
WITHIN(carry_semaphore, .make = make_semaphore, .put = put_value, .get = get_value, .unmake = unmake_semaphore)
WITHIN(carry_host_name, .put = put_host_name, .get = get_host_name)
WITHIN(carry_host_name_unshared, .put = put_host_name, .get = get_host_name_unshared)
WITHIN(carry_host_name_cloned, .put = put_host_name, .get = get_host_name_cloned)

/* From without to within: a socket with a name in the folder that both see. */
static void enter_and_listen(struct channel *c)
{
	struct channel inner = { .stage = c->stage };

	enter(c);
	strcpy(inner.name, "/socket");
	listen_local(&inner, SOCK_STREAM);
	c->ends[0] = inner.ends[0];
}

static void put_into_container(struct channel *c)
{
	struct channel inner = { .stage = c->stage };
	union address address;
	socklen_t size;
	int fd;

	strcpy(inner.name, beside(c, "/shared/socket"));
	size = local_address(&inner, &address);
	fd = TRY(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	TRY(connect(fd, &address.any, size));
	write_all(fd);
}

static void carry_accepted(struct channel *c)
{
	get_accepted(c);
	give("/out", bytes, length);
}

#define CONTAINER(stage_name, carrier) \
	{ "container-" stage_name, .make = make_root, .ready_carry = enter, .put = put_shared, .carry = carrier, .get = get_shared }

#define CONTAINER_STAGES \
	CONTAINER("file", carry_file), CONTAINER("tcp", carry_tcp), CONTAINER("udp", carry_udp), \
	CONTAINER("abstract", carry_abstract), CONTAINER("abstract-datagram", carry_abstract_datagram), \
	CONTAINER("segment", carry_segment), CONTAINER("queue", carry_queue), CONTAINER("posix-queue", carry_posix_queue), \
	CONTAINER("semaphore", carry_semaphore), CONTAINER("host-name", carry_host_name), \
	CONTAINER("host-name-unshared", carry_host_name_unshared), CONTAINER("host-name-cloned", carry_host_name_cloned), \
	{ "container-socket", .make = make_root, .ready_carry = enter_and_listen, .put = put_into_container, \
	  .carry = carry_accepted, .get = get_shared }

#endif
