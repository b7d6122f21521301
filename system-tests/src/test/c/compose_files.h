/* SPDX-License-Identifier: Apache-2.0 */
/* Stages of `compose`: files, their names, mappings and attributes. */
#ifndef HEADWATER_COMPOSE_FILES_H
#define HEADWATER_COMPOSE_FILES_H

#include "compose.h"
#include <dirent.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/xattr.h>

static void put_file(struct channel *c)
{
	give(c->name, bytes, length);
}

static void get_file(struct channel *c)
{
	length = take(c->name, bytes, ROOM);
}

static void put_vector(struct channel *c)
{
	struct iovec part = { bytes, length };

	MUST(TRY(pwritev2(open_sink(c->name), &part, 1, 0, 0)) == (long)length);
}

static void get_vector(struct channel *c)
{
	struct iovec part = { bytes, ROOM };

	length = TRY(preadv2(open_source(c->name), &part, 1, 0, 0));
}

static void make_old(struct channel *c)
{
	give(c->name, "of old, ", 8);
}

static void put_behind(struct channel *c)
{
	int out = TRY(open(c->name, O_WRONLY | O_APPEND | O_CLOEXEC));

	write_all(out);
}

static void get_behind(struct channel *c)
{
	length = TRY(pread(open_source(c->name), bytes, ROOM, 8));
	MUST(length > 0);
}

/* ---- mappings ---- */

static char *mapped(struct channel *c, int protection, int flags)
{
	int fd = TRY(open(c->name, protection & PROT_WRITE ? O_RDWR : O_RDONLY));
	char *at = mmap(NULL, ROOM, protection, flags, fd, 0);

	MUST(at != MAP_FAILED);
	close(fd);
	return at;
}

static void make_empty(struct channel *c)
{
	int fd = open_sink(c->name);

	TRY(ftruncate(fd, ROOM));
	close(fd);
}

static void map_before(struct channel *c)
{
	c->memory = mapped(c, PROT_READ | PROT_WRITE, MAP_SHARED);
}

static void map_before_to_read(struct channel *c)
{
	c->memory = mapped(c, PROT_READ, MAP_SHARED);
}

static void map_before_privately(struct channel *c)
{
	c->memory = mapped(c, PROT_READ, MAP_PRIVATE);
}

static void put_memory(struct channel *c)
{
	store(c->memory);
}

static void get_memory(struct channel *c)
{
	load(c->memory);
}

static void put_mapped(struct channel *c)
{
	store(mapped(c, PROT_READ | PROT_WRITE, MAP_SHARED));
}

static void get_mapped(struct channel *c)
{
	load(mapped(c, PROT_READ, MAP_SHARED));
}

static void get_private(struct channel *c)
{
	load(mapped(c, PROT_READ, MAP_PRIVATE));
}

static void get_until_zero(struct channel *c)
{
	get_file(c);
	length = strnlen(bytes, length);
	MUST(length > 0);
}

/* ---- names ---- */

static void put_unnamed(struct channel *c)
{
	int fd = TRY_HERE(open(".", O_TMPFILE | O_WRONLY, 0600), "O_TMPFILE here");
	char path[64];

	write_all(fd);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	TRY(linkat(AT_FDCWD, path, AT_FDCWD, c->name, AT_SYMLINK_FOLLOW));
}

static void put_over(struct channel *c)
{
	give(beside(c, ".new"), bytes, length);
	TRY(rename(beside(c, ".new"), c->name));
}

static void put_exchanged(struct channel *c)
{
	give(beside(c, ".new"), bytes, length);
	TRY(renameat2(AT_FDCWD, beside(c, ".new"), AT_FDCWD, c->name, RENAME_EXCHANGE));
}

static void put_linked(struct channel *c)
{
	const char *first = beside(c, ".first");

	give(first, bytes, length);
	TRY(link(first, c->name));
	TRY(unlink(first));
}

static void make_symbolic(struct channel *c)
{
	TRY(symlink(beside(c, ".file"), c->name));
}

static void put_target(struct channel *c)
{
	TRY(symlink(in_letters(), c->name));
}

static void get_target(struct channel *c)
{
	char target[256];

	target[TRY(readlink(c->name, target, sizeof(target) - 1))] = 0;
	from_letters(target);
}

static void make_folder(struct channel *c)
{
	TRY(mkdir(c->name, 0700));
}

static void put_name(struct channel *c)
{
	char path[NAME + 256];

	snprintf(path, sizeof(path), "%s/%s", c->name, in_letters());
	close(open_sink(path));
}

static void get_name(struct channel *c)
{
	DIR *folder = opendir(c->name);
	struct dirent *entry;

	MUST(folder);
	while ((entry = readdir(folder)) && *entry->d_name == '.')
		;
	MUST(entry);
	from_letters(entry->d_name);
}

static void put_attribute(struct channel *c)
{
	TRY_HERE(setxattr(c->name, "user.compose", bytes, length, 0), "extended attributes here");
}

static void get_attribute(struct channel *c)
{
	length = TRY(getxattr(c->name, "user.compose", bytes, ROOM));
}

/* ---- copies in the kernel ---- */

static void carry_by_sendfile(struct channel *c)
{
	int in = open_source(beside(c, ".in"));

	MUST(TRY(sendfile(open_sink(beside(c, ".out")), in, NULL, ROOM)) > 0);
}

static void carry_by_range(struct channel *c)
{
	int in = open_source(beside(c, ".in"));

	MUST(TRY(copy_file_range(in, NULL, open_sink(beside(c, ".out")), NULL, ROOM, 0)) > 0);
}

static void carry_by_splice(struct channel *c)
{
	int in = open_source(beside(c, ".in")), out = open_sink(beside(c, ".out")), one[2], two[2];
	long moved;

	TRY(pipe(one));
	TRY(pipe(two));
	moved = TRY(splice(in, NULL, one[1], NULL, ROOM, 0));
	MUST(moved > 0 && TRY(tee(one[0], two[1], moved, 0)) == moved);
	MUST(TRY(splice(two[0], NULL, out, NULL, moved, 0)) == moved);
}

/* ---- io_uring ---- */

static void put_by_ring(struct channel *c, unsigned flags)
{
	struct ring ring;

	ring_begin(&ring, flags);
	MUST(TRY(ring_do(&ring, request(IORING_OP_WRITE, open_sink(c->name), bytes, length, 0))) == (long)length);
}

static void get_by_ring(struct channel *c, unsigned flags)
{
	struct ring ring;

	ring_begin(&ring, flags);
	length = TRY(ring_do(&ring, request(IORING_OP_READ, open_source(c->name), bytes, ROOM, 0)));
	MUST(length > 0);
}

static void put_by_uring(struct channel *c) { put_by_ring(c, 0); }
static void get_by_uring(struct channel *c) { get_by_ring(c, 0); }
static void put_by_poller(struct channel *c) { put_by_ring(c, IORING_SETUP_SQPOLL); }
static void get_by_poller(struct channel *c) { get_by_ring(c, IORING_SETUP_SQPOLL); }

/* A read and a write behind it; which has the bytes first only the link says. */
static void carry_by_link(struct channel *c)
{
	int in = open_source(beside(c, ".in")), out = open_sink(beside(c, ".out"));
	struct stat about;
	struct ring ring;

	TRY(fstat(in, &about));
	ring_begin(&ring, 0);
	ring_add(&ring, request(IORING_OP_READ, in, bytes, about.st_size, IOSQE_IO_LINK));
	ring_add(&ring, request(IORING_OP_WRITE, out, bytes, about.st_size, 0));
	ring_enter(&ring, 2);
	MUST(TRY(ring_result(&ring)) > 0 && TRY(ring_result(&ring)) > 0);
}

static void carry_by_uring_splice(struct channel *c)
{
	int in = open_source(beside(c, ".in")), out = open_sink(beside(c, ".out")), ends[2];
	struct io_uring_sqe move = { .opcode = IORING_OP_SPLICE, .len = ROOM, .off = -1 };
	struct ring ring;

	TRY(pipe(ends));
	ring_begin(&ring, 0);
	move.splice_fd_in = in;
	move.fd = ends[1];
	move.splice_off_in = -1;
	move.len = TRY(ring_do(&ring, move));
	move.splice_fd_in = ends[0];
	move.fd = out;
	MUST(TRY(ring_do(&ring, move)) > 0);
}

/* ---- other ways to a file ---- */

/* A copy-up: the file is opened for writing by way of an overlay, in a mount namespace of the carrier's own. */
static void make_overlay(struct channel *c)
{
	make_folder(c);
	TRY(mkdir(beside(c, "/lower"), 0700));
	TRY(mkdir(beside(c, "/upper"), 0700));
	TRY(mkdir(beside(c, "/work"), 0700));
	TRY(mkdir(beside(c, "/merged"), 0700));
}

static void put_lower(struct channel *c)
{
	give(beside(c, "/lower/file"), bytes, length);
}

static void mounts_apart(void)
{
	TRY_HERE(unshare(CLONE_NEWNS), "mount namespaces");
	TRY(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
}

static void carry_up(struct channel *c)
{
	char options[4 * NAME];

	mounts_apart();
	snprintf(options, sizeof(options), "lowerdir=%s/lower,upperdir=%s/upper,workdir=%s/work", c->name, c->name, c->name);
	TRY_HERE(mount("overlay", beside(c, "/merged"), "overlay", 0, options), "overlay file systems here");
	close(TRY(open(beside(c, "/merged/file"), O_WRONLY)));
}

static void get_upper(struct channel *c)
{
	length = take(beside(c, "/upper/file"), bytes, ROOM);
}

static int open_bound(struct channel *c, const char *folder, int flags)
{
	TRY(mount(beside(c, folder), beside(c, "/merged"), NULL, MS_BIND, NULL));
	return TRY(open(beside(c, "/merged/file"), flags, 0600));
}

/* Read and written under the names that bind mounts give, which only the carrier has. */
static void carry_bound(struct channel *c)
{
	int in, out;

	mounts_apart();
	in = open_bound(c, "/lower", O_RDONLY);
	out = open_bound(c, "/upper", O_WRONLY | O_CREAT);
	read_all(in);
	write_all(out);
}

/* What a process has open and has no name, opened again by way of /proc. */
static void put_held(struct channel *c)
{
	int fd = TRY_HERE(memfd_create("compose", 0), "memfd_create");

	(void)c;
	TRY(dup2(fd, 200));
	write_all(200);
}

static void get_held(struct channel *c)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/200", c->putter);
	length = take(path, bytes, ROOM);
}

static void get_held_by_pidfd(struct channel *c)
{
	int pidfd = TRY_HERE(syscall(SYS_pidfd_open, c->putter, 0), "pidfd_open");
	int fd = TRY_HERE(syscall(SYS_pidfd_getfd, pidfd, 200, 0), "pidfd_getfd");

	length = TRY(pread(fd, bytes, ROOM, 0));
	MUST(length > 0);
}

static void make_memfd(struct channel *c)
{
	c->ends[0] = TRY_HERE(memfd_create("compose", 0), "memfd_create");
	TRY(ftruncate(c->ends[0], ROOM));
}

static char *map_memfd(struct channel *c)
{
	char *at = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, c->ends[0], 0);

	MUST(at != MAP_FAILED);
	return at;
}

static void put_memfd(struct channel *c) { store(map_memfd(c)); }
static void get_memfd(struct channel *c) { load(map_memfd(c)); }

static void put_posix_memory(struct channel *c)
{
	c->ends[0] = TRY(shm_open(beside(c, ""), O_RDWR | O_CREAT | O_EXCL, 0600));
	TRY(ftruncate(c->ends[0], ROOM));
	put_memfd(c);
}

static void get_posix_memory(struct channel *c)
{
	c->ends[0] = TRY(shm_open(c->name, O_RDWR, 0));
	get_memfd(c);
}

static void unmake_posix_memory(struct channel *c)
{
	shm_unlink(c->name);
}

static void make_posix_name(struct channel *c)
{
	snprintf(c->name, NAME, "/headwater-compose-%d-%p", getpid(), (void *)c);
}

#define FILE_STAGES \
	{ "file", .put = put_file, .get = get_file }, \
	{ "vector", .put = put_vector, .get = get_vector }, \
	{ "append", .make = make_old, .put = put_behind, .get = get_behind }, \
	{ "mmap-private", .put = put_file, .get = get_private }, \
	{ "mmap-read", .put = put_file, .get = get_mapped }, \
	{ "mmap-write", .make = make_empty, .put = put_mapped, .get = get_until_zero }, \
	{ "mmap-write-before", .make = make_empty, .ready_put = map_before, .put = put_memory, .get = get_until_zero }, \
	{ "mmap-both", .make = make_empty, .ready_put = map_before, .ready_get = map_before_to_read, \
	  .put = put_memory, .get = get_memory }, \
	{ "mmap-filled", .make = make_empty, .ready_get = map_before_to_read, .put = put_file, .get = get_memory }, \
	{ "mmap-private-before", .make = make_empty, .ready_get = map_before_privately, .put = put_file, .get = get_memory }, \
	{ "tmpfile", .put = put_unnamed, .get = get_file }, \
	{ "rename-over", .make = make_old, .put = put_over, .get = get_file }, \
	{ "exchange", .make = make_old, .put = put_exchanged, .get = get_file }, \
	{ "link", .put = put_linked, .get = get_file }, \
	{ "symlink", .make = make_symbolic, .put = put_file, .get = get_file }, \
	{ "symlink-target", .put = put_target, .get = get_target }, \
	{ "file-name", .make = make_folder, .put = put_name, .get = get_name }, \
	{ "xattr", .make = make_old, .put = put_attribute, .get = get_attribute }, \
	{ "sendfile", BETWEEN_FILES, .carry = carry_by_sendfile }, \
	{ "copy-file-range", BETWEEN_FILES, .carry = carry_by_range }, \
	{ "splice-tee", BETWEEN_FILES, .carry = carry_by_splice }, \
	{ "uring", .put = put_by_uring, .get = get_by_uring }, \
	{ "uring-sqpoll", .put = put_by_poller, .get = get_by_poller }, \
	{ "uring-link", BETWEEN_FILES, .carry = carry_by_link }, \
	{ "uring-splice", BETWEEN_FILES, .carry = carry_by_uring_splice }, \
	{ "overlay", .make = make_overlay, .put = put_lower, .carry = carry_up, .get = get_upper }, \
	{ "bind-mount", .make = make_overlay, .put = put_lower, .carry = carry_bound, .get = get_upper }, \
	{ "proc-fd", .put = put_held, .get = get_held }, \
	{ "pidfd-getfd", .put = put_held, .get = get_held_by_pidfd }, \
	{ "memfd", .make = make_memfd, .put = put_memfd, .get = get_memfd }, \
	{ "posix-memory", .make = make_posix_name, .put = put_posix_memory, .get = get_posix_memory, .unmake = unmake_posix_memory }

#endif
