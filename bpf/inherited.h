/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What a process that is made shares with the one that made it, and until when: shared.h. */
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

/* Anonymous memory is mapped shared: the next child will have it too. Who shares the whole memory may fork as well. */
static __noinline int remember_anonymous(struct process *process)
{
	struct inode_key key = { .dev = OBJECT_DEVICE | OBJECT_MEMORY };

	if (!process)
		return 0;
	if (!shares_space(process)) {
		process->anonymous = 1;
		return 0;
	}
	key.ino = process->mappings[0].key.ino;
	if (bpf_map_lookup_elem(&inodes, &key) || introduce_inode(&key, NULL, FLAG_CREATED))
		share(process, &key, 1);
	return 0;
}

/* Before a process is made that will use the very same memory. */
static __noinline int share_space(struct process *process)
{
	struct inode_key key = { .dev = OBJECT_DEVICE | OBJECT_SPACE };

	if (!process)
		return 0;
	key.ino = process->object.id;
	if (shares_space(process) || !introduce_inode(&key, NULL, 0))
		return 0;
	further_made(key.ino);
	set_mapping(&process->mappings[0], &key, 1);
	__sync_val_compare_and_swap(&process->mapped, 0, 1);
	is_otherwise(&process->object);
	return 0;
}

/* What is mapped further on. False if it is lost. */
static __noinline bool inherit_further(struct process *parent, struct process *child, bool copied)
{
	struct further_mappings *more;
	u64 id;

	if (!parent || !child)
		return false;
	more = further_of(parent);
	if (!more)
		return false;
	if (!copied && shares_space(parent)) {
		__sync_fetch_and_add(&more->others, 1);
		return true;
	}
	if (!more->used)
		return true;
	id = child->object.id;
	if (bpf_map_update_elem(&further, &id, more, BPF_ANY))
		return false;
	more = bpf_map_lookup_elem(&further, &id);
	if (more)
		more->others = 0;
	child->mapped = MAPPINGS_NEAR + 1;
	return true;
}

/* The child shares what its parent does; but not all of its memory, if that was copied. */
static __noinline int inherit_mappings(struct process *parent, struct process *child, bool copied)
{
	if (!parent || !child)
		return 0;
	__builtin_memcpy(child->mappings, parent->mappings, sizeof(child->mappings));
	child->mapped = parent->mapped;
	if (copied) {
		__builtin_memset(&child->mappings[0], 0, sizeof(child->mappings[0]));
		if (child->mapped == 1)
			child->mapped = 0;
	}
	if (has_further(parent) && !inherit_further(parent, child, copied)) {
		lost_of(LOSS_MAP_FULL, CLASS_ACCESS);
		if (child->mapped > MAPPINGS_NEAR)
			child->mapped = MAPPINGS_NEAR;
	}
	is_otherwise(&child->object);
	return 0;
}

/* A vforked child is done with its parent's memory: what it has mapped there stays. The parent has slept meanwhile. */
static __noinline int take_back_mappings(struct process *parent, struct process *child)
{
	u64 id;

	if (!parent || !child)
		return 0;
	parent->anonymous |= child->anonymous;
	if (shares_space(parent) || (child->mapped == parent->mapped && !has_further(child)))
		return 0;
	id = parent->object.id;
	if (shares_space(child))
		bpf_map_delete_elem(&further, &id);
	return inherit_mappings(child, parent, false);
}

/* Nothing is shared any more: the program ends, or another takes its place. */
static __noinline int unshare_all(struct process *process)
{
	struct further_mappings *more;
	u64 id;

	if (!process)
		return 0;
	/* Only of one who has any left: of a process that ends by parts it is asked more than once. */
	if (has_further(process)) {
		id = further_id(process);
		more = bpf_map_lookup_elem(&further, &id);
		if (more && !__sync_fetch_and_add(&more->others, -1))
			bpf_map_delete_elem(&further, &id);
	}
	__builtin_memset(process->mappings, 0, sizeof(process->mappings));
	process->mapped = 0;
	process->anonymous = 0;
	return 0;
}

#endif
