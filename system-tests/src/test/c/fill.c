/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fill MODE COUNT SOURCE SINK: makes COUNT of something that Headwater keeps in a table of bounded size, then copies SOURCE to
 * SINK by one read and one write.
 *
 *   fill mappings	shared mappings of one process
 *   fill processes	processes, each with more shared mappings than are kept with it
 *   fill forgotten	objects, while another process has one mapped that was met before them
 *   fill endpoints	addresses that sockets were bound to
 *   fill connections	TCP connections
 *   fill unaccepted	UNIX connections with something sent before they are accepted
 *   fill datagrams	UNIX sockets that send datagrams without being connected
 *   fill names		requests of an io_uring that name files and are not done yet
 */
#include "uring.h"
#include <arpa/inet.h>
#include <linux/memfd.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#define FURTHER 10		/* shared mappings, more than are kept with the process itself */
#define ADDRESSES 256

static int memory_file(void)
{
	return TRY(syscall(SYS_memfd_create, "fill", MFD_CLOEXEC));
}

/* Now and then, so that what is recorded is read meanwhile: it is not the rings that are to be filled. */
static void rest(int made)
{
	if (made % 1000 == 0)
		usleep(15000);
}

static void map_one(void)
{
	int file = memory_file();

	TRY(ftruncate(file, ROOM));
	MUST(mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) != MAP_FAILED);
	close(file);
}

static void mappings(int count)
{
	while (count--)
		map_one();
}

/* The children sleep until the last is there: who ends gives its place back. */
static void processes(int count)
{
	int go[2];
	char none;

	mappings(FURTHER);
	TRY(pipe(go));
	for (int i = 0; i < count; i++) {
		if (!TRY(fork())) {
			close(go[1]);
			_exit(read(go[0], &none, 1));
		}
	}
	close(go[0]);
	close(go[1]);
	while (count--)
		wait_for(-1);
}

static void forgotten(int count)
{
	int go[2];
	char some = 1;
	pid_t child;

	TRY(pipe(go));
	child = TRY(fork());
	if (!child) {
		MUST(read(go[0], &some, 1) == 1);
		while (count--) {
			int file = memory_file();

			MUST(write(file, "x", 1) == 1);
			close(file);
			rest(count);
		}
		_exit(0);
	}
	map_one();
	MUST(write(go[1], &some, 1) == 1);
	wait_for(child);
}

static struct sockaddr_in loopback(int number, int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + number), .sin_port = htons(port),
	};
}

static void endpoints(int count)
{
	for (int i = 0; i < count; i++) {
		struct sockaddr_in at = loopback(i % ADDRESSES, 1024 + i / ADDRESSES);
		int one = TRY(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

		TRY(bind(one, (struct sockaddr *)&at, sizeof(at)));
		close(one);
		rest(i);
	}
}

/* Closed by a reset, so that none of the kernel's waiting keeps the port. */
static void connections(int count)
{
	int servers[ADDRESSES];
	struct sockaddr_in addresses[ADDRESSES];
	struct linger reset = { .l_onoff = 1 };
	socklen_t length = sizeof(*addresses);
	char some = 1;

	for (int i = 0; i < ADDRESSES; i++) {
		addresses[i] = loopback(i, 0);
		servers[i] = TRY(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
		TRY(bind(servers[i], (struct sockaddr *)&addresses[i], length));
		TRY(getsockname(servers[i], (struct sockaddr *)&addresses[i], &length));
		TRY(listen(servers[i], 1));
	}
	for (int i = 0; i < count; i++) {
		int at = i % ADDRESSES, taken, one = TRY(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));

		TRY(setsockopt(one, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)));
		TRY(connect(one, (struct sockaddr *)&addresses[at], length));
		taken = TRY(accept(servers[at], NULL, NULL));
		MUST(write(one, &some, 1) == 1 && read(taken, &some, 1) == 1);
		close(one);
		close(taken);
	}
}

static struct sockaddr_un unix_address(const char *name)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	/* No file: a name of the abstract namespace. */
	snprintf(at.sun_path + 1, sizeof(at.sun_path) - 1, "headwater-fill-%d-%s", getpid(), name);
	return at;
}

/* A place in the kernel's memory is not given to another socket as long as this one is open. */
static void allow_open_files(void)
{
	struct rlimit limit;

	TRY(getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = limit.rlim_max;
	TRY(setrlimit(RLIMIT_NOFILE, &limit));
}

static void unaccepted(int count)
{
	struct sockaddr_un at = unix_address("server");
	int server = TRY(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));

	allow_open_files();
	TRY(bind(server, (struct sockaddr *)&at, sizeof(at)));
	TRY(listen(server, 1));
	while (count--) {
		int one = TRY(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));

		TRY(connect(one, (struct sockaddr *)&at, sizeof(at)));
		MUST(write(one, "x", 1) == 1);
		TRY(accept(server, NULL, NULL));
	}
}

static void datagrams(int count)
{
	struct sockaddr_un at = unix_address("receiver");
	int receiver = TRY(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	char some;

	allow_open_files();
	TRY(bind(receiver, (struct sockaddr *)&at, sizeof(at)));
	while (count--) {
		int one = TRY(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));

		MUST(sendto(one, "x", 1, 0, (struct sockaddr *)&at, sizeof(at)) == 1);
		MUST(read(receiver, &some, 1) == 1);
	}
}

/* Each waits for the one before it, and the first for a byte in a pipe. */
static void names(int count)
{
	struct ring ring;
	int go[2];
	char some = 1;

	TRY(pipe(go));
	ring_begin_of(&ring, 0, count + 1);
	ring_add(&ring, request(IORING_OP_READ, go[0], &some, 1, IOSQE_IO_HARDLINK));
	for (int i = 0; i < count; i++) {
		struct io_uring_sqe rename = request(IORING_OP_RENAMEAT, AT_FDCWD, i & 1 ? "two" : "one", AT_FDCWD, IOSQE_IO_HARDLINK);

		rename.addr2 = (uintptr_t)(i & 1 ? "one" : "two");
		ring_add(&ring, rename);
	}
	give("one", "one", 3);
	ring_enter(&ring, 0);
	MUST(write(go[1], &some, 1) == 1);
	for (int i = 0; i <= count; i++)
		TRY(ring_result(&ring));
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*fill)(int count);
	} modes[] = {
		{ "mappings", mappings }, { "processes", processes }, { "forgotten", forgotten },
		{ "endpoints", endpoints }, { "connections", connections }, { "unaccepted", unaccepted }, { "datagrams", datagrams },
		{ "names", names },
	};
	static char bytes[ROOM];

	for (size_t i = 0; argc == 5 && i < sizeof(modes) / sizeof(*modes); i++) {
		if (!strcmp(modes[i].name, argv[1])) {
			modes[i].fill(atoi(argv[2]));
			give(argv[4], bytes, take(argv[3], bytes, ROOM));
			return 0;
		}
	}
	fprintf(stderr, "usage: fill MODE COUNT SOURCE SINK; modes: see the tester\n");
	return 2;
}
