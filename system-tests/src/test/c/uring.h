/* SPDX-License-Identifier: Apache-2.0 */
/* An io_uring by its bare system calls: set up, filled with requests, emptied of completions. */
#ifndef HEADWATER_URING_H
#define HEADWATER_URING_H

#include "tester.h"
#include <linux/io_uring.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/* Newer than the headers may be; the number is the ABI's. */
#define URING_READ_MULTISHOT 49

#define ROOM 4096
#define SLOTS 8

struct completion {
	uint64_t user_data;
	int res;
	unsigned flags;
};

struct ring {
	int fd;
	struct io_uring_params parameters;
	char *submissions;
	char *completions;
	struct io_uring_sqe *requests;
	unsigned added;		/* requests that are not submitted yet */
};

static inline char *ring_mapped(struct ring *ring, size_t length, long offset)
{
	char *at = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd, offset);

	MUST(at != MAP_FAILED);
	return at;
}

/* The ring's memory, for a process that has inherited its descriptor and uses it by itself. */
static inline void ring_map(struct ring *ring)
{
	struct io_uring_params *p = &ring->parameters;

	ring->submissions = ring_mapped(ring, p->sq_off.array + p->sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
	ring->completions = ring_mapped(ring, p->cq_off.cqes + p->cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
	ring->requests = (void *)ring_mapped(ring, p->sq_entries * sizeof(*ring->requests), IORING_OFF_SQES);
}

/* A ring with room for so many requests at once. */
static inline void ring_begin_of(struct ring *ring, unsigned flags, unsigned room)
{
	memset(ring, 0, sizeof(*ring));
	ring->parameters.flags = flags;
	ring->parameters.sq_thread_idle = 1000;
	if ((ring->fd = syscall(SYS_io_uring_setup, room, &ring->parameters)) < 0 && errno == EPERM)
		not_here("io_uring for this process (kernel.io_uring_disabled)");
	TRY_HERE(ring->fd, "io_uring");
	ring_map(ring);
}

static inline void ring_begin(struct ring *ring, unsigned flags)
{
	ring_begin_of(ring, flags, SLOTS);
}

static inline unsigned *ring_number(char *memory, unsigned offset)
{
	return (unsigned *)(memory + offset);
}

static inline void ring_add(struct ring *ring, struct io_uring_sqe request)
{
	struct io_uring_params *p = &ring->parameters;
	unsigned *tail = ring_number(ring->submissions, p->sq_off.tail);
	unsigned at = *tail & *ring_number(ring->submissions, p->sq_off.ring_mask);

	ring->requests[at] = request;
	ring_number(ring->submissions, p->sq_off.array)[at] = at;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_SEQ_CST);
	ring->added++;
}

/* Submits what was added, and waits for `wanted` completions. */
static inline void ring_enter(struct ring *ring, unsigned wanted)
{
	unsigned submit = ring->added, flags = wanted ? IORING_ENTER_GETEVENTS : 0;

	ring->added = 0;
	if (ring->parameters.flags & IORING_SETUP_SQPOLL) {
		if (__atomic_load_n(ring_number(ring->submissions, ring->parameters.sq_off.flags), __ATOMIC_SEQ_CST) &
		    IORING_SQ_NEED_WAKEUP)
			flags |= IORING_ENTER_SQ_WAKEUP;
		TRY(syscall(SYS_io_uring_enter, ring->fd, submit, wanted, flags, NULL, 0));
		return;
	}
	MUST(TRY(syscall(SYS_io_uring_enter, ring->fd, submit, wanted, flags, NULL, 0)) == submit);
}

static inline bool ring_has_completed(struct ring *ring)
{
	return __atomic_load_n(ring_number(ring->completions, ring->parameters.cq_off.tail), __ATOMIC_ACQUIRE) !=
	       *ring_number(ring->completions, ring->parameters.cq_off.head);
}

/* The next completion; waits for it. */
static inline struct completion ring_next(struct ring *ring)
{
	struct io_uring_params *p = &ring->parameters;
	unsigned *head = ring_number(ring->completions, p->cq_off.head);
	struct io_uring_cqe *shown = (void *)(ring->completions + p->cq_off.cqes);
	struct completion completion;

	while (!ring_has_completed(ring))
		ring_enter(ring, 1);
	shown += *head & *ring_number(ring->completions, p->cq_off.ring_mask);
	completion = (struct completion){ shown->user_data, shown->res, shown->flags };
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return completion;
}

/* The result of the next completion; -1 and errno if it failed. */
static inline int ring_result(struct ring *ring)
{
	int result = ring_next(ring).res;

	if (result < 0)
		errno = -result;
	return result < 0 ? -1 : result;
}

/* Submits one request and waits for it; its result. */
static inline int ring_do(struct ring *ring, struct io_uring_sqe request)
{
	ring_add(ring, request);
	ring_enter(ring, 1);
	return ring_result(ring);
}

/* As ring_do, for an operation that a kernel may lack: it says EINVAL then. */
static inline int ring_do_here(struct ring *ring, struct io_uring_sqe request, const char *what)
{
	int result = ring_do(ring, request);

	if (result < 0 && errno == EINVAL)
		not_here(what);
	return TRY(result);
}

static inline void ring_register(struct ring *ring, unsigned what, const void *with, unsigned count)
{
	TRY(syscall(SYS_io_uring_register, ring->fd, what, with, count));
}

static inline struct io_uring_sqe request(int operation, int fd, const void *memory, size_t length, int flags)
{
	return (struct io_uring_sqe){ .opcode = operation, .fd = fd, .addr = (uintptr_t)memory, .len = length, .flags = flags };
}

/* Hands the kernel a buffer for requests that choose one of group 1. */
static inline void ring_provide(struct ring *ring, char *memory, size_t length)
{
	struct io_uring_sqe provide = request(IORING_OP_PROVIDE_BUFFERS, 1, memory, length, 0);

	provide.buf_group = 1;
	TRY(ring_do(ring, provide));
}

#endif
