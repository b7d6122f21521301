/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * A negative cache, by pid: tasks that the policy does not record whatever they do. The programs that such a task passes leave at once,
 * as a look-up of what is kept of a task costs more than all else that they do. An entry is valid while it names the task (pid and
 * start) and nothing has changed that it was concluded from; whoever changes such a thing calls conclusions_change() after it, and all
 * entries are void. User space has an iterator do so after it has changed the policy (policy_changed). A task writes its own entry
 * only, when it acts, and its number last, so two that share a place cannot make one that is true of neither.
 *
 * Once something is tracked, one that is not recorded has to look at what it touches. For files there is a table of the numbers of all
 * inodes that ever came to be tracked, one entry for each 65,536th number: what is not in there is not tracked, and such a task leaves
 * as soon. It is written before the marks are (flow.h).
 */
#ifndef HEADWATER_BYSTANDERS_H
#define HEADWATER_BYSTANDERS_H

#include "kernel.h"
#include "select.h"
#include <bpf/bpf_helpers.h>

/* Which task, for as long as a boot lasts, and how often anything had changed when the conclusion was drawn. */
struct bystander {
	u64 started;
	union {
		struct {
			u32 pid;
			u32 changes;
		};
		u64 drawn;	/* both, as they are written: whoever finds his number finds his own conclusion */
	};
};

/* With the pid: it has to look at what it touches. Pids have 22 bits. */
#define LOOKS (1u << 31)

/* A power of two. Tasks that share a place only pay more. */
#define BYSTANDERS 4096

volatile struct bystander bystanders[BYSTANDERS] SEC(".data.bystanders") = {};

/* Counts from 1, as an empty place says 0. */
volatile u32 conclusions_changed = 1;

static __always_inline void conclusions_change(void)
{
	__sync_fetch_and_add(&conclusions_changed, 1);
}

volatile u32 tracking_concluded = 0;

/*
 * Something is tracked from now on: everybody looks at what he touches. Who finds that said already may mark at once, so it is said when
 * no conclusion from before holds any more.
 */
static __always_inline void something_is_tracked(void)
{
	if (tracking_concluded)
		return;
	objects_marked = 1;
	conclusions_change();
	tracking_concluded = 1;
}

static __always_inline volatile struct bystander *bystander_place(u32 pid)
{
	return &bystanders[pid & (BYSTANDERS - 1)];
}

/* There is a conclusion that still holds of whoever the place names. */
static __always_inline bool holds(volatile struct bystander *place, struct task_struct *task)
{
	return place->changes == conclusions_changed && place->started == task->start_boottime;
}

static __always_inline bool is_bystander(struct task_struct *task)
{
	u32 pid = task->pid;
	volatile struct bystander *place = bystander_place(pid);

	return holds(place, task) && place->pid == pid;
}

/* `changes`: how often anything had changed before the first look at what the conclusion is drawn from. */
static __always_inline void note_bystander(struct task_struct *task, u32 changes, u32 looks)
{
	u32 pid = task->pid;
	volatile struct bystander *place = bystander_place(pid);

	/* Of who had the number before, nothing may be found together with the start of this one. */
	place->drawn = 0;
	place->started = task->start_boottime;
	place->drawn = (u64)changes << 32 | pid | looks;
}

static __always_inline void forget_bystander(struct task_struct *task)
{
	bystander_place(task->pid)->drawn = 0;
}

/* ---- files that are tracked ---- */

/* include/linux/major.h: MEM_MAJOR, and its minor for kmsg */
#define MAJOR_MEMORY 1
#define DEV_KMSG (MAJOR_MEMORY << 20 | 11)

/* A power of two; the upper half of an object's marks keeps which of them is its own. */
#define NUMBERS 65536
#define NUMBER_SHIFT 16

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, NUMBERS);
	__type(key, u32);
	__type(value, u64);
} tracked_numbers SEC(".maps");

/* Something is tracked that is met under numbers of which the table says nothing: the kernel's own data (/proc/kmsg). */
volatile u32 unnumbered_tracked = 0;

static __always_inline void number_tracked(u32 ino)
{
	u32 number = ino & (NUMBERS - 1);
	u64 *tracked = bpf_map_lookup_elem(&tracked_numbers, &number);

	if (tracked)
		*(volatile u64 *)tracked = 1;
}

/* An object is about to be tracked. */
static __always_inline void to_be_tracked(u32 kind, u32 marks)
{
	something_is_tracked();
	if (kind == KIND_KERNEL_DATA)
		unnumbered_tracked = 1;
	else if (kind == KIND_FILE || kind == KIND_DIRECTORY || kind == KIND_CHAR)
		number_tracked(marks >> NUMBER_SHIFT);
}

/* It is. A process is recorded from now on, though it was concluded that it is not; one that was not introduced has no kind. */
static __always_inline void tracked_now(u32 kind)
{
	if (!kind || kind == KIND_PROCESS_MEMORY || kind == KIND_KERNEL_DATA)
		conclusions_change();
}

/*
 * Whether an open file is certainly none that is tracked. For files whose object is that of their inode and which do not wait: of others,
 * what a read takes may be tracked by the time that it is there.
 */
static __always_inline bool is_untracked(struct file *file)
{
	struct inode *inode = file->f_inode;
	u32 type = inode->i_mode & S_IFMT, number;
	u64 *tracked;

	if (type != S_IFREG && type != S_IFDIR && (type != S_IFCHR || inode->i_rdev >> 20 != MAJOR_MEMORY || inode->i_rdev == DEV_KMSG))
		return false;
	number = inode->i_ino & (NUMBERS - 1);
	tracked = bpf_map_lookup_elem(&tracked_numbers, &number);
	return tracked && !*(volatile u64 *)tracked;
}

#endif
