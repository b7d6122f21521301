/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Calls that name files by path. Where a front-end cannot see what the kernel made of the path, it reports the words of
 * the caller, and says so (FLAG_CLAIMED).
 */
#ifndef HEADWATER_PATHS_H
#define HEADWATER_PATHS_H

#include "names.h"
#include "actors.h"

#define AT_FDCWD (-100)

struct paths_short {
	struct record_head head;
	u64 task;
	u64 extra;
	u16 length[4];
	struct root_key root[2];
	char text[NAME_BYTES_SHORT];
};

struct paths_small {
	struct record_head head;
	u64 task;
	u64 extra;
	u16 length[4];
	struct root_key root[2];
	char text[NAME_BYTES_SMALL];
};

#define PATHS_SHORT_RUN 112
#define PATHS_SMALL_RUN 256
#define PATHS_LARGE_RUN 1024

struct named_file {
	int directory;		/* descriptor, or AT_FDCWD */
	u32 pad;
	const char *path;	/* user memory; NULL if there is none */
};

KEEP_TYPE(paths_short);
KEEP_TYPE(paths_small);
KEEP_TYPE(paths_record);

static __always_inline struct file *file_of(struct task_struct *task, u32 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);

	return fd < BPF_CORE_READ(table, max_fds) ? pointer_at(BPF_CORE_READ(table, fd) + fd) : NULL;
}

/*
 * Appends directory and path of one file; the directory of an absolute path is the task's root, nothing unless it has one of its
 * own (chroot). False if they do not fit or cannot be read.
 */
static __always_inline bool append_file(struct task_struct *task, struct named_file *named, char *text, u32 *used,
					u32 capacity, u32 run, void *step, u16 *length, struct root_key *root)
{
	struct walk walk = { .text = text };
	u32 at = *used;
	long copied;
	char first = 0;

	length[0] = 0;
	length[1] = 0;
	root_of(&walk, root);
	if (!named->path)
		return true;
	bpf_probe_read_user(&first, 1, named->path);
	walk.used = at;
	if (first == '/') {
		walk.dentry = BPF_CORE_READ(task, fs, root.dentry);
		walk.vfsmount = BPF_CORE_READ(task, fs, root.mnt);
	} else if (named->directory == AT_FDCWD) {
		walk.dentry = BPF_CORE_READ(task, fs, pwd.dentry);
		walk.vfsmount = BPF_CORE_READ(task, fs, pwd.mnt);
	} else {
		struct file *file = file_of(task, named->directory);

		if (!file)
			return false;
		walk.dentry = BPF_CORE_READ(file, f_path.dentry);
		walk.vfsmount = BPF_CORE_READ(file, f_path.mnt);
	}
	bpf_loop(NAME_LEVELS, step, &walk, 0);
	if (!walk.done)
		return false;
	root_of(&walk, root);
	length[0] = walk.used - at;
	at = walk.used;
	if (at > capacity - run)
		return false;
	copied = bpf_probe_read_user_str(text + at, run, named->path);
	if (copied <= 0 || copied > run - 1)
		return false;
	length[1] = copied;
	*used = at + copied;
	return true;
}

struct paths_call {
	struct named_file from;
	struct named_file to;
	u64 task;
	u64 extra;
	u64 process;
	u64 process_state;
	u32 op;
	u32 pad;
};

#define record_paths_sized(call, type, capacity, run, step)					\
({												\
	struct task_struct *task_ = bpf_get_current_task_btf();				\
	type *r_ = record_open(type, RECORD_PATHS);						\
	int recorded_ = -1;									\
	if (r_) {										\
		u32 used_ = 0;									\
		r_->head.op = (call)->op;							\
		r_->head.flags = FLAG_CLAIMED;							\
		r_->head.object = (call)->process;						\
		r_->task = (call)->task;							\
		r_->extra = (call)->extra;							\
		recorded_ = append_file(task_, &(call)->from, r_->text, &used_, capacity, run, step, &r_->length[0], &r_->root[0]) && \
			    append_file(task_, &(call)->to, r_->text, &used_, capacity, run, step, &r_->length[2], &r_->root[1]); \
		if (recorded_)									\
			record_close(r_);							\
		else										\
			record_drop(r_);							\
	}											\
	recorded_;										\
})

/* 1: recorded; 0: it does not fit, or cannot be read; -1: there was no room in the ring, which is counted. */
__noinline int record_paths_short(struct paths_call *call)
{
	return !call ? 0 : record_paths_sized(call, struct paths_short, NAME_BYTES_SHORT, PATHS_SHORT_RUN,
				  walk_short);
}

__noinline int record_paths_small(struct paths_call *call)
{
	return !call ? 0 : record_paths_sized(call, struct paths_small, NAME_BYTES_SMALL, PATHS_SMALL_RUN,
				  walk_small);
}

__noinline int record_paths_large(struct paths_call *call)
{
	return !call ? 0 : record_paths_sized(call, struct paths_record, NAME_BYTES_LARGE, PATHS_LARGE_RUN,
				  walk_large);
}

/* Whether a call by path is recorded: nobody knows of which object it is, so this goes by who acts. */
static __always_inline bool path_passes(u32 op)
{
	return !is_set(policy.operations, op) && (!policy.partial || is_recorded_now());
}

static __always_inline void record_paths(struct paths_call *call)
{
	int recorded;

	if (policy.active && !path_passes(call->op))
		return;
	recorded = record_paths_short(call);
	if (!recorded)
		recorded = record_paths_small(call);
	if (!recorded)
		recorded = record_paths_large(call);
	if (!recorded)
		lost_of(LOSS_UNREADABLE, CLASS_NAME);
}

#endif
