/* SPDX-License-Identifier: Apache-2.0 */
/* storage MODE SOURCE SINK: from file to file in ways that a file system, rather than a plain read and write, has part in. */
#include "tester.h"
#include <linux/falloc.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define ROOM 65536
#define PAGE 4096
static char bytes[ROOM] __attribute__((aligned(PAGE)));

static void by_direct(char **at)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int in, out;

	/* Whole blocks only: the source is made longer by another process, see the scenario. */
	in = TRY(open(at[0], O_RDONLY | O_DIRECT | O_CLOEXEC));
	out = TRY(open(at[1], O_WRONLY | O_CREAT | O_DIRECT | O_CLOEXEC, 0644));
	MUST(TRY(read(in, page, PAGE)) == PAGE);
	MUST(TRY(write(out, page, PAGE)) == PAGE);
}

/* The secret lies behind a hole. */
static void by_hole(char **at)
{
	size_t length = take(at[0], bytes, ROOM);
	int fd = TRY(open("middle", O_RDWR | O_CREAT | O_CLOEXEC, 0644));
	pid_t child;

	MUST(pwrite(fd, bytes, length, 1 << 20) == (ssize_t)length);
	close(fd);
	child = TRY(fork());
	if (!child) {
		TRY(execlp("storage", "storage", "after-hole", "middle", at[1], NULL));
	}
	wait_for(child);
}

static void after_hole(char **at)
{
	int in = open_source(at[0]);
	off_t data = TRY(lseek(in, 0, SEEK_DATA));
	ssize_t length = TRY(pread(in, bytes, ROOM, data));
	ssize_t start = 0;

	while (start < length && !bytes[start])
		start++;
	MUST(start < length);
	give(at[1], bytes + start, length - start);
}

static void by_sealed(char **at)
{
	size_t length = take(at[0], bytes, ROOM);
	int fd = TRY(memfd_create("sealed", MFD_ALLOW_SEALING));
	char path[64];

	MUST(write(fd, bytes, length) == (ssize_t)length);
	TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL));
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), fd);
	pid_t child = TRY(fork());
	if (!child)
		TRY(execlp("cp", "cp", path, at[1], NULL));
	wait_for(child);
}

/* Another process opens it anew by way of /proc. */
static void by_reopened(char **at)
{
	int fd = TRY(open("middle", O_RDWR | O_CREAT | O_CLOEXEC, 0644));
	char path[64];
	pid_t child;

	TRY(unlink("middle"));
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), fd);
	child = TRY(fork());
	if (!child) {
		size_t length = take(at[0], bytes, ROOM);
		int again = TRY(open(path, O_WRONLY | O_CLOEXEC));

		MUST(write(again, bytes, length) == (ssize_t)length);
		_exit(0);
	}
	wait_for(child);
	give(at[1], bytes, TRY(pread(fd, bytes, ROOM, 0)));
}

/* The range before the secret is cut out of the file: it moves, and stays the file's. */
static void by_collapse(char **at)
{
	size_t length = take(at[0], bytes + PAGE, ROOM - PAGE);
	int fd = TRY(open("middle", O_RDWR | O_CREAT | O_CLOEXEC, 0644));

	memset(bytes, '-', PAGE);
	MUST(write(fd, bytes, PAGE + length) == (ssize_t)(PAGE + length));
	TRY(fsync(fd));
	TRY_HERE(fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 0, PAGE), "FALLOC_FL_COLLAPSE_RANGE on this file system");
	TRY(execlp("cp", "cp", "middle", at[1], NULL));
}

/* A child stores into a mapping that its parent made, and syncs it; the parent loads. */
static void by_child_map(char **at)
{
	int fd = TRY(open("middle", O_RDWR | O_CREAT | O_CLOEXEC, 0644));
	char *shared;
	pid_t child;

	TRY(ftruncate(fd, PAGE));
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	MUST(shared != MAP_FAILED);
	close(fd);
	child = TRY(fork());
	if (!child) {
		size_t length = take(at[0], bytes, PAGE);

		memcpy(shared, bytes, length);
		TRY(msync(shared, PAGE, MS_SYNC));
		_exit(0);
	}
	wait_for(child);
	give(at[1], shared, strlen(shared));
}

static void by_clone(char **at)
{
	int in = open_source(at[0]), out = open_sink(at[1]);

	TRY_HERE(ioctl(out, FICLONE, in), "FICLONE on this file system");
}

static void by_clone_range(char **at)
{
	int in = open_source(at[0]), out = open_sink(at[1]);
	struct file_clone_range range = { .src_fd = in };

	TRY_HERE(ioctl(out, FICLONERANGE, &range), "FICLONERANGE on this file system");
}

static const struct mode modes[] = {
	{ "direct", by_direct }, { "hole", by_hole }, { "after-hole", after_hole }, { "sealed", by_sealed },
	{ "reopened", by_reopened }, { "collapse", by_collapse }, { "child-map", by_child_map },
	{ "clone", by_clone }, { "clone-range", by_clone_range },
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: storage MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
