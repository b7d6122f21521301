/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Tasks of which nothing is recorded whatever they do, so that the programs that they pass leave at once: a look-up of what is kept of a
 * task costs more than all else that such a program does. What is noted here is a conclusion, and holds as long as nothing that
 * it was drawn from has changed; then all of them are drawn anew. Whoever changes such a thing calls conclusions_change() after it;
 * user space, after it has changed the policy, has the iterator of that name do so.
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

/* A power of two. Tasks that share a place only pay more. */
#define BYSTANDERS 4096

volatile struct bystander bystanders[BYSTANDERS] SEC(".data.bystanders") = {};

/* Counts from 1, as an empty place says 0. */
volatile u32 conclusions_changed = 1;

static __always_inline void conclusions_change(void)
{
	__sync_fetch_and_add(&conclusions_changed, 1);
}

/* Something is tracked from now on: everybody looks at what he touches. */
static __always_inline void something_is_tracked(void)
{
	if (objects_marked)
		return;
	objects_marked = 1;
	conclusions_change();
}

static __always_inline volatile struct bystander *bystander_place(struct task_struct *task)
{
	return &bystanders[task->pid & (BYSTANDERS - 1)];
}

static __always_inline bool is_bystander(struct task_struct *task)
{
	volatile struct bystander *place = bystander_place(task);

	return place->changes == conclusions_changed && place->pid == task->pid && place->started == task->start_boottime;
}

/* `changes`: how often anything had changed before the first look at what the conclusion is drawn from. */
static __always_inline void note_bystander(struct task_struct *task, u32 changes)
{
	volatile struct bystander *place = bystander_place(task);

	/* Of who had the number before, nothing may be found together with the start of this one. */
	place->drawn = 0;
	place->started = task->start_boottime;
	place->drawn = (u64)changes << 32 | (u32)task->pid;
}

#endif
