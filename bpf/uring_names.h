/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Requests of an io_uring that name files by path. See trace_uring.h. */
#ifndef HEADWATER_URING_NAMES_H
#define HEADWATER_URING_NAMES_H

#include "claims.h"
#include "uring_requests.h"

/* Requests that name files by path: the caller's words, until the request completes. By its place in kernel memory. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, u64);
	__type(value, struct paths_call);
} uring_names SEC(".maps");

static __always_inline void named_file_of(struct named_file *named, int directory, struct filename *name)
{
	named->directory = directory;
	named->path = BPF_CORE_READ(name, uptr);
}

/* Names that were recorded are in directories: claims.h. */
static __noinline int names_claimed(struct actor *who)
{
	if (!who)
		return 0;
	entries_claimed = 1;
	return claim_put(who, OP_CLAIM, 0, 0);
}

/* 1 if the names were recorded. */
static __noinline int names_submitted(struct actor *who, struct io_kiocb *request)
{
	struct io_rename *two = (struct io_rename *)request;
	struct io_link *link = (struct io_link *)request;
	struct io_unlink *one = (struct io_unlink *)request;
	struct io_mkdir *mkdir = (struct io_mkdir *)request;
	struct io_xattr *extended = (struct io_xattr *)request;
	u32 op = BPF_CORE_READ(request, opcode);
	struct paths_call names;
	u64 key = (u64)request;

	if (!who)
		return 0;
	__builtin_memset(&names, 0, sizeof(names));
	names.task = who->id;
	names.process = who->process->object.id;
	if (op == URING_RENAMEAT) {
		names.op = OP_RENAME;
		names.extra = (u32)BPF_CORE_READ(two, flags);
		named_file_of(&names.from, BPF_CORE_READ(two, old_dfd), BPF_CORE_READ(two, oldpath));
		named_file_of(&names.to, BPF_CORE_READ(two, new_dfd), BPF_CORE_READ(two, newpath));
	} else if (op == URING_UNLINKAT) {
		names.op = OP_UNLINK;
		names.extra = (u32)BPF_CORE_READ(one, flags);
		named_file_of(&names.from, BPF_CORE_READ(one, dfd), BPF_CORE_READ(one, filename));
	} else if (op == URING_MKDIRAT) {
		names.op = OP_MKDIR;
		names.extra = BPF_CORE_READ(mkdir, mode);
		named_file_of(&names.from, BPF_CORE_READ(mkdir, dfd), BPF_CORE_READ(mkdir, filename));
	} else if (op == URING_GETXATTR) {
		names.op = OP_GETXATTR;
		named_file_of(&names.from, AT_FDCWD, BPF_CORE_READ(extended, filename));
	} else {
		names.op = op == URING_LINKAT ? OP_LINK : OP_SYMLINK;
		names.extra = op == URING_LINKAT ? (u32)BPF_CORE_READ(link, flags) : 0;
		named_file_of(&names.from, op == URING_LINKAT ? BPF_CORE_READ(link, old_dfd) : AT_FDCWD,
			      BPF_CORE_READ(link, oldpath));
		named_file_of(&names.to, BPF_CORE_READ(link, new_dfd), BPF_CORE_READ(link, newpath));
	}
	/* Its completion is not shown unless it fails. */
	if (op != URING_GETXATTR && uring_flags(request) & IOSQE_CQE_SKIP_SUCCESS) {
		record_paths(&names);
		return 1;
	}
	if (bpf_map_update_elem(&uring_names, &key, &names, BPF_ANY))
		lost_of(LOSS_MAP_FULL, CLASS_NAME);
	return 0;
}

/* 1 if the names were recorded. */
static __noinline int names_completed(struct io_kiocb *request, int result)
{
	u64 key = (u64)request;
	struct paths_call *saved = bpf_map_lookup_elem(&uring_names, &key);
	struct paths_call names;

	if (!saved) {
		/* Gone for more requests than there is room for, or submitted before the capture began. */
		if (result >= 0 && !(uring_flags(request) & IOSQE_CQE_SKIP_SUCCESS) &&
		    !(uring_effect(request) & URING_ASKS && !attributes_claimed))
			lost_of(LOSS_MAP_FULL, CLASS_NAME);
		return 0;
	}
	names = *saved;
	bpf_map_delete_elem(&uring_names, &key);
	/* Until somebody has set an attribute, to ask is no flow. */
	if (result < 0 || (names.op == OP_GETXATTR && !attributes_claimed))
		return 0;
	record_paths(&names);
	return 1;
}

#endif
