/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Memory that a process shares. What it loads and stores there passes no hook, so the worst is taken for granted: whatever the
 * process takes in is at once in all memory that it shares and may write, and before it puts anything out it has taken in what
 * is held there. Both are ordinary flows, so the second time they add nothing and cost a look-up; a process that shares nothing
 * pays one comparison. What is shared is
 *
 *   - a file that it has mapped shared: the file's own object;
 *   - a System V segment that it has attached: an object of its class;
 *   - anonymous memory mapped shared: nobody shares it until the process forks, so it costs nothing until then. The fork makes
 *     one object for all that was mapped since the fork before, and both have it;
 *   - all of its memory, with a process made by clone(CLONE_VM): one object for the memory of both. What flows through it is not
 *     drawn, as the graph has but one memory for them. What either maps from then on, both have. (A vfork by the only thread is
 *     left to hand_back, as all of the parent sleeps.)
 *
 * Mappings are remembered until the program ends or executes another: munmap is not followed, which errs on the side of
 * an edge too many. The first few are kept with the process, more of them in a map; what does not fit is counted as lost.
 */
#ifndef HEADWATER_SHARED_H
#define HEADWATER_SHARED_H

#include "flow.h"
#include "read.h"
#include "uring.h"
#include "inodes.h"

/* Of one process; or of all that share one memory. Places are claimed by `used`, then filled: who reads skips empty ones. */
struct further_mappings {
	u32 used;
	u32 others;		/* how many processes share it, besides one */
	struct mapping at[MAPPINGS_FURTHER];
};

/* By the id of the process's object; if it shares its whole memory, by that of the first who did. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 8192);
	__type(key, u64);
	__type(value, struct further_mappings);
} further SEC(".maps");

/* A new entry is made of this one: too large for the stack, and never written. */
static const struct further_mappings no_mappings = {};

static __always_inline bool same_mapping(struct mapping *mapping, struct inode_key *key)
{
	return mapping->key.ino == key->ino && mapping->key.dev == key->dev && mapping->key.generation == key->generation;
}

/* The device last: it says that the place is filled. */
static __always_inline void set_mapping(struct mapping *mapping, struct inode_key *key, u32 writable)
{
	mapping->key.ino = key->ino;
	mapping->key.generation = key->generation;
	mapping->writable = writable;
	__sync_lock_test_and_set(&mapping->key.dev, key->dev);
}

/* The first place is for a whole memory: whatever is mapped there from then on, all who share it have. */
static __always_inline bool shares_space(struct process *process)
{
	return process->mappings[0].key.dev;
}

static __always_inline bool has_further(struct process *process)
{
	return process->mapped > MAPPINGS_NEAR || shares_space(process);
}

static __always_inline u64 further_id(struct process *process)
{
	return shares_space(process) ? process->mappings[0].key.ino : process->object.id;
}

static __always_inline struct further_mappings *further_of(struct process *process)
{
	u64 id = further_id(process);

	return bpf_map_lookup_elem(&further, &id);
}

/* Made now if there is none; of two threads that do so at once, one wins. */
static __always_inline struct further_mappings *further_made(u64 id)
{
	struct further_mappings *more = bpf_map_lookup_elem(&further, &id);

	if (!more) {
		bpf_map_update_elem(&further, &id, &no_mappings, BPF_NOEXIST);
		more = bpf_map_lookup_elem(&further, &id);
	}
	if (!more)
		lost_of(LOSS_MAP_FULL, CLASS_ACCESS);
	return more;
}

__noinline int share_further(struct process *process, struct inode_key *key, u32 writable)
{
	struct further_mappings *more;
	u32 i;

	if (!process || !key)
		return 0;
	more = further_made(further_id(process));
	if (!more)
		return 0;
	for (i = 0; i < MAPPINGS_FURTHER; i++) {
		struct mapping *mapping = &more->at[i];

		if (i >= *(volatile u32 *)&more->used && __sync_val_compare_and_swap(&more->used, i, i + 1) == i) {
			set_mapping(mapping, key, writable);
			if (!shares_space(process))
				process->mapped = MAPPINGS_NEAR + 1;
			return 0;
		}
		if (same_mapping(mapping, key)) {
			mapping->writable |= writable;
			return 0;
		}
	}
	lost_of(LOSS_MAP_FULL, CLASS_ACCESS);
	return 0;
}

/* The process shares this object's memory from now on. Of two threads that claim one place at once, one goes on to the next. */
__noinline int share(struct process *process, struct inode_key *key, u32 writable)
{
	u32 i, used;

	if (!process || !key)
		return 0;
	for (i = 1; i < MAPPINGS_NEAR && !shares_space(process); i++) {
		struct mapping *mapping = &process->mappings[i];

		used = *(volatile u32 *)&process->mapped;
		if (i >= used && __sync_val_compare_and_swap(&process->mapped, used, i + 1) == used) {
			set_mapping(mapping, key, writable);
			is_otherwise(&process->object);
			return 0;
		}
		if (same_mapping(mapping, key)) {
			mapping->writable |= writable;
			return 0;
		}
	}
	return share_further(process, key, writable);
}

/* What a process may write, not what it asked to: a later mprotect need not be seen then. */
static __always_inline bool is_writable(struct file *file)
{
	return field(file, f_mode) & FMODE_WRITE && !is_ring(file);
}

static __always_inline void remember_mapping(struct process *process, struct inode_key *key, bool writable)
{
	share(process, key, writable);
}

/* Within one memory there is nothing to draw. */
static __always_inline u32 sharing_op(struct inode_key *key, u32 op)
{
	return key->dev == (OBJECT_DEVICE | OBJECT_SPACE) ? OP_HAND_BACK : op;
}

__noinline int mapping_out(struct process *process, struct mapping *mapping, u64 task)
{
	struct inode_key key;
	struct inode_object *object;

	if (!process || !mapping || !mapping->key.dev || !mapping->writable)
		return 0;
	key = mapping->key;
	object = bpf_map_lookup_elem(&inodes, &key);
	if (!object)
		lost_of(LOSS_MAP_FULL, CLASS_ACCESS);
	else
		flow_to_inode(&process->object, object, sharing_op(&key, OP_MMAP_WRITE), 0, 0, 0, task);
	return 0;
}

/* 1 if it brought something new. */
__noinline int mapping_in(struct process *process, struct mapping *mapping, u64 task)
{
	struct inode_key key;
	struct inode_object *object;

	if (!process || !mapping || !mapping->key.dev)
		return 0;
	key = mapping->key;
	object = bpf_map_lookup_elem(&inodes, &key);
	if (!object) {
		lost_of(LOSS_MAP_FULL, CLASS_ACCESS);
		return 0;
	}
	return flow_into(&object->object, process, SEEN_PROCESS, sharing_op(&key, OP_SHARE_READ), 0, 0, 0, task);
}

/* Mapped shared it is anonymous memory, and nothing of it gets to others who use the device. */
#define DEV_ZERO (1 << 20 | 5)

static __always_inline void walk_out(struct process *process, u64 task)
{
	struct further_mappings *more;
	u32 i;

	for (i = 0; i < MAPPINGS_NEAR && i < process->mapped; i++)
		mapping_out(process, &process->mappings[i], task);
	if (!has_further(process))
		return;
	more = further_of(process);
	for (i = 0; more && i < MAPPINGS_FURTHER && i < more->used; i++)
		mapping_out(process, &more->at[i], task);
}

static __always_inline bool walk_in(struct process *process, u64 task)
{
	struct further_mappings *more;
	bool took = false;
	u32 i;

	for (i = 0; i < MAPPINGS_NEAR && i < process->mapped; i++)
		took |= mapping_in(process, &process->mappings[i], task);
	if (!has_further(process))
		return took;
	more = further_of(process);
	for (i = 0; more && i < MAPPINGS_FURTHER && i < more->used; i++)
		took |= mapping_in(process, &more->at[i], task);
	return took;
}

/* The process has taken something in: it can be in all that it shares. */
__noinline int share_out(struct process *process, u64 task)
{
	if (process)
		walk_out(process, task);
	return 0;
}

/* The process is about to put something out: it can hold what others have put where it shares memory. */
__noinline int share_in(struct process *process, u64 task)
{
	/* Not by share_out: a chain of calls has 512 bytes of stack. */
	if (process && walk_in(process, task))
		walk_out(process, task);
	return 0;
}

/*
 * Information flows out of a process: wherever one is the source, as what it shares has to be taken in first. `who`: struct actor *.
 */
#define put_out(who, sink, op, flags, arg, extra)						\
({												\
	if ((who)->process->mapped)								\
		share_in((who)->process, (who)->id);						\
	flow_to_inode(&(who)->process->object, sink, op, flags, arg, extra, (who)->id);		\
})

/* The same for an act that is worth a record whether or not it brings anything new. */
#define put_out_always(who, sink, op, arg)							\
({												\
	if ((who)->process->mapped)								\
		share_in((who)->process, (who)->id);						\
	act_on_inode(&(who)->process->object, sink, op, arg, (who)->id);			\
})

#endif
