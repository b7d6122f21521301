/* SPDX-License-Identifier: Apache-2.0 */
/* flow MODE SOURCE SINK: one process moves the bytes of SOURCE to SINK by one kind of system call. */
#include "tester.h"
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#define ROOM 65536
static char bytes[ROOM];

static void with_read(char **at)
{
	size_t length = take(at[0], bytes, ROOM);

	give(at[1], bytes, length);
}

static void with_pread(char **at)
{
	int in = open_source(at[0]), out = open_sink(at[1]);
	ssize_t length = TRY(pread(in, bytes, ROOM, 0));

	MUST(length > 0 && pwrite(out, bytes, length, 0) == length);
}

/* The source is opened for writing too and the sink for reading, so that only the calls tell the direction. */
static void with_readv(char **at)
{
	int in = TRY(open(at[0], O_RDWR)), out = TRY(open(at[1], O_RDWR | O_CREAT, 0644));
	struct iovec parts[2] = { { bytes, 3 }, { bytes + 3, ROOM - 3 } };
	ssize_t length = TRY(readv(in, parts, 2));

	MUST(length > 3);
	parts[1].iov_len = length - 3;
	MUST(writev(out, parts, 2) == length);
}

static void with_preadv(char **at)
{
	int in = open_source(at[0]), out = open_sink(at[1]);
	struct iovec part = { bytes, ROOM };

	part.iov_len = TRY(preadv(in, &part, 1, 0));
	MUST(part.iov_len > 0 && pwritev(out, &part, 1, 0) == (ssize_t)part.iov_len);
}

static void with_preadv2(char **at)
{
	int in = open_source(at[0]), out = open_sink(at[1]);
	struct iovec part = { bytes, ROOM };

	part.iov_len = TRY(preadv2(in, &part, 1, 0, 0));
	MUST(part.iov_len > 0 && pwritev2(out, &part, 1, 0, 0) == (ssize_t)part.iov_len);
}

static void with_sendfile(char **at)
{
	int in = open_source(at[0]), out = open_sink(at[1]);

	MUST(TRY(sendfile(out, in, NULL, ROOM)) > 0);
}

static void with_splice(char **at)
{
	int in = open_source(at[0]), out = open_sink(at[1]), ends[2];
	ssize_t length;

	TRY(pipe(ends));
	length = TRY(splice(in, NULL, ends[1], NULL, ROOM, 0));
	MUST(length > 0 && TRY(splice(ends[0], NULL, out, NULL, length, 0)) == length);
}

/* The bytes that tee copies reach the sink; those of the first pipe are left there. */
static void with_tee(char **at)
{
	int in = open_source(at[0]), out = open_sink(at[1]), first[2], second[2];
	ssize_t length;

	TRY(pipe(first));
	TRY(pipe(second));
	length = TRY(splice(in, NULL, first[1], NULL, ROOM, 0));
	MUST(length > 0 && TRY(tee(first[0], second[1], length, 0)) == length);
	MUST(TRY(splice(second[0], NULL, out, NULL, length, 0)) == length);
}

static void with_vmsplice(char **at)
{
	struct iovec part = { bytes, 0 };
	int out = open_sink(at[1]), ends[2];

	part.iov_len = take(at[0], bytes, ROOM);
	TRY(pipe(ends));
	MUST(TRY(vmsplice(ends[1], &part, 1, 0)) == (long)part.iov_len);
	MUST(TRY(splice(ends[0], NULL, out, NULL, part.iov_len, 0)) == (long)part.iov_len);
}

/* vmsplice on the reading end takes bytes out of the pipe, into memory. */
static void with_vmsplice_out(char **at)
{
	struct iovec part = { bytes, ROOM };
	int ends[2];
	pid_t child;

	TRY(pipe(ends));
	child = TRY(fork());
	if (!child) {
		size_t length = take(at[0], bytes, ROOM);

		MUST(write(ends[1], bytes, length) == (ssize_t)length);
		_exit(0);
	}
	wait_for(child);
	part.iov_len = TRY(vmsplice(ends[0], &part, 1, 0));
	MUST(part.iov_len > 0);
	give(at[1], bytes, part.iov_len);
}

static void with_copy_file_range(char **at)
{
	int in = open_source(at[0]), out = open_sink(at[1]);

	MUST(TRY(copy_file_range(in, NULL, out, NULL, ROOM, 0)) > 0);
}

static char *mapped(const char *path, size_t length, int protection, int flags, int open_flags)
{
	int fd = TRY(open(path, open_flags, 0644));
	void *at;

	if (open_flags & O_CREAT)
		TRY(ftruncate(fd, length));
	at = mmap(NULL, length, protection, flags, fd, 0);
	MUST(at != MAP_FAILED);
	close(fd);
	return at;
}

static size_t size_of(const char *path)
{
	struct stat status;

	TRY(stat(path, &status));
	return status.st_size;
}

static void with_private_map(char **at)
{
	size_t length = size_of(at[0]);

	give(at[1], mapped(at[0], length, PROT_READ, MAP_PRIVATE, O_RDONLY), length);
}

static void with_shared_read_map(char **at)
{
	size_t length = size_of(at[0]);

	give(at[1], mapped(at[0], length, PROT_READ, MAP_SHARED, O_RDONLY), length);
}

/* The mapping is made after the source was read, and nothing is called after the store. */
static void with_shared_map(char **at)
{
	size_t length = take(at[0], bytes, ROOM);

	memcpy(mapped(at[1], length, PROT_READ | PROT_WRITE, MAP_SHARED, O_RDWR | O_CREAT), bytes, length);
}

/* The mapping is made first: what is read into the process later reaches the file by plain stores. */
static void with_shared_map_before(char **at)
{
	size_t length = size_of(at[0]);
	char *sink = mapped(at[1], length, PROT_READ | PROT_WRITE, MAP_SHARED, O_RDWR | O_CREAT);

	MUST(take(at[0], bytes, ROOM) == length);
	memcpy(sink, bytes, length);
}

/* The mapping is made before another process puts the bytes into the file; they are loaded, not read. */
static void with_shared_map_reader(char **at)
{
	size_t length = size_of(at[0]);
	char *between = mapped("between", length, PROT_READ, MAP_SHARED, O_RDWR | O_CREAT);
	pid_t child = TRY(fork());

	if (child == 0) {
		int out = TRY(open("between", O_WRONLY | O_CLOEXEC));

		MUST(take(at[0], bytes, ROOM) == length);
		MUST(write(out, bytes, length) == (ssize_t)length);
		_exit(0);
	}
	wait_for(child);
	memcpy(bytes, between, length);
	give(at[1], bytes, length);
}

static void with_fork(char **at)
{
	size_t length = take(at[0], bytes, ROOM);
	pid_t child = TRY(fork());

	if (!child) {
		give(at[1], bytes, length);
		_exit(0);
	}
	wait_for(child);
}

/* The child of a vfork runs on its parent's memory: what it reads, the parent has. */
static void with_vfork(char **at)
{
	static volatile size_t length;
	pid_t child = TRY(vfork());

	if (!child) {
		length = take(at[0], bytes, ROOM);
		_exit(0);
	}
	wait_for(child);
	MUST(length > 0);
	give(at[1], bytes, length);
}

static int begun_at;
static volatile size_t taken;

/* Has written before the source is read: what it writes then is more than what it wrote before. */
static void *writing_meanwhile(void *begun)
{
	MUST(write(begun_at, "-", 1) == 1);
	*(volatile int *)begun = 1;
	while (!taken)
		usleep(1000);
	MUST(write(begun_at, bytes, taken) == (ssize_t)taken);
	return NULL;
}

/* Only the thread that calls vfork sleeps: another sends on what the child has read, and the child is still there. */
static void with_vfork_of_threads(char **at)
{
	static volatile int begun;
	pthread_t thread;
	pid_t child;

	begun_at = open_sink(at[1]);
	MUST(!pthread_create(&thread, NULL, writing_meanwhile, (void *)&begun));
	while (!begun)
		usleep(1000);
	child = TRY(vfork());
	if (!child) {
		taken = take(at[0], bytes, ROOM);
		while (lseek(begun_at, 0, SEEK_CUR) == 1)
			usleep(1000);
		_exit(0);
	}
	wait_for(child);
	MUST(!pthread_join(thread, NULL));
}

static void *reading(void *path)
{
	return (void *)take(path, bytes, ROOM);
}

static void with_thread(char **at)
{
	pthread_t thread;
	void *length;

	MUST(!pthread_create(&thread, NULL, reading, at[0]));
	MUST(!pthread_join(thread, &length));
	give(at[1], bytes, (size_t)length);
}

static void with_dup(char **at)
{
	int in = TRY(dup(open_source(at[0]))), out = TRY(fcntl(open_sink(at[1]), F_DUPFD, 100));
	ssize_t length;

	TRY(dup2(in, 50));
	TRY(dup3(out, 51, O_CLOEXEC));
	length = TRY(read(50, bytes, ROOM));
	MUST(length > 0 && write(51, bytes, length) == length);
}

/* The descriptor is passed over a UNIX socket by nobody: it is inherited, opened before the capture began. */
static void with_inherited(char **at)
{
	ssize_t length = TRY(read(atoi(at[0]), bytes, ROOM));

	MUST(length > 0);
	give(at[1], bytes, length);
}

/* Reads the source and throws the bytes away, then writes others: a dependency by all that a kernel can see. */
static void with_ftruncate(char **at)
{
	int out = TRY(open(at[1], O_WRONLY));

	take(at[0], bytes, ROOM);
	TRY(ftruncate(out, bytes[0] & 7));
}

static void with_truncate(char **at)
{
	take(at[0], bytes, ROOM);
	TRY(truncate(at[1], bytes[0] & 7));
}

static void with_append(char **at)
{
	int out = TRY(open(at[1], O_WRONLY | O_APPEND));
	size_t length = take(at[0], bytes, ROOM);

	MUST(write(out, bytes, length) == (ssize_t)length);
}

static void with_o_trunc(char **at)
{
	size_t length = take(at[0], bytes, ROOM);
	int out = TRY(open(at[1], O_WRONLY | O_TRUNC));

	MUST(write(out, bytes, length) == (ssize_t)length);
}

/* The same by an open that cuts off what was there, and nothing else. */
static void with_emptying_open(char **at)
{
	take(at[0], bytes, ROOM);
	TRY(syscall(SYS_open, at[1], O_WRONLY | O_TRUNC));
}

static void with_emptying_openat(char **at)
{
	take(at[0], bytes, ROOM);
	TRY(syscall(SYS_openat, AT_FDCWD, at[1], O_WRONLY | O_TRUNC));
}

static void with_emptying_openat2(char **at)
{
	struct open_how how = { .flags = O_WRONLY | O_TRUNC };

	take(at[0], bytes, ROOM);
	TRY(syscall(SYS_openat2, AT_FDCWD, at[1], &how, sizeof(how)));
}

static void with_emptying_creat(char **at)
{
	take(at[0], bytes, ROOM);
	TRY(syscall(SYS_creat, at[1], 0644));
}

/* A daemon as of old: two forks and a session of its own; it writes when its parent has ended. */
static void with_daemon(char **at)
{
	size_t length = take(at[0], bytes, ROOM);
	pid_t parent = getpid();

	if (TRY(fork()))
		return;
	TRY(setsid());
	if (TRY(fork()))
		_exit(0);
	while (getppid() == parent || !kill(parent, 0))
		usleep(1000);
	give(at[1], bytes, length);
}

static void with_memfd(char **at)
{
	int between = TRY(memfd_create("between", 0)), in = open_source(at[0]), out = open_sink(at[1]);
	ssize_t length = TRY(sendfile(between, in, NULL, ROOM));
	off_t start = 0;

	MUST(length > 0 && TRY(sendfile(out, between, &start, length)) == length);
}

static const struct mode modes[] = {
	{ "read", with_read }, { "pread", with_pread }, { "readv", with_readv }, { "preadv", with_preadv },
	{ "preadv2", with_preadv2 }, { "sendfile", with_sendfile }, { "splice", with_splice }, { "tee", with_tee },
	{ "vmsplice", with_vmsplice }, { "vmsplice-out", with_vmsplice_out },
	{ "copy_file_range", with_copy_file_range }, { "map-private", with_private_map },
	{ "map-shared-read", with_shared_read_map }, { "map-shared", with_shared_map },
	{ "map-shared-before", with_shared_map_before }, { "map-shared-reader", with_shared_map_reader },
	{ "fork", with_fork }, { "vfork", with_vfork },
	{ "vfork-of-threads", with_vfork_of_threads },
	{ "thread", with_thread }, { "dup", with_dup }, { "inherited", with_inherited },
	{ "ftruncate", with_ftruncate }, { "truncate", with_truncate }, { "append", with_append },
	{ "emptying-open", with_emptying_open }, { "emptying-openat", with_emptying_openat },
	{ "emptying-openat2", with_emptying_openat2 }, { "emptying-creat", with_emptying_creat },
	{ "o_trunc", with_o_trunc }, { "daemon", with_daemon }, { "memfd", with_memfd },
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: flow MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
