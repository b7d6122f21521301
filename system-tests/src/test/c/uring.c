/* SPDX-License-Identifier: Apache-2.0 */
/* uring MODE SOURCE SINK [OTHER]: SOURCE goes to SINK by an io_uring, between files and pipes. */
#include "uring.h"

static char bytes[ROOM];
static struct ring ring;

/* Reads and writes, one after the other. */
static void move(char **at, int flags, int setup)
{
	int in = open_source(at[0]), out = open_sink(at[1]), length;

	ring_begin(&ring, setup);
	length = TRY(ring_do(&ring, request(IORING_OP_READ, in, bytes, ROOM, flags)));
	MUST(length > 0 && TRY(ring_do(&ring, request(IORING_OP_WRITE, out, bytes, length, flags))) == length);
}

static void read_write(char **at)
{
	move(at, 0, 0);
}

static void worker(char **at)
{
	move(at, IOSQE_ASYNC, 0);
}

static void polled(char **at)
{
	move(at, 0, IORING_SETUP_SQPOLL);
}

static void vectors(char **at)
{
	int in = open_source(at[0]), out = open_sink(at[1]), length;
	struct iovec parts[] = { { bytes, 3 }, { bytes + 3, ROOM - 3 } };

	ring_begin(&ring, 0);
	length = TRY(ring_do(&ring, request(IORING_OP_READV, in, parts, 2, 0)));
	parts[1].iov_len = length - 3;
	MUST(TRY(ring_do(&ring, request(IORING_OP_WRITEV, out, parts, 2, 0))) == length);
}

/* The files as the ring's own, by number 0 and 1, and the memory as well. */
static void register_both(int in, int out)
{
	int files[] = { in, out };
	struct iovec memory = { bytes, ROOM };

	ring_begin(&ring, 0);
	ring_register(&ring, IORING_REGISTER_FILES, files, 2);
	ring_register(&ring, IORING_REGISTER_BUFFERS, &memory, 1);
	close(in);
	close(out);
}

static void registered(char **at)
{
	int length;

	register_both(open_source(at[0]), open_sink(at[1]));
	length = TRY(ring_do(&ring, request(IORING_OP_READ_FIXED, 0, bytes, ROOM, IOSQE_FIXED_FILE)));
	MUST(TRY(ring_do(&ring, request(IORING_OP_WRITE_FIXED, 1, bytes, length, IOSQE_FIXED_FILE))) == length);
}

/* By the file's size, as its bytes are to come by the ring alone. */
static int length_of(const char *path)
{
	int in = open_source(path), length = TRY(lseek(in, 0, SEEK_END));

	MUST(length > 0 && length < ROOM);
	close(in);
	return length;
}

/* Both requests at once, the second to be done after the first. */
static void both_at_once(int in, int out, int length, int first, int second, unsigned wanted)
{
	ring_add(&ring, request(IORING_OP_READ, in, bytes, length, first));
	ring_add(&ring, request(IORING_OP_WRITE, out, bytes, length, second));
	ring_enter(&ring, wanted);
	while (wanted-- > 0)
		MUST(TRY(ring_result(&ring)) == length);
}

static void linked(char **at)
{
	int length = length_of(at[0]);

	ring_begin(&ring, 0);
	both_at_once(open_source(at[0]), open_sink(at[1]), length, IOSQE_IO_LINK, 0, 2);
}

static void linked_registered(char **at)
{
	int length = length_of(at[0]);

	register_both(open_source(at[0]), open_sink(at[1]));
	both_at_once(0, 1, length, IOSQE_IO_LINK | IOSQE_FIXED_FILE, IOSQE_FIXED_FILE, 2);
}

/* Nothing links them, but the first can be done at once, so the second finds its bytes. */
static void unlinked(char **at)
{
	int length = length_of(at[0]);

	register_both(open_source(at[0]), open_sink(at[1]));
	both_at_once(0, 1, length, IOSQE_FIXED_FILE, IOSQE_FIXED_FILE, 2);
}

/* The read is not said to be done. */
static void unsaid(char **at)
{
	int length = length_of(at[0]);

	register_both(open_source(at[0]), open_sink(at[1]));
	both_at_once(0, 1, length, IOSQE_IO_LINK | IOSQE_FIXED_FILE | IOSQE_CQE_SKIP_SUCCESS, IOSQE_FIXED_FILE, 1);
}

/* The read waits at a pipe, and the write behind it for the read. */
static void waiting(char **at)
{
	int length = length_of(at[0]), pipe_ends[2];
	pid_t child;

	TRY(pipe(pipe_ends));
	child = TRY(fork());
	if (!child) {
		wait_until_asleep(getppid());
		length = take(at[0], bytes, ROOM);
		MUST(write(pipe_ends[1], bytes, length) == length);
		_exit(0);
	}
	close(pipe_ends[1]);
	register_both(pipe_ends[0], open_sink(at[1]));
	both_at_once(0, 1, length, IOSQE_IO_LINK | IOSQE_FIXED_FILE, IOSQE_FIXED_FILE, 2);
	wait_for(child);
}

/* The write waits behind a barrier. */
static void drained(char **at)
{
	int length = length_of(at[0]);

	register_both(open_source(at[0]), open_sink(at[1]));
	both_at_once(0, 1, length, IOSQE_FIXED_FILE | IOSQE_ASYNC, IOSQE_FIXED_FILE | IOSQE_IO_DRAIN, 2);
}

static struct io_uring_sqe open_request(const char *path, int flags, int slot)
{
	struct io_uring_sqe open = request(IORING_OP_OPENAT, AT_FDCWD, path, 0644, 0);

	open.open_flags = flags;
	open.file_index = slot;
	return open;
}

static void opened(char **at)
{
	static struct { uint64_t flags, mode, resolve; } how = { .flags = O_WRONLY | O_CREAT, .mode = 0644 };
	struct io_uring_sqe open = request(IORING_OP_OPENAT2, AT_FDCWD, at[1], sizeof(how), 0);
	int in, out, length;

	ring_begin(&ring, 0);
	open.off = (uintptr_t)&how;
	in = TRY(ring_do(&ring, open_request(at[0], O_RDONLY, 0)));
	out = TRY(ring_do(&ring, open));
	length = TRY(ring_do(&ring, request(IORING_OP_READ, in, bytes, ROOM, 0)));
	MUST(TRY(ring_do(&ring, request(IORING_OP_WRITE, out, bytes, length, 0))) == length);
	TRY(ring_do(&ring, request(IORING_OP_CLOSE, out, NULL, 0, 0)));
}

/* Nothing is written: that the file is empty is what tells of the source. */
static void emptied(char **at)
{
	take(at[0], bytes, ROOM);
	ring_begin(&ring, 0);
	TRY(ring_do(&ring, open_request(at[1], O_WRONLY | O_TRUNC, 0)));
}

/* No descriptor at all: the files are opened into the ring's own table, used and closed there, all at once. */
static void direct(char **at)
{
	int none[] = { -1, -1 }, length = length_of(at[0]);
	int fixed = IOSQE_FIXED_FILE | IOSQE_IO_LINK;

	ring_begin(&ring, 0);
	ring_register(&ring, IORING_REGISTER_FILES, none, 2);
	ring_add(&ring, open_request(at[0], O_RDONLY, 1));
	ring.requests[0].flags = IOSQE_IO_LINK;
	ring_add(&ring, open_request(at[1], O_WRONLY | O_CREAT, 2));
	ring.requests[1].flags = IOSQE_IO_LINK;
	ring_add(&ring, request(IORING_OP_READ, 0, bytes, length, fixed));
	ring_add(&ring, request(IORING_OP_WRITE, 1, bytes, length, fixed));
	ring_add(&ring, request(IORING_OP_CLOSE, 0, NULL, 0, 0));
	ring.requests[4].file_index = 1;
	ring_enter(&ring, 5);
	for (int i = 0; i < 5; i++)
		TRY(ring_result(&ring));
}

static struct io_uring_sqe copy_request(int operation, int in, int out, int length)
{
	struct io_uring_sqe copy = request(operation, out, NULL, length, 0);

	copy.addr = operation == IORING_OP_SPLICE ? -1 : 0;
	copy.off = operation == IORING_OP_SPLICE ? -1 : 0;
	copy.splice_off_in = operation == IORING_OP_SPLICE ? -1 : 0;
	copy.splice_fd_in = in;
	return copy;
}

static void splice_or_tee(char **at, bool twice)
{
	int in = open_source(at[0]), out = open_sink(at[1]), length = length_of(at[0]), first[2], second[2];

	TRY(pipe(first));
	TRY(pipe(second));
	ring_begin(&ring, 0);
	MUST(TRY(ring_do(&ring, copy_request(IORING_OP_SPLICE, in, first[1], length))) == length);
	if (twice)
		MUST(TRY(ring_do(&ring, copy_request(IORING_OP_TEE, first[0], second[1], length))) == length);
	MUST(TRY(ring_do(&ring, copy_request(IORING_OP_SPLICE, twice ? second[0] : first[0], out, length))) == length);
}

static void spliced(char **at)
{
	splice_or_tee(at, false);
}

static void teed(char **at)
{
	splice_or_tee(at, true);
}

/* One request, a completion for each time that the pipe has something. */
static void repeated(char **at)
{
	int length, pipe_ends[2];
	struct io_uring_sqe read = request(URING_READ_MULTISHOT, 0, NULL, 0, IOSQE_BUFFER_SELECT);
	struct completion completion;
	pid_t child;

	TRY(pipe(pipe_ends));
	ring_begin(&ring, 0);
	ring_provide(&ring, bytes, ROOM);
	child = TRY(fork());
	if (!child) {
		static char taken[ROOM];

		wait_until_asleep(getppid());
		length = take(at[0], taken, ROOM);
		MUST(write(pipe_ends[1], taken, length) == length);
		pause();
	}
	close(pipe_ends[1]);
	read.fd = pipe_ends[0];
	read.buf_group = 1;
	read.user_data = 7;
	ring_add(&ring, read);
	ring_enter(&ring, 1);
	completion = ring_next(&ring);
	TRY(kill(child, 9));
	errno = -completion.res;
	if (completion.res == -EINVAL)
		not_here("IORING_OP_READ_MULTISHOT");
	MUST(completion.res > 0 && completion.flags & IORING_CQE_F_MORE);
	give(at[1], bytes, completion.res);
}

/* The sink is made under another name, in a directory that the ring makes, and moved, linked and unlinked by it. */
static void names(char **at)
{
	size_t length = take(at[0], bytes, ROOM);
	struct io_uring_sqe move = request(IORING_OP_RENAMEAT, AT_FDCWD, "folder/made", (unsigned)AT_FDCWD, 0);
	struct io_uring_sqe link = request(IORING_OP_LINKAT, AT_FDCWD, "folder/moved", (unsigned)AT_FDCWD, 0);
	struct io_uring_sqe symlink = request(IORING_OP_SYMLINKAT, AT_FDCWD, "moved", 0, 0);

	ring_begin(&ring, 0);
	TRY(ring_do(&ring, request(IORING_OP_MKDIRAT, AT_FDCWD, "folder", 0755, 0)));
	give("folder/made", bytes, length);
	move.addr2 = (uintptr_t)"folder/moved";
	TRY(ring_do(&ring, move));
	link.addr2 = (uintptr_t)at[1];
	TRY(ring_do(&ring, link));
	symlink.addr2 = (uintptr_t)"folder/symlink";
	TRY(ring_do(&ring, symlink));
	TRY(ring_do(&ring, request(IORING_OP_UNLINKAT, AT_FDCWD, "folder/moved", 0, 0)));
}

/* A child writes by the ring that its parent has made; what the parent knows does not flow. */
static void inherited(char **at)
{
	static char known[ROOM];
	pid_t child;

	ring_begin(&ring, 0);
	child = TRY(fork());
	if (!child) {
		int in = open_source(at[0]), out = open_sink(at[1]);
		int length = TRY(ring_do(&ring, request(IORING_OP_READ, in, bytes, ROOM, 0)));

		MUST(TRY(ring_do(&ring, request(IORING_OP_WRITE, out, bytes, length, 0))) == length);
		_exit(0);
	}
	take(at[2], known, ROOM);
	wait_for(child);
}

static const struct mode modes[] = {
	{ "read-write", read_write }, { "worker", worker }, { "polled", polled }, { "vectors", vectors },
	{ "registered", registered }, { "linked", linked }, { "linked-registered", linked_registered },
	{ "unlinked", unlinked }, { "unsaid", unsaid }, { "waiting", waiting }, { "drained", drained },
	{ "opened", opened }, { "emptied", emptied }, { "direct", direct }, { "spliced", spliced }, { "teed", teed },
	{ "repeated", repeated }, { "names", names }, { "inherited", inherited },
};

int main(int argc, char **argv)
{
	if (argc < 4) {
		fprintf(stderr, "usage: uring MODE SOURCE SINK [OTHER]\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
