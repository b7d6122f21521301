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

enum place_found {
	PLACE_NONE,
	PLACE_TAKEN,		/* a new one */
	PLACE_OF_BEFORE,	/* it is shared already */
};

struct place_wanted {
	struct further_mappings *more;
	struct inode_key key;
	u32 writable;
	u32 found;
};

/* One step of the search, for bpf_loop. */
static long take_further(u32 i, struct place_wanted *wanted)
{
	struct further_mappings *more = wanted->more;
	struct mapping *mapping;

	if (i >= MAPPINGS_FURTHER)
		return 1;
	mapping = &more->at[i];
	if (i >= *(volatile u32 *)&more->used && __sync_val_compare_and_swap(&more->used, i, i + 1) == i) {
		set_mapping(mapping, &wanted->key, wanted->writable);
		wanted->found = PLACE_TAKEN;
		return 1;
	}
	if (same_mapping(mapping, &wanted->key)) {
		mapping->writable |= wanted->writable;
		wanted->found = PLACE_OF_BEFORE;
		return 1;
	}
	return 0;
}

__noinline int share_further(struct process *process, struct inode_key *key, u32 writable)
{
	struct place_wanted wanted = { .writable = writable };

	if (!process || !key)
		return 0;
	wanted.key = *key;
	wanted.more = further_made(further_id(process));
	if (!wanted.more)
		return 0;
	bpf_loop(MAPPINGS_FURTHER, take_further, &wanted, 0);
	if (!wanted.found)
		lost_of(LOSS_MAP_FULL, CLASS_ACCESS);
	else if (wanted.found == PLACE_TAKEN && !shares_space(process))
		process->mapped = MAPPINGS_NEAR + 1;
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

/* Mapped shared it is anonymous memory, and nothing of it gets to others who use the device. */
#define DEV_ZERO (1 << 20 | 5)

/* A walk over what a process shares: bpf_loop verifies its step once, not once for each place. */
struct sharing {
	struct process *process;
	union {
		struct further_mappings *more;	/* the places further on; NULL: those near */
		u64 further;			/* what they are found by: a chain of calls has 512 bytes of stack */
	};
	u64 task;
	u32 took;
};

static __always_inline struct mapping *mapping_at(struct sharing *walk, u32 i)
{
	if (walk->more)
		return i < MAPPINGS_FURTHER && i < walk->more->used ? &walk->more->at[i] : NULL;
	return i < MAPPINGS_NEAR && i < walk->process->mapped ? &walk->process->mappings[i] : NULL;
}

/* Read where it is needed: kept over a call it would take stack, of which a chain of calls has 512 bytes. */
static __always_inline struct process *sharer(struct sharing *walk)
{
	return *(struct process *volatile *)&walk->process;
}

static long walk_out_step(u32 i, struct sharing *walk)
{
	struct mapping *mapping = mapping_at(walk, i);
	struct inode_object *object;
	struct inode_key key;

	if (!mapping)
		return 1;
	if (!mapping->key.dev || !mapping->writable)
		return 0;
	key = mapping->key;
	object = bpf_map_lookup_elem(&inodes, &key);
	if (!object)
		lost_of(LOSS_MAP_FULL, CLASS_ACCESS);
	else
		flow_to_inode(&sharer(walk)->object, object, sharing_op(&key, OP_MMAP_WRITE), 0, 0, 0, walk->task);
	return 0;
}

static long walk_in_step(u32 i, struct sharing *walk)
{
	struct mapping *mapping = mapping_at(walk, i);
	struct inode_object *object;
	struct inode_key key;

	if (!mapping)
		return 1;
	if (!mapping->key.dev)
		return 0;
	key = mapping->key;
	object = bpf_map_lookup_elem(&inodes, &key);
	if (!object)
		lost_of(LOSS_MAP_FULL, CLASS_ACCESS);
	else
		walk->took |= flow_into(&object->object, sharer(walk), SEEN_PROCESS, sharing_op(&key, OP_SHARE_READ), 0, 0, 0,
					walk->task);
	return 0;
}

static __always_inline void walk_shared(struct sharing *walk, void *step)
{
	walk->more = NULL;
	bpf_loop(MAPPINGS_NEAR, step, walk, 0);
	if (!has_further(walk->process))
		return;
	walk->further = further_id(walk->process);
	walk->more = bpf_map_lookup_elem(&further, &walk->further);
	if (walk->more)
		bpf_loop(MAPPINGS_FURTHER, step, walk, 0);
}

/* The process has taken something in: it can be in all that it shares. */
__noinline int share_out(struct process *process, u64 task)
{
	struct sharing walk = { .process = process, .task = task };

	if (process)
		walk_shared(&walk, walk_out_step);
	return 0;
}

/* The process is about to put something out: it can hold what others have put where it shares memory. */
__noinline int share_in(struct process *process, u64 task)
{
	struct sharing walk = { .process = process, .task = task };

	if (!process)
		return 0;
	walk_shared(&walk, walk_in_step);
	/* Not by share_out: a chain of calls has 512 bytes of stack. */
	if (walk.took)
		walk_shared(&walk, walk_out_step);
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
