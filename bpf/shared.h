/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Memory that a process shares with files. What it loads and stores through a shared mapping passes no hook, so the worst is
 * taken for granted: whatever the process takes in is at once in every file that it has mapped shared and may write, and
 * before it puts anything out it has taken in what those files hold. Both are ordinary flows, so the second time they add
 * nothing and cost a look-up; a process without shared mappings pays one comparison.
 *
 * Mappings are remembered until the program ends or executes another: munmap is not followed, which errs on the side of
 * an edge too many. One that does not fit is counted as lost.
 */
#ifndef HEADWATER_SHARED_H
#define HEADWATER_SHARED_H

#include "flow.h"
#include "read.h"
#include "uring.h"

/* What a process may write, not what it asked to: a later mprotect need not be seen then. */
static __always_inline bool is_writable(struct file *file)
{
	return field(file, f_mode) & FMODE_WRITE && !is_ring(file);
}

static __always_inline void remember_mapping(struct process *process, struct inode_key *key, bool writable)
{
	u32 i;

	for (i = 0; i < MAPPINGS_MAX; i++) {
		struct mapping *mapping = &process->mappings[i];

		if (i >= process->mapped) {
			mapping->key = *key;
			mapping->writable = writable;
			process->mapped = i + 1;
			return;
		}
		if (mapping->key.ino == key->ino && mapping->key.dev == key->dev &&
		    mapping->key.generation == key->generation) {
			mapping->writable |= writable;
			return;
		}
	}
	lost_of(LOSS_MAP_FULL, CLASS_ACCESS);
}

/* The process has taken something in: it can be in the files that it has mapped. Global, so that it is verified once. */
__noinline int share_out(struct process *process, u64 task)
{
	struct inode_object *object;
	u32 i;

	if (!process)
		return 0;
	for (i = 0; i < MAPPINGS_MAX && i < process->mapped; i++) {
		struct inode_key key = process->mappings[i].key;

		if (!process->mappings[i].writable)
			continue;
		object = bpf_map_lookup_elem(&inodes, &key);
		if (object)
			flow_to_inode(&process->object, object, OP_MMAP_WRITE, 0, 0, 0, task);
	}
	return 0;
}

/* The process is about to put something out: it can hold what others have put into the files that it has mapped. */
__noinline int share_in(struct process *process, u64 task)
{
	struct inode_object *object;
	bool took = false;
	u32 i;

	if (!process)
		return 0;
	for (i = 0; i < MAPPINGS_MAX && i < process->mapped; i++) {
		struct inode_key key = process->mappings[i].key;

		object = bpf_map_lookup_elem(&inodes, &key);
		if (object)
			took |= flow_into(&object->object, process, SEEN_PROCESS, OP_MMAP_SHARED, 0, 0, 0, task);
	}
	return took ? share_out(process, task) : 0;
}

#endif
