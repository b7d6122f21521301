/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Attributes of inodes: chmod, chown, utime, setxattr and their readers. Calls on descriptors name the inode exactly; calls by path
 * are reported in the caller's words; of stat(2) the answer says which inode it was. See claims.h.
 */
#ifndef HEADWATER_TRACE_ATTRIBUTES_H
#define HEADWATER_TRACE_ATTRIBUTES_H

#include "trace.h"
#include "claims.h"
#include "words.h"

#define AT_SYMLINK_NOFOLLOW 0x100
/* paths_record.extra: the object is the symbolic link itself. */
#define CLAIM_NO_FOLLOW 1

/* The name of an extended attribute: the kernel's copy, or the caller's own. */
__noinline int name_attribute(u64 task, u64 name, bool kernel)
{
	struct word_record *r;
	long length;

	if (policy.partial && !is_recorded_now())
		return 0;
	r = record_open(struct word_record, RECORD_WORD);
	if (!r)
		return 0;
	length = kernel ? bpf_probe_read_kernel_str(r->text, WORD_BYTES, (const char *)name)
			: bpf_probe_read_user_str(r->text, WORD_BYTES, (const char *)name);
	r->head.object = task;
	r->head.flags = kernel ? 0 : FLAG_CLAIMED;
	r->head.arg = length > 0 ? length : 0;
	record_close(r);
	return 0;
}

static __noinline int change_open(struct call *call, u32 op, u32 fd)
{
	struct opened at = {};
	struct inode_key key;

	if (!call || !opened(fd, &at))
		return 0;
	attributes_claimed = 1;
	key = inode_key(at.inode);
	return claim_put(&call->who, op, key.dev, key.ino);
}

static __always_inline int shared_change_open(struct call *call, u32 op, u32 fd)
{
	share_first(&call->who);
	return change_open(call, op, fd);
}

static __noinline int report_path(struct actor *who, u32 op, int directory, const char *path, u64 extra)
{
	struct paths_call names = {
		.from = { .directory = directory, .path = path },
		.op = op,
		.extra = extra,
	};

	if (!who)
		return 0;
	names.task = who->id;
	names.process = who->process->object.id;
	record_paths(&names);
	return 0;
}

/* `how`: CLAIM_… */
static __noinline int change_path(struct call *call, u32 op, int directory, const char *path, u64 how)
{
	attributes_claimed = 1;
	share_first(&call->who);
	report_path(&call->who, op, directory, path, how);
	return claim_put(&call->who, OP_CLAIM, 0, 0);
}

static __always_inline u64 how(u64 at_flags)
{
	return at_flags & AT_SYMLINK_NOFOLLOW ? CLAIM_NO_FOLLOW : 0;
}

#define ON_CHANGE(name, change)									\
static __noinline int on_##name(struct call *call)						\
{												\
	return change;										\
}
#define ON_NAMED_CHANGE(name, word, change)							\
static __noinline int on_##name(struct call *call)						\
{												\
	name_attribute(call->who.id, word, false);						\
	return change;										\
}
#define PATH(argument) ((const char *)(argument))

/* ---- at entry ---- */

ON_CHANGE(change, change_path(call, OP_SETATTR, AT_FDCWD, PATH(ARG1(call)), 0))
ON_CHANGE(change_link, change_path(call, OP_SETATTR, AT_FDCWD, PATH(ARG1(call)), CLAIM_NO_FOLLOW))
ON_CHANGE(change_at, change_path(call, OP_SETATTR, ARG1(call), PATH(ARG2(call)), 0))
ON_CHANGE(change_at_fourth, change_path(call, OP_SETATTR, ARG1(call), PATH(ARG2(call)), how(ARG4(call))))
ON_CHANGE(change_at_fifth, change_path(call, OP_SETATTR, ARG1(call), PATH(ARG2(call)), how(ARG5(call))))
ON_CHANGE(change_open, shared_change_open(call, OP_SETATTR, ARG1(call)))
/* Without times it is now: nobody's choice. */
ON_CHANGE(change_times, ARG2(call) ? change_path(call, OP_SETATTR, AT_FDCWD, PATH(ARG1(call)), 0) : 0)
ON_CHANGE(change_times_at, !ARG3(call) ? 0 : ARG2(call)
	  ? change_path(call, OP_SETATTR, ARG1(call), PATH(ARG2(call)), call->regs->orig_ax == 280 /* utimensat */ ? how(ARG4(call)) : 0)
	  : shared_change_open(call, OP_SETATTR, ARG1(call)))
ON_NAMED_CHANGE(set_extended, ARG2(call), change_path(call, OP_SETXATTR, AT_FDCWD, PATH(ARG1(call)), 0))
ON_NAMED_CHANGE(set_extended_link, ARG2(call), change_path(call, OP_SETXATTR, AT_FDCWD, PATH(ARG1(call)), CLAIM_NO_FOLLOW))
ON_NAMED_CHANGE(set_extended_open, ARG2(call), shared_change_open(call, OP_SETXATTR, ARG1(call)))
ON_NAMED_CHANGE(set_extended_at, ARG4(call), change_path(call, OP_SETXATTR, ARG1(call), PATH(ARG2(call)), how(ARG3(call))))
ON_NAMED_CHANGE(remove_extended, ARG2(call), change_path(call, OP_REMOVEXATTR, AT_FDCWD, PATH(ARG1(call)), 0))
ON_NAMED_CHANGE(remove_extended_link, ARG2(call), change_path(call, OP_REMOVEXATTR, AT_FDCWD, PATH(ARG1(call)), CLAIM_NO_FOLLOW))
ON_NAMED_CHANGE(remove_extended_open, ARG2(call), shared_change_open(call, OP_REMOVEXATTR, ARG1(call)))
ON_NAMED_CHANGE(remove_extended_at, ARG4(call), change_path(call, OP_REMOVEXATTR, ARG1(call), PATH(ARG2(call)), how(ARG3(call))))

/* ---- at exit ---- */

/* As stat(2) writes a device number: include/linux/kdev_t.h, new_encode_dev. */
static __always_inline u32 decode_device(u64 encoded)
{
	u32 major = (encoded & 0xfff00) >> 8;
	u32 minor = (encoded & 0xff) | ((encoded >> 12) & 0xfff00);

	return major << 20 | minor;
}

/* struct stat of the caller, just filled: device and inode number come first. */
static __noinline int stat_answered(struct call *call, const u64 *answer)
{
	u64 file[2] = {};

	if (!call || call->result < 0 || !attributes_claimed)
		return 0;
	if (bpf_probe_read_user(file, sizeof(file), answer)) {
		lost(LOSS_UNREADABLE);
		return 0;
	}
	return claim_taken(&call->who, OP_GETATTR, decode_device(file[0]), file[1]);
}

static __noinline int on_exit_stat(struct call *call)
{
	return stat_answered(call, (const u64 *)ARG2(call));
}

static __noinline int on_exit_stat_at(struct call *call)
{
	return stat_answered(call, (const u64 *)ARG3(call));
}

/* struct statx: stx_ino, and stx_dev_major, stx_dev_minor (include/uapi/linux/stat.h). */
static __noinline int stat_extended_answered(struct actor *who, const char *answer)
{
	u32 device[2] = {};
	u64 ino = 0;

	if (!who || !attributes_claimed)
		return 0;
	if (bpf_probe_read_user(&ino, sizeof(ino), answer + 0x20) || bpf_probe_read_user(device, sizeof(device), answer + 0x88)) {
		lost(LOSS_UNREADABLE);
		return 0;
	}
	return claim_taken(who, OP_GETATTR, device[0] << 20 | device[1], ino);
}

static __noinline int on_exit_stat_extended(struct call *call)
{
	return call->result < 0 ? 0 : stat_extended_answered(&call->who, PATH(ARG5(call)));
}

static __noinline int asked_open(struct call *call, u32 op, u32 fd)
{
	struct opened at = {};
	struct inode_key key;

	if (!call || call->result < 0 || !attributes_claimed || !opened(fd, &at))
		return 0;
	key = inode_key(at.inode);
	return claim_taken(&call->who, op, key.dev, key.ino);
}

static __noinline int asked_path(struct call *call, u32 op, int directory, const char *path, u64 how)
{
	if (!call || call->result < 0 || !attributes_claimed)
		return 0;
	report_path(&call->who, op, directory, path, how);
	return claim_taken(&call->who, OP_CLAIM, 0, 0);
}

#define ON_ASKED(name, asked)									\
static __noinline int on_exit_##name(struct call *call)					\
{												\
	return asked;										\
}

ON_ASKED(stat_open, asked_open(call, OP_GETATTR, ARG1(call)))
ON_ASKED(access, asked_path(call, OP_GETATTR, AT_FDCWD, PATH(ARG1(call)), 0))
ON_ASKED(access_at, asked_path(call, OP_GETATTR, ARG1(call), PATH(ARG2(call)), 0))
ON_ASKED(get_extended, asked_path(call, OP_GETXATTR, AT_FDCWD, PATH(ARG1(call)), 0))
ON_ASKED(get_extended_link, asked_path(call, OP_GETXATTR, AT_FDCWD, PATH(ARG1(call)), CLAIM_NO_FOLLOW))
ON_ASKED(get_extended_open, asked_open(call, OP_GETXATTR, ARG1(call)))
ON_ASKED(get_extended_at, asked_path(call, OP_GETXATTR, ARG1(call), PATH(ARG2(call)), how(ARG3(call))))
ON_ASKED(list_extended, asked_path(call, OP_LISTXATTR, AT_FDCWD, PATH(ARG1(call)), 0))
ON_ASKED(list_extended_link, asked_path(call, OP_LISTXATTR, AT_FDCWD, PATH(ARG1(call)), CLAIM_NO_FOLLOW))
ON_ASKED(list_extended_open, asked_open(call, OP_LISTXATTR, ARG1(call)))
ON_ASKED(list_extended_at, asked_path(call, OP_LISTXATTR, ARG1(call), PATH(ARG2(call)), how(ARG3(call))))
ON_ASKED(get_flags_at, asked_path(call, OP_GETATTR, ARG1(call), PATH(ARG2(call)), how(ARG5(call))))

/* A symbolic link holds its target. */
static __noinline int read_link(struct call *call, int directory, const char *path)
{
	if (!call || call->result <= 0)
		return 0;
	report_path(&call->who, OP_READ_LINK, directory, path, CLAIM_NO_FOLLOW);
	return claim_taken(&call->who, OP_CLAIM, 0, 0);
}

ON_ASKED(read_link, read_link(call, AT_FDCWD, PATH(ARG1(call))))
ON_ASKED(read_link_at, read_link(call, ARG1(call), PATH(ARG2(call))))

#endif
