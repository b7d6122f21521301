/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Calls that name files by path, reported in the caller's words: rename, link, unlink, mkdir and the like. */
#ifndef HEADWATER_TRACE_DIRECTORIES_H
#define HEADWATER_TRACE_DIRECTORIES_H

#include "trace.h"
#include "claims.h"

static __noinline int named(struct call *call, u32 op, struct paths_call *names, u64 extra)
{
	if (call->result < 0)
		return 0;
	names->op = op;
	names->task = call->who.id;
	names->process = call->who.process->object.id;
	names->extra = extra;
	share_first(&call->who);
	record_paths(names);
	entries_claimed = 1;
	return claim_put(&call->who, OP_CLAIM, 0, 0);
}

#define ON_NAMED(name, flow_op, from_dir, from_path, to_dir, to_path, extra)			\
static __noinline int on_exit_##name(struct call *call)					\
{												\
	struct paths_call names = {								\
		.from = { .directory = (int)(from_dir), .path = (const char *)(from_path) },		\
		.to = { .directory = (int)(to_dir), .path = (const char *)(to_path) },			\
	};											\
	return named(call, flow_op, &names, extra);						\
}

ON_NAMED(rename, OP_RENAME, AT_FDCWD, ARG1(call), AT_FDCWD, ARG2(call), 0)
ON_NAMED(rename_at, OP_RENAME, ARG1(call), ARG2(call), ARG3(call), ARG4(call), ARG5(call))
ON_NAMED(link, OP_LINK, AT_FDCWD, ARG1(call), AT_FDCWD, ARG2(call), 0)
ON_NAMED(link_at, OP_LINK, ARG1(call), ARG2(call), ARG3(call), ARG4(call), ARG5(call))
ON_NAMED(unlink, OP_UNLINK, AT_FDCWD, ARG1(call), 0, NULL, 0)
ON_NAMED(unlink_at, OP_UNLINK, ARG1(call), ARG2(call), 0, NULL, ARG3(call))
ON_NAMED(rmdir, OP_RMDIR, AT_FDCWD, ARG1(call), 0, NULL, 0)
ON_NAMED(symlink, OP_SYMLINK, AT_FDCWD, ARG1(call), AT_FDCWD, ARG2(call), 0)
ON_NAMED(symlink_at, OP_SYMLINK, AT_FDCWD, ARG1(call), ARG2(call), ARG3(call), 0)
ON_NAMED(mkdir, OP_MKDIR, AT_FDCWD, ARG1(call), 0, NULL, ARG2(call))
ON_NAMED(mkdir_at, OP_MKDIR, ARG1(call), ARG2(call), 0, NULL, ARG3(call))
ON_NAMED(mknod, OP_MKNOD, AT_FDCWD, ARG1(call), 0, NULL, ARG2(call))
ON_NAMED(mknod_at, OP_MKNOD, ARG1(call), ARG2(call), 0, NULL, ARG3(call))
ON_NAMED(truncate, OP_TRUNCATE, AT_FDCWD, ARG1(call), 0, NULL, ARG2(call))

#endif
