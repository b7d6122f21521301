/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What a process that is made shares with the one that made it: shared.h. */
#ifndef HEADWATER_INHERITED_H
#define HEADWATER_INHERITED_H

#include "inodes.h"
#include "shared.h"

/* Before a process is copied: the memory that both will share gets its object. */
static __noinline int share_anonymous(struct process *process)
{
	struct inode_key key = { .ino = new_object_id(), .dev = OBJECT_DEVICE | OBJECT_MEMORY };

	if (!process)
		return 0;
	process->anonymous = 0;
	if (introduce_inode(&key, NULL, FLAG_CREATED))
		share(process, &key, 1);
	return 0;
}

/* Anonymous memory is mapped shared: the next child will have it too. */
static __always_inline void remember_anonymous(struct process *process)
{
	process->anonymous = 1;
}

/* Before a process is made that will use the very same memory. */
static __noinline int share_space(struct process *process)
{
	struct inode_key key = { .dev = OBJECT_DEVICE | OBJECT_SPACE };

	if (!process)
		return 0;
	key.ino = process->object.id;
	if (process->mappings[0].key.dev || !introduce_inode(&key, NULL, 0))
		return 0;
	set_mapping(&process->mappings[0], &key, 1);
	if (!process->mapped)
		process->mapped = 1;
	return 0;
}

/* The child shares what its parent does; but not all of its memory, if that was copied. */
static __noinline int inherit_mappings(struct process *parent, struct process *child, bool copied)
{
	struct further_mappings *more;
	u64 id;

	if (!parent || !child)
		return 0;
	__builtin_memcpy(child->mappings, parent->mappings, sizeof(child->mappings));
	child->mapped = parent->mapped;
	if (copied) {
		__builtin_memset(&child->mappings[0], 0, sizeof(child->mappings[0]));
		if (child->mapped == 1)
			child->mapped = 0;
	}
	if (parent->mapped > MAPPINGS_NEAR) {
		more = further_of(parent);
		id = child->object.id;
		if (!more || bpf_map_update_elem(&further, &id, more, BPF_ANY)) {
			lost_of(LOSS_MAP_FULL, CLASS_ACCESS);
			child->mapped = MAPPINGS_NEAR;
		}
	}
	return 0;
}

#endif
