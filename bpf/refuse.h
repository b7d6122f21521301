/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The policy ON_LOSS_BLOCK: what cannot be recorded does not happen. An LSM hook refuses the operation with EAGAIN
 *
 *   - before its body runs, if this CPU's ring is filled so far that only a reserve is left. The reserve is for what nobody
 *     can refuse any more: the ends of calls that were let in before (a read that waited), forks, exits;
 *   - after it, if a record found no room all the same. Another program of this CPU may have been the one that found none, and
 *     this one is refused for nothing; never the other way round.
 *
 * Only tasks that are recorded are refused anything, so never Headwater itself. With any other policy the verifier finds all
 * of this dead and leaves it out.
 */
#ifndef HEADWATER_REFUSE_H
#define HEADWATER_REFUSE_H

#include "flow.h"

static __always_inline bool is_recorded(struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;
	struct task_state *state = bpf_task_storage_get(&tasks, task, NULL, 0);
	struct task_state *of_leader = bpf_task_storage_get(&tasks, leader, NULL, 0);

	if (task->flags & PF_KTHREAD || task->tgid == config.self)
		return false;
	if ((state && state->opaque) || (of_leader && of_leader->opaque))
		return false;
	if (of_leader && of_leader->verdict == policy.unselected)
		return false;
	return config.whole_system || state || of_leader;
}

static __noinline bool in_reserve(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	void *ring = ring_here();
	struct lane *here = lane();

	if (!ring || !here || bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) <= config.refuse_from)
		return false;
	if (!is_recorded(task))
		return false;
	__sync_fetch_and_add(&here->refused, 1);
	return true;
}

/* True if the operation is to be refused before anything is recorded of it. */
static __always_inline bool refuse_at_once(void)
{
	return config.on_loss == ON_LOSS_BLOCK && in_reserve();
}

/* For verdict_since. */
static __always_inline u64 unwritten_so_far(void)
{
	struct lane *here;

	if (config.on_loss != ON_LOSS_BLOCK)
		return 0;
	here = lane();
	return here ? *(volatile u64 *)&here->unwritten : 0;
}

/* What the hook says of the operation, given what could not be written on this CPU since. */
static __always_inline int verdict_since(u64 unwritten_before)
{
	struct lane *here;

	if (config.on_loss != ON_LOSS_BLOCK)
		return 0;
	here = lane();
	if (!here || *(volatile u64 *)&here->unwritten == unwritten_before)
		return 0;
	__sync_fetch_and_add(&here->refused, 1);
	return -EAGAIN;
}

#endif
