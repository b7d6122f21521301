/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What io_uring does past the hooks of files and sockets. Its reads, writes, sends and so on pass those hooks as any other's,
 * in whichever thread does them: the submitter, a worker, or the poller of the submission queue, all of the submitter's process.
 */
#ifndef HEADWATER_HOOKS_URING_H
#define HEADWATER_HOOKS_URING_H

#include "hook.h"
#include "hooks_files.h"

/* Before Linux 6.7 the whole of a read, since then what calls __io_read (hooks_files.h). */
AFTER(io_read, struct io_kiocb *request)
{
	return read_by_request(field(request, file));
}

/*
 * Bytes, or a file, into another ring, whose owner finds them in memory: it is taken to have them before it puts anything out
 * (shared.h).
 */
BEFORE(io_msg_ring, struct io_kiocb *request)
{
	struct file *ring = field(request, file);
	struct actor who;

	if (ring && acts(&who))
		put_into(&who, ring);
	return 0;
}

/* A command of a driver's own, such as a raw one to a disk: which way its bytes go, only the driver knows. */
HOOK(uring_cmd, struct io_uring_cmd *command)
{
	struct file *file = field(command, file);
	struct actor who;

	if (!acts(&who) || type_of(field(file, f_inode)) == S_IFSOCK)
		return;
	take_from(&who, file);
	put_into(&who, file);
}

#endif
