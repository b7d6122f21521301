/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Linux's asynchronous I/O. io_submit(2) names its files in the caller's memory: they are read there at the call's entry, as the
 * kernel reads them shortly after. Writes are reported then. Reads may be done at any time until the caller finds them done, by
 * io_getevents(2) or in memory that the kernel writes to, so their files are taken for mapped shared (shared.h); what was read
 * by the end of the call is reported there as well.
 */
#ifndef HEADWATER_TRACE_AIO_H
#define HEADWATER_TRACE_AIO_H

#include "trace.h"
#include "trace_uring.h"

/* include/uapi/linux/aio_abi.h */
enum aio_op {
	AIO_PREAD = 0,
	AIO_PWRITE = 1,
	AIO_PREADV = 7,
	AIO_PWRITEV = 8,
};

/* struct iocb, from its aio_lio_opcode on. */
struct aio_block {
	u16 op;
	u16 priority;
	u32 fd;
};

#define AIO_BLOCK_OFFSET 16

/* Blocks of one call that are looked at; if the kernel took more, that is counted as lost. */
#define AIO_MAX 4096

/* Block number `index` of those to which the call's pointers at `vector` point. False if it cannot be read, which is counted. */
static __always_inline bool aio_block(u64 vector, u32 index, struct aio_block *block)
{
	const char *at = NULL;

	if (!bpf_probe_read_user(&at, sizeof(at), (const void *)(vector + (u64)index * sizeof(at))) &&
	    !bpf_probe_read_user(block, sizeof(*block), at + AIO_BLOCK_OFFSET))
		return true;
	lost_of(LOSS_UNREADABLE, CLASS_TRANSFER);
	return false;
}

static __noinline int aio_writes(struct actor *who, u32 fd)
{
	struct opened at = {};

	return who && opened(fd, &at) ? put_into(who, &at, NULL) : 0;
}

static __noinline int aio_read_begins(struct actor *who, u32 fd)
{
	struct opened at = {};

	/* The object has to be known by the time that something is taken from it. */
	return who && opened(fd, &at) ? taken_for_mapped(who, at.file, false) : 0;
}

static __noinline int aio_reads(struct actor *who, u32 fd)
{
	struct opened at = {};

	return who && opened(fd, &at) ? take_from(who, &at, NULL) : 0;
}

/* Callbacks of bpf_loop are given plain numbers, and look up again who acts. */
static __noinline long aio_begins(u32 index, u64 *vector)
{
	struct aio_block block;
	struct actor who;

	if (!aio_block(*vector, index, &block) || !actor(&who))
		return 1;
	if (block.op == AIO_PWRITE || block.op == AIO_PWRITEV)
		aio_writes(&who, block.fd);
	else if (block.op == AIO_PREAD || block.op == AIO_PREADV)
		aio_read_begins(&who, block.fd);
	return 0;
}

static __noinline long aio_begun(u32 index, u64 *vector)
{
	struct aio_block block;
	struct actor who;

	if (!aio_block(*vector, index, &block) || !actor(&who))
		return 1;
	if (block.op == AIO_PREAD || block.op == AIO_PREADV)
		aio_reads(&who, block.fd);
	return 0;
}

/* Both inline: 6.1 lets the stacks of a chain of calls sum to 512 bytes. io_submit(context, count, blocks) */
static __always_inline int on_aio_submit(struct call *call)
{
	u64 vector = ARG3(call), count = ARG2(call);

	bpf_loop(count < AIO_MAX ? count : AIO_MAX, aio_begins, &vector, 0);
	return 0;
}

/* How many the kernel took is known now. */
static __always_inline int on_exit_aio_submitted(struct call *call)
{
	u64 vector = ARG3(call);

	if (call->result <= 0)
		return 0;
	if (call->result > AIO_MAX)
		lost_of(LOSS_UNREADABLE, CLASS_TRANSFER);
	bpf_loop(call->result < AIO_MAX ? call->result : AIO_MAX, aio_begun, &vector, 0);
	return 0;
}

/* io_getevents, io_pgetevents: what was read is with the process now. */
static __noinline int on_exit_aio_completed(struct call *call)
{
	return call->result > 0 && call->who.process->mapped ? share_in(call->who.process, call->who.id) : 0;
}

#endif
