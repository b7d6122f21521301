/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Attributes that an io_uring sets or asks for; as trace_attributes.h has them for system calls. See trace_uring.h. */
#ifndef HEADWATER_URING_ATTRIBUTES_H
#define HEADWATER_URING_ATTRIBUTES_H

#include "trace_attributes.h"
#include "uring_names.h"
#include "uring_pending.h"

/* The kernel has taken the value by now, and not put it anywhere. */
static __noinline int attribute_set(struct actor *who, struct io_kiocb *request)
{
	struct io_xattr *extended = (struct io_xattr *)request;
	struct inode_key key;
	struct opened at = {};

	if (!who)
		return 0;
	attributes_claimed = 1;
	if (BPF_CORE_READ(request, opcode) == URING_SETXATTR) {
		report_path(who, OP_SETXATTR, AT_FDCWD, BPF_CORE_READ(extended, filename, uptr), 0);
		return claim_put(who, OP_CLAIM, 0, 0);
	}
	if (!opened_file(file_named(request), &at))
		return 0;
	key = inode_key(at.inode);
	return claim_put(who, OP_SETXATTR, key.dev, key.ino);
}

static __always_inline int attribute_submitted(struct actor *who, struct io_kiocb *request)
{
	struct io_xattr *extended = (struct io_xattr *)request;

	if (who->process->mapped)
		share_in(who->process, who->id);
	take_pending(who);
	name_attribute(who->id, (u64)BPF_CORE_READ(extended, ctx.kname), true);
	return attribute_set(who, request);
}

/* The file is known by what was told of it. */
static __noinline int status_told(struct actor *who, struct io_kiocb *request)
{
	struct io_statx *status = (struct io_statx *)request;

	return stat_extended_answered(who, (const char *)BPF_CORE_READ(status, buffer));
}

/* The file is known by its descriptor. */
static __noinline int attribute_taken(struct actor *who, struct file *file)
{
	struct inode_key key;
	struct opened at = {};

	if (!who || !opened_file(file, &at))
		return 0;
	key = inode_key(at.inode);
	return claim_taken(who, OP_GETXATTR, key.dev, key.ino);
}

static __always_inline void attribute_completed(struct actor *who, struct io_kiocb *request, int result)
{
	u32 op = BPF_CORE_READ(request, opcode);

	if (op == URING_GETXATTR) {
		/* The file is known by the caller's words, which have been recorded. */
		if (names_completed(request, result))
			claim_taken(who, OP_CLAIM, 0, 0);
	} else if (result < 0 || !attributes_claimed) {
		return;
	} else if (op == URING_STATX) {
		status_told(who, request);
	} else {
		attribute_taken(who, BPF_CORE_READ(request, file));
	}
}

#endif
