/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uring_attributes CHANGE SOURCE FILE, uring_attributes ASK FILE SINK: what SOURCE holds becomes an attribute of FILE, or what is
 * told of FILE's attributes becomes SINK, each by one request of an io_uring.
 */
#include "uring.h"
#include <sys/stat.h>

#define NAME "user.headwater"
static char bytes[ROOM];
static struct ring ring;

static struct io_uring_sqe extended(int operation, int fd, const void *name, const char *path, size_t length)
{
	struct io_uring_sqe one = request(operation, fd, name, length, 0);

	one.addr2 = (uintptr_t)bytes;
	one.addr3 = (uintptr_t)path;
	return one;
}

static void change(char **at, struct io_uring_sqe (*of)(const char *path, size_t length))
{
	size_t length = take(at[0], bytes, ROOM);

	ring_begin(&ring, 0);
	errno = 0;
	if (ring_do(&ring, of(at[1], length)) < 0 && (errno == EOPNOTSUPP || errno == EINVAL))
		not_here("extended attributes by io_uring");
	MUST(!errno);
}

static void ask(char **at, struct io_uring_sqe (*of)(const char *path, size_t length))
{
	int length;

	ring_begin(&ring, 0);
	length = TRY(ring_do(&ring, of(at[0], ROOM)));
	MUST(length > 0);
	give(at[1], bytes, length);
}

static struct io_uring_sqe set(const char *path, size_t length)
{
	return extended(IORING_OP_SETXATTR, 0, NAME, path, length);
}

static struct io_uring_sqe set_open(const char *path, size_t length)
{
	return extended(IORING_OP_FSETXATTR, TRY(open(path, O_WRONLY | O_CLOEXEC)), NAME, NULL, length);
}

static struct io_uring_sqe get(const char *path, size_t length)
{
	return extended(IORING_OP_GETXATTR, 0, NAME, path, length);
}

static struct io_uring_sqe get_open(const char *path, size_t length)
{
	return extended(IORING_OP_FGETXATTR, TRY(open(path, O_WRONLY | O_CLOEXEC)), NAME, NULL, length);
}

static void do_setxattr(char **at)
{
	change(at, set);
}

static void do_fsetxattr(char **at)
{
	change(at, set_open);
}

static void do_getxattr(char **at)
{
	ask(at, get);
}

static void do_fgetxattr(char **at)
{
	ask(at, get_open);
}

/* Both are submitted at once: the value is taken when the kernel gets to the second, when the first is done. */
static void do_together(char **at)
{
	int in = open_source(at[0]), length = TRY(lseek(in, 0, SEEK_END));

	ring_begin(&ring, 0);
	ring_add(&ring, request(IORING_OP_READ, in, bytes, length, 0));
	ring_add(&ring, set(at[1], length));
	ring_enter(&ring, 2);
	MUST(TRY(ring_result(&ring)) == length);
	if (ring_result(&ring) < 0 && (errno == EOPNOTSUPP || errno == EINVAL))
		not_here("extended attributes by io_uring");
}

static void do_statx(char **at)
{
	struct statx told;
	struct io_uring_sqe one = request(IORING_OP_STATX, AT_FDCWD, at[0], STATX_BASIC_STATS, 0);
	int length;

	ring_begin(&ring, 0);
	one.off = (uintptr_t)&told;
	TRY(ring_do(&ring, one));
	length = snprintf(bytes, ROOM, "%o\n", told.stx_mode);
	give(at[1], bytes, length);
}

static const struct mode modes[] = {
	{ "setxattr", do_setxattr }, { "fsetxattr", do_fsetxattr }, { "getxattr", do_getxattr }, { "fgetxattr", do_fgetxattr },
	{ "together", do_together }, { "statx", do_statx },
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: uring_attributes CHANGE SOURCE FILE | uring_attributes ASK FILE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
