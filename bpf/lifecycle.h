/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The life of tasks and of the programs that they run: forked, executed, changed, ended. */
#ifndef HEADWATER_LIFECYCLE_H
#define HEADWATER_LIFECYCLE_H

#include "actors.h"

#define ARGS_SMALL 480
#define ARGS_LARGE 16352

struct args_small {
	struct record_head head;
	char text[ARGS_SMALL];
};

struct args_large {
	struct record_head head;
	char text[ARGS_LARGE];
};

KEEP_TYPE(args_small);
KEEP_TYPE(args_large);

/*
 * Whether all of the parent sleeps until its child is done with their memory. The tracepoint does not tell; the call does. When in
 * doubt it does not sleep, which costs an object and loses nothing.
 */
static __always_inline bool vforks(struct task_struct *parent, struct task_struct *child)
{
	struct pt_regs *regs = (void *)bpf_task_pt_regs(parent);
	u64 flags = 0;

	/* Only the thread that calls sleeps. */
	if (BPF_CORE_READ(parent, signal, nr_threads) != 1)
		return false;
	/* CLONE_PARENT: the one that it would be handed back to is not the one that sleeps. */
	if (child->real_parent->tgid != parent->tgid)
		return false;
	switch (BPF_CORE_READ(regs, orig_ax)) {
	case 58:	/* vfork() */
		return true;
	case 56:	/* clone(flags, …) */
		flags = BPF_CORE_READ(regs, di);
		break;
	case 435:	/* clone3(&{ flags, … }) */
		bpf_probe_read_user(&flags, sizeof(flags), (void *)BPF_CORE_READ(regs, di));
		break;
	}
	return flags & CLONE_VFORK;
}

static __always_inline void task_forked(struct task_struct *parent, struct task_struct *child, u32 flags)
{
	struct task_state *parent_state, *parent_leader, *state, *leader;
	struct origin origin;

	if (child->flags & PF_KTHREAD)
		return;
	parent_state = task_state(parent, 0);
	parent_leader = task_state(parent->group_leader, 0);
	if (parent->tgid == config.self || (parent_leader && parent_leader->opaque)) {
		state = task_state(child, BPF_LOCAL_STORAGE_GET_F_CREATE);
		if (state)
			state->opaque = 1;
		return;
	}
	if (!parent_state || !parent_state->object.id || !parent_leader || parent_leader->verdict != policy.selected) {
		if (!to_be_met(parent_state))
			return;
		parent_state = followed(parent, FLAG_BEFORE);
		if (!parent_state) {
			/* It is judged when it acts; in a capture of one tree it must be known to belong there. */
			if (!config.whole_system)
				task_state(child, BPF_LOCAL_STORAGE_GET_F_CREATE);
			return;
		}
		parent_leader = task_state(parent->group_leader, 0);
	}
	state = task_state(child, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!state || !parent_leader) {
		unwritten(LOSS_MAP_FULL, CLASS_PROCESS);
		return;
	}
	origin.child = (u64)child;
	origin.task = parent_state->object.id;
	origin.process = parent_leader->process.object.id;
	origin.process_state = parent_leader->process.object.state;
	if (child->pid == child->tgid) {
		bool copied = child->mm != parent->mm, vforked = !copied && vforks(parent, child);

		if (!vforked && parent_leader->process.anonymous)
			share_anonymous(&parent_leader->process);
		if (!copied && !vforked)
			share_space(&parent_leader->process);
		if (!copied)
			flags |= FLAG_VM;
		inherit_marks(&parent_leader->process.object, &state->process.object, OP_FORK);
		state->read_in = parent_leader->read_in;
		introduce_task(&origin, state, state, flags);
		report_marks(&state->process.object, state->object.id);
		if (parent_leader->process.mapped)
			inherit_mappings(&parent_leader->process, &state->process, copied);
		if (!copied) {
			u64 first = state->process.object.state;

			/* The parent has it already: only what the child takes from now on is new to it. */
			*(volatile u64 *)&parent_leader->process.seen[seen_slot(first, SEEN_PROCESS)] = first;
			state->process.anonymous = parent_leader->process.anonymous;
		}
		state->shares_memory = vforked;
		namespaces_of_child(parent, child, state);
		return;
	}
	leader = task_state(child->group_leader, 0);
	if (leader && leader->object.id)
		introduce_task(&origin, state, leader, flags | FLAG_THREAD);
}

/*
 * Arguments and environment lie in the new image's own memory, NUL after NUL; nothing but the kernel has run there yet.
 * `type` says which of them.
 */
static __noinline int record_strings(u32 type, u64 process, unsigned long start, unsigned long end)
{
	u64 length = end - start;

	if (length <= ARGS_SMALL) {
		struct args_small *r = record_open(struct args_small, type);

		if (!r)
			return 0;
		r->head.object = process;
		if (bpf_probe_read_user(r->text, length & (512 - 1) , (void *)start))
			lost_of(LOSS_UNREADABLE, CLASS_NAME);
		else
			r->head.arg = length;
		record_close(r);
	} else {
		struct args_large *r = record_open(struct args_large, type);

		if (!r)
			return 0;
		r->head.object = process;
		if (length > ARGS_LARGE) {
			length = ARGS_LARGE;
			r->head.flags = FLAG_CUT;
		}
		if (bpf_probe_read_user(r->text, length, (void *)start))
			lost_of(LOSS_UNREADABLE, CLASS_NAME);
		else
			r->head.arg = length;
		record_close(r);
	}
	return 0;
}

/*
 * A vforked child is done with its parent's memory: what it took there is the parent's, which has slept meanwhile, and must
 * not be left out when the parent sends on.
 */
static __always_inline void hand_back(struct task_struct *task, struct task_state *state)
{
	struct task_state *parent;

	if (!state->shares_memory)
		return;
	state->shares_memory = 0;
	parent = task_state(task->real_parent->group_leader, 0);
	if (!parent || !parent->object.id)
		return;
	if (state->process.mapped || state->process.anonymous)
		take_back_mappings(&parent->process, &state->process);
	flow_to_process(&state->process.object, &parent->process, OP_HAND_BACK, 0, 0, 0, state->object.id);
}

/* A new image: a new process object, into which the executed file flows. What the old one held reaches it by the task. */
static __always_inline void task_executed(struct task_struct *task, struct file *file)
{
	struct inode_object *image;
	struct task_state *state;
	struct flow_record *r;
	struct lane *here = lane();
	u64 before;

	state = task_state(task, 0);
	/* One who is not recorded is judged anew, by what it executes and who it is now; nor is it a thread of the kernel any more. */
	if (state && !is_selected(state->verdict)) {
		state->verdict = 0;
		judged(task);
	}
	forget_conclusion(task);
	if ((!state || !state->object.id) && to_be_met(state)) {
		/* One that is not recorded is, from the execution of a tracked file on; file_object introduces it then. */
		if (!followed(task, 0) && !executes_tracked(file))
			return;
		state = task_state(task, 0);
	}
	if (!state || !state->object.id || !here)
		return;
	if (state->process.mapped && !state->opaque)
		share_in(&state->process, state->object.id);
	/* Of one that has left: what it took before it did. */
	hand_back(task, state);
	if (state->opaque)
		return;
	image = file_object(file, field(file, f_inode));
	if (!image)
		return;
	if (image->object.marks & MARK_OPAQUE) {
		/* What it does from now on is not recorded: the verdict will say so. */
		state->verdict = 0;
		return;
	}
	/* Who runs what has changed, whether or not there is room to tell it. */
	state->verdict = 0;
	before = state->process.object.marks;
	state->process.object.marks &= ~(MARKS_OPAQUE | MARK_PROPAGATE);
	if (before & MARK_PROPAGATE && spreads_by(OP_EXEC))
		state->process.object.marks |= MARK_PROPAGATE;
	else
		state->process.object.taint = 0;
	inherit_marks(&image->object, &state->process.object, OP_EXEC);
	r = record_open_as(struct flow_record, RECORD_FLOW, CLASS_PROCESS);
	if (!r)
		return;
	before = state->process_id;
	unshare_all(&state->process);
	state->process.object.id = next_id(&here->objects);
	state->process_id = state->process.object.id;
	r->head.op = OP_EXEC;
	r->head.object = state->process_id;
	r->head.state = next_id(&here->states);
	r->head.arg = BPF_CORE_READ(task, cred, uid.val);
	r->from = image->object.id;
	r->from_state = image->object.state;
	r->extra = before;
	r->task = state->object.id;
	__builtin_memset(state->process.seen, 0, sizeof(state->process.seen));
	state->process.object.kind = KIND_PROCESS_MEMORY;
	publish_state(&state->process.object, r->head.state);
	record_close(r);
	report_marks(&state->process.object, state->object.id);
}

/*
 * Who a task is or where it runs has changed. The process gets a new state, so that what flows out of it from now on is
 * recorded again, as done by who it is now.
 *
 * @cred: the new credentials, if the task does not have them yet; else NULL
 */
static __noinline int task_changed(struct task_struct *task, const struct cred *cred, u32 op, u32 arg)
{
	struct task_state *state = task_state(task, 0), *leader;
	struct lane *here = lane();
	struct task_record *r;
	bool selected;
	u64 before;

	leader = task_state(task->group_leader, 0);
	if (!leader)
		return 0;
	selected = is_selected(leader->verdict);
	/* The policy may say otherwise of who it is now. Of one who is recorded, what it writes again was concluded to add nothing. */
	if (op != OP_CAPSET && op != OP_SETGROUPS) {
		take_verdict_back(leader);
		if (selected)
			is_otherwise(&leader->process.object);
		else
			conclusions_change();
	}
	if (!here || !state || !state->object.id || state->opaque || leader->opaque || !selected)
		return 0;
	/* Read before the record is stamped, so that the record which brought it about is older. */
	before = *(volatile u64 *)&leader->process.object.state;
	r = record_open(struct task_record, RECORD_CHANGE);
	if (!r)
		return 0;
	r->head.op = op;
	r->head.arg = arg;
	r->head.object = state->object.id;
	r->process = leader->process.object.id;
	r->from = r->process;
	r->from_state = before;
	r->parent = state->object.id;
	fill_task(r, task);
	if (cred)
		fill_credentials(r, cred);
	if (op != OP_EXECUTED) {
		r->head.state = next_id(&here->states);
		publish_state(&leader->process.object, r->head.state);
	}
	record_close(r);
	return 0;
}

/* The arguments, once they are laid out in the new image, and who the task has become: the file may be set-uid. */
static __always_inline void task_begins_program(struct task_struct *task)
{
	struct task_state *state = task_state(task, 0);
	struct mm_struct *mm;

	if (!state || !state->object.id || state->opaque || !followed(task, 0))
		return;
	mm = BPF_CORE_READ(task, mm);
	if (!(policy.no_strings & NO_ARGUMENTS))
		record_strings(RECORD_ARGS, state->process_id, BPF_CORE_READ(mm, arg_start), BPF_CORE_READ(mm, arg_end));
	if (environment_wanted && !(policy.no_strings & NO_ENVIRONMENT))
		record_strings(RECORD_ENVIRONMENT, state->process_id, BPF_CORE_READ(mm, env_start),
			       BPF_CORE_READ(mm, env_end));
	task_changed(task, NULL, OP_EXECUTED, 0);
}

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(cgroup_attached, struct cgroup *to, const char *path, struct task_struct *task, bool whole_process)
{
	return task_changed(task, NULL, OP_CGROUP, 0);
}

static __always_inline void task_ended(struct task_struct *task)
{
	struct task_state *state = task_state(task, 0);
	struct task_state *leader, *heir;
	struct flow_record *r;
	bool last;

	/* That a process which has left the record ends is told, so that nobody waits for more of it. */
	if (!state || !state->object.id)
		return;
	hand_back(task, state);
	leader = task->pid == task->tgid ? state : task_state(task->group_leader, 0);
	/* Of one that ends because another thread executes a program, and takes its place. */
	heir = leader == state ? task_state(task->signal->group_exec_task, 0) : NULL;
	if (heir && heir != state) {
		/* What others have put where this memory is shared is in the process that executes; the heir knows of no mapping. */
		if (state->process.mapped && !state->opaque)
			share_in(&state->process, state->object.id);
		unshare_all(&state->process);
		take_marks(heir, state);
	}
	/* Threads made since a process left are not known, and may be the last. */
	last = leader && leader->opaque ? task->pid == task->tgid : BPF_CORE_READ(task, signal, live.counter) == 0;
	/* Whether or not its end finds room in the ring. */
	if (last && leader)
		unshare_all(&leader->process);
	r = record_open(struct flow_record, RECORD_EXIT);
	if (!r)
		return;
	r->head.object = state->object.id;
	r->head.arg = BPF_CORE_READ(task, exit_code);
	if (last) {
		r->head.flags = FLAG_GROUP_DEAD;
		if (leader)
			leader->ended = 1;
	}
	r->from = state->process_id;
	r->from_state = 0;
	r->extra = 0;
	r->task = state->object.id;
	record_close(r);
}

#endif
