/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Whether a process is recorded: judged when it is first met, when it has executed a program, when who it is or where it runs has
 * changed, and when the policy has. The verdict is kept with the leader of its thread group, and names the policy that it was under.
 */
#ifndef HEADWATER_VERDICTS_H
#define HEADWATER_VERDICTS_H

#include "select.h"
#include "inodes.h"

static __always_inline void add_target(struct marking *marks, u32 kind, u64 id)
{
	struct target_key key = { .id = id, .kind = kind };
	struct marking *target;

	if (!(policy.targets >> kind & 1))
		return;
	target = bpf_map_lookup_elem(&targets, &key);
	if (!target)
		return;
	marks->set |= target->set;
	marks->taint |= target->taint;
}

/* At a time and in all. */
#define CONTEXT_PIECE 7
#define CONTEXT_PIECES 20

/*
 * What stands for the security context of a process: SELinux's own number, AppArmor's name of the profile as FNV-1a of its first
 * 140 bytes; 0 if none. User space counts the same (SecurityContext).
 */
static __always_inline u64 security_id(struct task_struct *task)
{
	void *own = BPF_CORE_READ(task, cred, security) + policy.security_offset;
	struct cred_security_struct *of_cred = own;
	struct task_security_struct *of_task = own;
	struct aa_label *label = NULL;
	u64 hash = 0xcbf29ce484222325ULL;
	char piece[CONTEXT_PIECE + 1];
	const char *name;
	long length;
	u32 i, at;

	if (policy.security_module == SECURITY_SELINUX) {
		if (bpf_core_field_exists(of_cred->sid))
			return BPF_CORE_READ(of_cred, sid);
		return bpf_core_field_exists(of_task->sid) ? BPF_CORE_READ(of_task, sid) : 0;
	}
	if (!bpf_core_field_exists(label->hname) || bpf_probe_read_kernel(&label, sizeof(label), own))
		return 0;
	name = BPF_CORE_READ(label, hname);
	for (i = 0; i < CONTEXT_PIECES; i++) {
		length = bpf_probe_read_kernel_str(piece, sizeof(piece), name + i * CONTEXT_PIECE);
		for (at = 0; at < CONTEXT_PIECE && (long)at < length - 1; at++)
			hash = (hash ^ (u8)piece[at]) * 0x100000001b3ULL;
		if (length <= CONTEXT_PIECE)
			break;
	}
	return name ? hash : 0;
}

/* What the targets say of a process. */
static __noinline int add_targets(struct task_struct *task, struct marking *marks)
{
	struct nsproxy *ns;

	if (!marks)
		return 0;
	add_target(marks, TARGET_USER, BPF_CORE_READ(task, cred, uid.val));
	add_target(marks, TARGET_GROUP, BPF_CORE_READ(task, cred, gid.val));
	add_target(marks, TARGET_CGROUP, BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id));
	if (policy.security_module)
		add_target(marks, TARGET_CONTEXT, security_id(task));
	ns = BPF_CORE_READ(task, nsproxy);
	if (!ns)
		return 0;
	add_target(marks, TARGET_UTS, BPF_CORE_READ(ns, uts_ns, ns.inum));
	add_target(marks, TARGET_IPC, BPF_CORE_READ(ns, ipc_ns, ns.inum));
	add_target(marks, TARGET_MOUNT, BPF_CORE_READ(ns, mnt_ns, ns.inum));
	add_target(marks, TARGET_PID, BPF_CORE_READ(ns, pid_ns_for_children, ns.inum));
	add_target(marks, TARGET_NET, BPF_CORE_READ(ns, net_ns, ns.inum));
	add_target(marks, TARGET_CGROUP_NAMESPACE, BPF_CORE_READ(ns, cgroup_ns, ns.inum));
	return 0;
}

/* The marks of the file that a process executes, if somebody has marked it. */
static __always_inline u32 marks_of_image(struct task_struct *task)
{
	struct file *image = BPF_CORE_READ(task, mm, exe_file);
	struct inode *inode;
	struct marking *marked;

	if (!image)
		return 0;
	inode = BPF_CORE_READ(image, f_inode);
#ifdef BYTES_BELOW
	inode = inode_below(image, inode);
#endif
	marked = marking_of(inode, false);
	return marked ? marked->set : 0;
}

/* A task, as a number: a global function takes it so. */
struct task_address {
	u64 task;
};

/* Global, so that it is verified once. */
__noinline int judge(struct task_address *at, struct task_state *state)
{
	struct task_struct *leader = at ? (struct task_struct *)at->task : NULL;
	/* Before the marks: a policy that asks for one comes after all have been given it. */
	u32 selected = policy.selected, partial = policy.partial, marks;
	struct marking marking = { .clear = MARK_OPAQUE_IMAGE };
	u32 forgotten;

	if (!leader || !state)
		return 0;
	forgotten = *(volatile u32 *)&state->forgotten;
	if (policy.targets)
		add_targets(leader, &marking);
	if (policy.objects && marks_of_image(leader) & MARK_OPAQUE) {
		marking.set |= MARK_OPAQUE_IMAGE;
		marking.clear = 0;
	}
	change_marks(&state->process.object, &marking, state->object.id);
	marks = state->process.object.marks;
	if (marks & MARKS_OPAQUE || (partial && !(marks & MARK_TRACKED)) || partial == PARTIAL_NOTHING) {
		/* What it opens and maps from now on is not seen, and read in should it be recorded again. */
		state->read_in = 0;
		state->verdict = selected - 1;
	} else {
		state->verdict = selected;
	}
	/* What it is has changed meanwhile: good for what is under way, of no policy, so judged again. */
	if (*(volatile u32 *)&state->forgotten != forgotten)
		state->verdict = is_selected(state->verdict);
	return 0;
}

/* The leader of a task's thread group, with a verdict on its process; NULL if it is never followed. */
static __always_inline struct task_state *judged(struct task_struct *task)
{
	struct task_struct *first = task->group_leader;
	struct task_state *leader;

	if (task->flags & PF_KTHREAD || task->tgid == config.self)
		return NULL;
	leader = task_state(first, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!leader) {
		unwritten(LOSS_MAP_FULL, CLASS_PROCESS);
		return NULL;
	}
	if (leader->opaque)
		return NULL;
	/* Or it has come to be tracked by a flow. */
	if ((leader->verdict != policy.selected && leader->verdict != policy.unselected) ||
	    (leader->verdict == policy.unselected && leader->process.object.marks & MARK_TRACKED)) {
		struct task_address at = { .task = (u64)first };

		judge(&at, leader);
	}
	return leader;
}

/* Counted first: who judges at this moment finds the count changed, or has stored a verdict that is cleared here. */
static __always_inline void take_verdict_back(struct task_state *leader)
{
	__sync_fetch_and_add(&leader->forgotten, 1);
	*(volatile u32 *)&leader->verdict = 0;
}

/* Who the current process is, or where it runs, has changed. */
static __always_inline void forget_verdict(void)
{
	struct task_state *leader = task_state(bpf_get_current_task_btf()->group_leader, 0);

	if (!leader)
		return;
	take_verdict_back(leader);
	conclusions_change();
}

static __always_inline bool has_left(struct task_struct *task)
{
	struct task_state *leader = task_state(task->group_leader, 0);

	return leader && leader->opaque;
}

/* The task's state, introduced now if need be; NULL if its process is not recorded. */
static __noinline struct task_state *followed(struct task_struct *task, u32 flags)
{
	struct task_state *leader = judged(task);

	return leader && is_selected(leader->verdict) ? adopt(task, flags) : NULL;
}

/*
 * Whether what the current task does with an object is recorded: because its process is, or because the object is tracked, in which case
 * the task is introduced, and all else that it touches in this call is let in too; which of its flows are recorded, record_flow decides
 * by their ends. Global, so that it is verified once. `object` may be NULL.
 */
__noinline int admitted(struct object *object)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_state *leader, *state;

	if (!policy.partial || task->tgid == config.self)
		return 1;
	leader = task_state(task->group_leader, 0);
	state = task->pid == task->tgid ? leader : task_state(task, 0);
	if (!leader || !state || policy.partial == PARTIAL_NOTHING)
		return 0;
	if (is_selected(leader->verdict) || state->admitted)
		return 1;
	if (!object || !(object->marks & MARK_TRACKED) || !leader->verdict ||
	    leader->process.object.marks & MARKS_OPAQUE)
		return 0;
	state = adopt_here(task, FLAG_BEFORE);
	if (!state || !state->object.id)
		return 0;
	state->admitted = 1;
	return 1;
}

static __always_inline bool spreads_by(u8 op)
{
	return !is_set(policy.spread_operations, op) && !has_kind(policy.spread_kinds, KIND_PROCESS_MEMORY);
}

/* What a process has from the one that made it, or from the file that it executes. Nobody has seen it yet. */
static __always_inline void inherit_marks(struct object *from, struct object *to, u8 op)
{
	u32 marks = from->marks;

	to->marks |= marks & MARK_TRACKED;
	if ((marks & MARKS_SPREADING) == MARKS_SPREADING && spreads_by(op)) {
		to->marks |= MARK_PROPAGATE;
		to->taint |= from->taint;
	}
}

/* A tracked file is executed by a process that is not recorded: it is from now on. */
static __always_inline bool executes_tracked(struct file *file)
{
	struct inode_object *image = file_object(file, field(file, f_inode));

	return image && image->object.marks & MARK_TRACKED;
}

#endif
