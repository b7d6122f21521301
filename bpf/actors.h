/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Who acts: whether the current task is recorded, or touches what is tracked, or passes by. */
#ifndef HEADWATER_ACTORS_H
#define HEADWATER_ACTORS_H

#include "tasks.h"
#include "verdicts.h"

/* Who acts: the current task, and the state of the leader of its thread group, which holds the process. */
struct actor {
	struct task_state *task;
	struct process *process;
	u64 id;
};

/* One who is known not to be recorded, under this policy, but may touch what is tracked. */
static __always_inline bool is_stranger(struct task_state *leader)
{
	return leader->verdict == policy.unselected && policy.partial == PARTIAL_TRACKED &&
	       !(leader->process.object.marks & (MARKS_OPAQUE | MARK_TRACKED));
}

/* Somebody who is not recorded may touch what is tracked. */
static __always_inline bool strangers_look(void)
{
	return policy.objects & OBJECTS_TRACKED || objects_marked;
}

/*
 * All but the common case: whether one who is not known, or not known to be recorded under this policy, comes into question. Global, so
 * that it is verified once.
 */
__noinline int comes_into_question(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u64 changes = conclusions_changed;
	struct task_state *state = task_state(task, 0), *leader;

	if (!to_be_met(state) && !worker_of_followed(task))
		return 0;
	leader = judged(task);
	if (!leader) {
		/* Its own mark, for an exec that is not made by the leader. */
		if (state && has_left(task))
			state->opaque = 1;
		/* Or there was no memory to keep anything of it. */
		if (task->flags & PF_KTHREAD || task->tgid == config.self || has_left(task))
			conclude(task, changes, 0);
		return 0;
	}
	if (is_selected(leader->verdict)) {
		state = adopt(task, FLAG_BEFORE);
		return state && state->object.id;
	}
	/* It may touch what is tracked: `admitted` finds out, and introduces it then. */
	if (!strangers_look() || leader->process.object.marks & MARKS_OPAQUE || policy.partial == PARTIAL_NOTHING) {
		conclude(task, changes, 0);
		return 0;
	}
	state = task_state(task, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!state)
		return 0;
	state->admitted = 0;
	return 1;
}

/*
 * True if the current task, of which this was concluded, is known not to be recorded whatever it does. In a capture of one tree most tasks
 * do not belong to it, which costs one load.
 */
static __always_inline bool passes_by_as(struct task_struct *task, u64 found)
{
	return !found || (!config.whole_system && !task->bpf_storage && !(task->flags & PF_IO_WORKER));
}

static __always_inline bool passes_by(struct task_struct *task)
{
	return passes_by_as(task, concluded(conclusion_place(task->pid), task));
}

/* The same of what it does with an open file. */
static __always_inline bool passes_file_by(struct task_struct *task, struct file *file, u64 found)
{
	return found == LOOKS ? is_untracked(file) : passes_by_as(task, found);
}

/* The same of a file that it opens. One that it has made is looked at: whatever had its number before is gone. */
static __always_inline bool opens_and_passes_by(struct task_struct *task, struct file *file)
{
	u64 found = concluded(conclusion_place(task->pid), task);

	return passes_by_as(task, found) || (!(file->f_mode & FMODE_CREATED) && passes_file_by(task, file, found));
}

/*
 * The task that does something with an open file is not recorded itself, and the file is certainly not tracked. From now on it passes such
 * files by. `changes`: as in conclude.
 */
static __always_inline bool only_looks(struct actor *who, struct file *file, u64 changes)
{
	struct task_state *leader = (void *)who->process - __builtin_offsetof(struct task_state, process);

	if (leader->verdict != policy.unselected || policy.targets & TARGETS_OF_FILES || unnumbered_tracked || !is_untracked(file))
		return false;
	conclude(bpf_get_current_task_btf(), changes, LOOKS);
	return true;
}

/* False if the current task is not followed; of one that is known not to pass by. */
static __always_inline bool actor_within(struct actor *who)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_state *state, *leader;

	state = task_state(task, 0);
	leader = state && task->pid != task->tgid ? task_state(task->group_leader, 0) : state;
	if (!leader || !state->object.id || leader->verdict != policy.selected) {
		if (leader && is_stranger(leader) && strangers_look()) {
			state->admitted = 0;
		} else {
			if (!comes_into_question())
				return false;
			state = task_state(task, 0);
			leader = task_state(task->group_leader, 0);
			if (!state || !leader)
				return false;
		}
	}
	who->task = state;
	who->process = &leader->process;
	who->id = state->object.id;
	return true;
}

/* False if the current task is not followed. */
static __always_inline bool actor(struct actor *who)
{
	return !passes_by(bpf_get_current_task_btf()) && actor_within(who);
}

static __noinline int track(struct object *object, u64 task)
{
	struct marking marking = { .set = MARK_TRACKED };

	return change_marks(object, &marking, task);
}

/* What a tracked process opens, or makes, is tracked too. */
static __always_inline void opened_by(struct actor *who, struct inode_object *object)
{
	if (who->process->object.marks & MARK_TRACKED && !(object->object.marks & MARK_TRACKED))
		track(&object->object, who->id);
}

static __always_inline bool is_opaque_file(struct inode *inode, u32 mode)
{
	struct inode_key key;

	/* Opened to be written: a backup or a search, which reads whatever it finds, must not leave by accident. */
	if (!opaque_key.ino || !(mode & FMODE_WRITE) || field(inode, i_ino) != opaque_key.ino)
		return false;
	key = inode_key(inode);
	return key.dev == opaque_key.dev && key.generation == opaque_key.generation;
}

/*
 * The process has opened the file that makes opaque, which only its owner can: neither it nor what it forks and
 * executes is followed from now on. That it left is recorded; if that cannot be, it does not leave.
 */
static __noinline int leave(struct actor *who, struct inode_object *object)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_state *leader = task_state(task->group_leader, 0);
	struct flow flow = { .op = OP_LEAVE };

	if (!who || !object || !leader)
		return 0;
	flow.from = object->object.id;
	flow.task = who->id;
	flow.from_state = *(volatile u64 *)&object->object.state;
	flow.remember = flow.from_state;
	if (record_flow(&flow, &who->process->object, &who->process->seen[seen_slot(flow.from_state, SEEN_PROCESS)])) {
		who->task->opaque = 1;
		leader->opaque = 1;
		leader->verdict = 0;
	}
	return 0;
}

#endif
