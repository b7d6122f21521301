/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What was concluded of tasks, by pid, so that the programs that are passed all the time leave at once: a look-up of what is kept of a
 * task costs more than all else that they do. Of a task it is either
 *
 *   - that the policy does not record it, whatever it does: a bystander. LOOKS: unless it touches what is tracked (bystanders.h);
 *   - that it is recorded, and that what it did last to a file would add nothing if it did it again. REPEATS (repeats.h).
 *
 * A conclusion is valid while it names the task (pid and start) and nothing has changed that it was drawn from; whoever changes such a
 * thing calls conclusions_change() after it, and all of them are void. User space has an iterator do so after it has changed the policy
 * (policy_changed).
 *
 * A task writes its own conclusion only, when it acts. Tasks can share a place: who writes there takes it first, and draws nothing if it
 * is taken; who reads asks at the end whether it was his all the time.
 */
#ifndef HEADWATER_CONCLUSIONS_H
#define HEADWATER_CONCLUSIONS_H

#include "kernel.h"
#include <bpf/bpf_helpers.h>

/* Which file of this machine, for as long as a boot lasts. */
struct inode_key {
	u64 ino;
	u32 dev;
	u32 generation;
};

/* A file, and what the last states were when the task did something to it that adds nothing a second time (repeats.h). */
struct repeat {
	struct inode_key key;	/* ino 0: there is none */
	u64 file_state;
	u64 process_state;	/* of a write only */
	u64 process_number;
};

struct conclusion {
	u64 started;
	u64 drawn;		/* conclusions_changed | pid | LOOKS or REPEATS; 0: nothing */
	u64 taken;		/* 1 while somebody writes here */
	u64 reading;		/* the open file that is being read, by a read that repeats; 0: none */
	struct repeat read;
	struct repeat written;
};

/* Beside the pid, which has 22 bits. */
#define LOOKS (1u << 31)
#define REPEATS (1u << 30)

/* A power of two. Tasks that share a place only pay more. */
#define CONCLUSIONS 4096

volatile struct conclusion conclusions[CONCLUSIONS] = {};

/* How often anything has changed, in the upper half; from 1 on, as an empty place says 0. */
volatile u64 conclusions_changed = 1ULL << 32;

static __always_inline void conclusions_change(void)
{
	__sync_fetch_and_add(&conclusions_changed, 1ULL << 32);
}

static __always_inline volatile struct conclusion *conclusion_place(u32 pid)
{
	return &conclusions[pid & (CONCLUSIONS - 1)];
}

/* What still holds of a task, by what was drawn: 0 (a bystander), LOOKS or REPEATS; anything else: nothing. */
static __always_inline u64 holds_of(volatile struct conclusion *place, u64 drawn, struct task_struct *task)
{
	return place->started == task->start_boottime ? drawn ^ (conclusions_changed | (u32)task->pid) : ~0ULL;
}

static __always_inline u64 concluded(volatile struct conclusion *place, struct task_struct *task)
{
	return holds_of(place, place->drawn, task);
}

static __always_inline bool take_place(volatile struct conclusion *place)
{
	return !__sync_lock_test_and_set(&place->taken, 1);
}

static __always_inline void leave_place(volatile struct conclusion *place)
{
	__sync_lock_test_and_set(&place->taken, 0);
}

/* Of a place that was taken. `changes`: conclusions_changed, before the first look at what the conclusion is drawn from. */
static __always_inline void draw(volatile struct conclusion *place, struct task_struct *task, u64 changes, u32 what)
{
	place->drawn = 0;
	place->reading = 0;
	place->read.key.ino = 0;
	place->written.key.ino = 0;
	place->started = task->start_boottime;
	place->drawn = changes | (u32)task->pid | what;
}

static __always_inline void conclude(struct task_struct *task, u64 changes, u32 what)
{
	volatile struct conclusion *place = conclusion_place(task->pid);

	if (!take_place(place))
		return;
	draw(place, task, changes, what);
	leave_place(place);
}

static __always_inline void forget_conclusion(struct task_struct *task)
{
	conclusion_place(task->pid)->drawn = 0;
}

/* ---- the last states of objects ---- */

/* A power of two; the upper half of an object's marks keeps which of them is its own. */
#define NUMBERS 65536
#define NUMBER_SHIFT 16

/* By an object's number: the state that one of those with this number came to last. States are unique. */
volatile u64 last_states[NUMBERS] = {};

static __always_inline volatile u64 *last_state(u32 number)
{
	return &last_states[number & (NUMBERS - 1)];
}

#endif
