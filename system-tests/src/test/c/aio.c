/* SPDX-License-Identifier: Apache-2.0 */
/* aio MODE SOURCE SINK [OTHER]: SOURCE goes to SINK by Linux's asynchronous I/O: io_submit(2) and its kin. */
#include "tester.h"
#include <linux/aio_abi.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#define ROOM 4096
static char bytes[ROOM];
static aio_context_t context;

/* What the kernel keeps at the address that stands for the context (fs/aio.c, struct aio_ring). */
struct ring {
	unsigned id, count, head, tail, magic, compatible, incompatible, header_length;
	struct io_event events[];
};

static void begin(void)
{
	TRY_HERE(syscall(SYS_io_setup, 8, &context), "asynchronous I/O");
}

static struct iocb block(int operation, int fd, const void *memory, size_t length)
{
	return (struct iocb){ .aio_lio_opcode = operation, .aio_fildes = fd, .aio_buf = (uintptr_t)memory, .aio_nbytes = length };
}

/* Submits one and waits for it: its result. */
static int done(struct iocb one, int wait)
{
	struct iocb *list[] = { &one };
	struct io_event event;

	MUST(TRY(syscall(SYS_io_submit, context, 1, list)) == 1);
	MUST(TRY(syscall(wait, context, 1, 1, &event, NULL, NULL)) == 1);
	errno = event.res < 0 ? -event.res : 0;
	return TRY(event.res < 0 ? -1 : (long)event.res);
}

static void do_read(char **at)
{
	int length;

	begin();
	length = done(block(IOCB_CMD_PREAD, open_source(at[0]), bytes, ROOM), SYS_io_getevents);
	MUST(length > 0);
	give(at[1], bytes, length);
}

static void do_write(char **at)
{
	int out = open_sink(at[1]), length = take(at[0], bytes, ROOM);

	begin();
	MUST(done(block(IOCB_CMD_PWRITE, out, bytes, length), SYS_io_getevents) == length);
}

static void vectors(char **at)
{
	struct iovec parts[] = { { bytes, 3 }, { bytes + 3, ROOM - 3 } };
	int length;

	begin();
	length = done(block(IOCB_CMD_PREADV, open_source(at[0]), parts, 2), SYS_io_pgetevents);
	MUST(length > 3);
	parts[1].iov_len = length - 3;
	MUST(done(block(IOCB_CMD_PWRITEV, open_sink(at[1]), parts, 2), SYS_io_pgetevents) == length);
}

/* One call reads and writes; that both are done is seen in memory, by no call. The third block moves nothing. */
static void together(char **at)
{
	int in = open_source(at[0]), length = TRY(lseek(in, 0, SEEK_END));
	struct iocb read = block(IOCB_CMD_PREAD, in, bytes, length), write = block(IOCB_CMD_PWRITE, open_sink(at[1]), bytes, length);
	struct iocb sync = block(IOCB_CMD_FDSYNC, open_source(at[2]), NULL, 0);
	struct iocb *list[] = { &sync, &read, &write };
	struct ring *ring;

	begin();
	ring = (struct ring *)context;
	MUST(TRY(syscall(SYS_io_submit, context, 3, list)) == 3);
	while (__atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE) != 3)
		usleep(1000);
	for (int i = 0; i < 3; i++)
		MUST(ring->events[i].obj == (uintptr_t)&sync || ring->events[i].res == length);
}

static const struct mode modes[] = {
	{ "read", do_read }, { "write", do_write }, { "vectors", vectors }, { "together", together },
};

int main(int argc, char **argv)
{
	if (argc < 4) {
		fprintf(stderr, "usage: aio MODE SOURCE SINK [OTHER]\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
