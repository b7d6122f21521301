/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Flows of calls that name their object by path. The trace front-end cannot say which object that is; the reader finds out, from the
 * caller's words (RECORD_PATHS) or from what stat(2) answered. What is drawn then must have states here all the same, or
 * suppression would leave out what followed from it. So one object, OBJECT_CLAIMED, stands for all that calls by path put
 * something into: each such call gives it a new state, and who takes something out of one of them takes it from this object.
 *
 *   a process changes attributes by path	RECORD_PATHS, process -> claimed
 *   a process asks for attributes		claimed -> process: for each inode, once in each state of `claimed`
 *   a process changes a directory by path	RECORD_PATHS, process -> claimed
 *   a process lists a directory		claimed -> directory, then directory -> process, as always
 */
#ifndef HEADWATER_CLAIMS_H
#define HEADWATER_CLAIMS_H

#include "trace.h"

/* Of which inode a process has taken what, in the state of `claimed` that it was in. */
struct claim_key {
	u64 process;
	u64 ino;
	u32 dev;
	u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct claim_key);
	__type(value, u64);
} claims_taken SEC(".maps");

/* Set when something was claimed for the first time: until then, to ask is no flow. */
u64 attributes_claimed;
u64 entries_claimed;

static __noinline struct inode_object *claimed(void)
{
	return class_object(OBJECT_CLAIMED, 0, 0);
}

/* What the process shares with others by mappings goes with what it is about to put out. For claim_put's callers: its chain is deep. */
static __noinline int share_first(struct actor *who)
{
	return who && who->process->mapped ? share_in(who->process, who->id) : 0;
}

__noinline int put_claim(struct process *process, u64 task, u32 op, u32 dev, u64 ino)
{
	struct inode_object *sink = claimed();
	struct flow flow = {};

	if (!sink || !process)
		return 0;
	flow.from = process->object.id;
	flow.from_state = *(volatile u64 *)&process->object.state;
	flow.remember = flow.from_state;
	flow.op = op;
	flow.arg = dev;
	flow.extra = ino;
	flow.task = task;
	if (!lets_through(&process->object, &sink->object, &flow))
		return 0;
	return record_flow(&flow, &sink->object, &sink->seen[seen_slot(flow.from_state, SEEN_INODE)]);
}

/* Something flows out of the process. Always recorded. For attributes of a known inode, `dev` and `ino` say which. */
static __always_inline int claim_put(struct actor *who, u32 op, u32 dev, u64 ino)
{
	return put_claim(who->process, who->id, op, dev, ino);
}

__noinline int take_claim(struct process *process, u64 task, u32 op, u32 dev, u64 ino)
{
	struct inode_object *source = claimed();
	struct claim_key key = { .dev = dev, .ino = ino };
	struct flow flow = {};
	u64 unknown = 0, *seen = &unknown;

	if (!source || !process)
		return 0;
	key.process = process->object.id;
	flow.from_state = *(volatile u64 *)&source->object.state;
	if (ino) {
		seen = bpf_map_lookup_elem(&claims_taken, &key);
		if (!seen) {
			bpf_map_update_elem(&claims_taken, &key, &unknown, BPF_NOEXIST);
			seen = bpf_map_lookup_elem(&claims_taken, &key);
		}
		if (!seen) {
			lost_of(LOSS_MAP_FULL, CLASS_ACCESS);
			return 0;
		}
		if (*(volatile u64 *)seen == flow.from_state)
			return 0;
	}
	flow.remember = flow.from_state;
	flow.from = source->object.id;
	flow.op = op;
	flow.arg = dev;
	flow.extra = ino;
	flow.task = task;
	if (lets_through(&source->object, &process->object, &flow) && record_flow(&flow, &process->object, seen) && process->mapped)
		share_out(process, task);
	return 0;
}

/* Something flows into the process. Left out if it has taken it from that inode in this state; `ino` 0: never left out. */
static __always_inline int claim_taken(struct actor *who, u32 op, u32 dev, u64 ino)
{
	return take_claim(who->process, who->id, op, dev, ino);
}

/* A directory takes what calls by path may have put there. */
static __noinline int claimed_entries(struct inode_object *directory, u64 task)
{
	struct inode_object *source = claimed();

	if (source && directory)
		flow_to_inode(&source->object, directory, OP_CLAIM, 0, 0, 0, task);
	return 0;
}

#endif
