/* SPDX-License-Identifier: Apache-2.0 */
/* uring MODE SOURCE SINK: one process moves SOURCE to SINK by io_uring, one request at a time. */
#include "tester.h"
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define ROOM 65536
static char bytes[ROOM];

static int ring;
static struct io_uring_params parameters;
static char *submissions, *completions;
static struct io_uring_sqe *requests;

static char *mapped(size_t length, long offset)
{
	char *at = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, offset);

	MUST(at != MAP_FAILED);
	return at;
}

static void begin(void)
{
	if ((ring = syscall(SYS_io_uring_setup, 4, &parameters)) < 0 && errno == EPERM)
		not_here("io_uring for this process (kernel.io_uring_disabled)");
	TRY_HERE(ring, "io_uring");
	submissions = mapped(parameters.sq_off.array + parameters.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
	completions = mapped(parameters.cq_off.cqes + parameters.cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
	requests = (void *)mapped(parameters.sq_entries * sizeof(*requests), IORING_OFF_SQES);
}

/* Submits one request and waits for it; its result. */
static int done(struct io_uring_sqe request)
{
	unsigned *tail = (unsigned *)(submissions + parameters.sq_off.tail);
	unsigned mask = *(unsigned *)(submissions + parameters.sq_off.ring_mask);
	unsigned *head = (unsigned *)(completions + parameters.cq_off.head);
	struct io_uring_cqe *completed = (void *)(completions + parameters.cq_off.cqes);
	int result;

	requests[*tail & mask] = request;
	((unsigned *)(submissions + parameters.sq_off.array))[*tail & mask] = *tail & mask;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	MUST(TRY(syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0)) == 1);
	MUST(__atomic_load_n((unsigned *)(completions + parameters.cq_off.tail), __ATOMIC_ACQUIRE) != *head);
	result = completed[*head & *(unsigned *)(completions + parameters.cq_off.ring_mask)].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	if (result < 0)
		errno = -result;
	return result < 0 ? -1 : result;
}

static struct io_uring_sqe request(int operation, int fd, size_t length, int flags)
{
	return (struct io_uring_sqe){ .opcode = operation, .fd = fd, .addr = (uintptr_t)bytes, .len = length, .flags = flags };
}

static void move(char **at, int flags)
{
	int in = open_source(at[0]), out = open_sink(at[1]), length;

	begin();
	length = TRY(done(request(IORING_OP_READ, in, ROOM, flags)));
	MUST(length > 0 && TRY(done(request(IORING_OP_WRITE, out, length, flags))) == length);
}

static void read_write(char **at)
{
	move(at, 0);
}

static void worker(char **at)
{
	move(at, IOSQE_ASYNC);
}

static const struct mode modes[] = { { "read-write", read_write }, { "worker", worker } };

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: uring MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
