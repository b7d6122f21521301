/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Tasks that the policy does not record, and files that are tracked. Once something is tracked, such a task has to look at what it
 * touches. For files there is a table of the numbers of all inodes that ever came to be tracked, one entry for each 65,536th number: what
 * is not in there is not tracked, and the task leaves as soon as if it did not have to look. It is written before the marks are (flow.h).
 */
#ifndef HEADWATER_BYSTANDERS_H
#define HEADWATER_BYSTANDERS_H

#include "kernel.h"
#include "conclusions.h"
#include "select.h"
#include <bpf/bpf_helpers.h>

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

/* ---- files that are tracked ---- */

/* include/linux/major.h: MEM_MAJOR, and its minor for kmsg */
#define MAJOR_MEMORY 1
#define DEV_KMSG (MAJOR_MEMORY << 20 | 11)

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
