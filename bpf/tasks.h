/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Tasks and the memory of processes as objects: who they are, and how they are introduced. */
#ifndef HEADWATER_TASKS_H
#define HEADWATER_TASKS_H

#include "flow.h"
#include "names.h"
#include "inodes.h"
#include "inherited.h"
#include "shared.h"
#include "namespaces.h"
#include <bpf/bpf_tracing.h>

static __always_inline struct task_state *task_state(struct task_struct *task, u64 flags)
{
	return bpf_task_storage_get(&tasks, task, NULL, flags);
}

static __always_inline void fill_credentials(struct task_record *r, const struct cred *cred)
{
	r->uid = BPF_CORE_READ(cred, uid.val);
	r->gid = BPF_CORE_READ(cred, gid.val);
	r->euid = BPF_CORE_READ(cred, euid.val);
	r->egid = BPF_CORE_READ(cred, egid.val);
	r->fsuid = BPF_CORE_READ(cred, fsuid.val);
	r->fsgid = BPF_CORE_READ(cred, fsgid.val);
	r->capabilities = 0;
	bpf_probe_read_kernel(&r->capabilities, sizeof(r->capabilities),
			      (void *)cred + bpf_core_field_offset(struct cred, cap_effective));
}

static __always_inline void fill_task(struct task_record *r, struct task_struct *task)
{
	struct nsproxy *ns = BPF_CORE_READ(task, nsproxy);
	u32 level = BPF_CORE_READ(task, thread_pid, level);
	struct upid *upid = (void *)BPF_CORE_READ(task, thread_pid) + bpf_core_field_offset(struct pid, numbers) +
			    (level & 31) * bpf_core_type_size(struct upid);

	r->started = BPF_CORE_READ(task, start_boottime);
	r->tid = BPF_CORE_READ(task, pid);
	r->tgid = BPF_CORE_READ(task, tgid);
	r->ppid = BPF_CORE_READ(task, real_parent, tgid);
	r->vpid = BPF_CORE_READ(upid, nr);
	r->cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
	fill_credentials(r, BPF_CORE_READ(task, cred));
	r->namespaces[0] = BPF_CORE_READ(ns, uts_ns, ns.inum);
	r->namespaces[1] = BPF_CORE_READ(ns, ipc_ns, ns.inum);
	r->namespaces[2] = BPF_CORE_READ(ns, mnt_ns, ns.inum);
	r->namespaces[3] = BPF_CORE_READ(ns, pid_ns_for_children, ns.inum);
	r->namespaces[4] = BPF_CORE_READ(ns, net_ns, ns.inum);
	r->namespaces[5] = BPF_CORE_READ(ns, cgroup_ns, ns.inum);
	BPF_CORE_READ_STR_INTO(&r->command, task, comm);
}

/* Where a task comes from: nowhere if it was there before the capture, or if its parent is not followed. */
struct origin {
	u64 child;	/* the task itself, a kernel pointer */
	u64 task;
	u64 process;
	u64 process_state;
};

/* Tells which marks a process has from the start. */
__noinline int report_marks(struct object *object, u64 task)
{
	struct flow_record *r;

	if (!object || !object->marks)
		return 0;
	r = record_open(struct flow_record, RECORD_MARK);
	if (!r)
		return 0;
	fill_marks(r, object, task);
	record_close(r);
	return 0;
}

/* What the process bears, for an exec that is not made by the leader. */
static __always_inline void take_marks(struct task_state *thread, struct task_state *leader)
{
	thread->process.object.marks = leader->process.object.marks;
	thread->process.object.taint = leader->process.object.taint;
}

/* Introduces a task: a thread shares `leader`'s process, any other gets a process of its own (in `state`). */
__noinline int introduce_task(struct origin *origin, struct task_state *state, struct task_state *leader, u32 flags)
{
	struct lane *here = lane();
	struct task_record *r;

	if (!here || !origin || !state || !leader)
		return 0;
	r = record_open(struct task_record, RECORD_TASK);
	if (!r)
		return 0;
	r->head.object = next_id(&here->objects);
	r->parent = origin->task;
	r->from = origin->process;
	r->from_state = origin->process_state;
	if (!(flags & FLAG_THREAD)) {
		state->process.object.id = next_id(&here->objects);
		r->head.state = next_id(&here->states);
		state->process.object.state = r->head.state;
		state->process.object.kind = KIND_PROCESS_MEMORY;
		__builtin_memset(state->process.seen, 0, sizeof(state->process.seen));
	} else {
		take_marks(state, leader);
	}
	state->process_id = leader->process.object.id;
	r->process = leader->process.object.id;
	r->head.flags = flags;
	fill_task(r, (struct task_struct *)origin->child);
	/* The id makes the task followed: last, when all else of it can be used. */
	__sync_lock_test_and_set(&state->object.id, r->head.object);
	record_close(r);
	return 0;
}

/* Always inlined where a chain of calls has no stack left; `adopt` for all others. */
static __always_inline struct task_state *adopt_here(struct task_struct *task, u32 flags)
{
	struct task_struct *leader = task->group_leader;
	struct task_state *state, *leader_state;
	struct origin nowhere = { .child = (u64)leader };

	if (task->flags & PF_KTHREAD || task->tgid == config.self)
		return NULL;
	state = task_state(task, BPF_LOCAL_STORAGE_GET_F_CREATE);
	leader_state = task->pid == task->tgid ? state : task_state(leader, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!state || !leader_state) {
		unwritten(LOSS_MAP_FULL, CLASS_PROCESS);
		return NULL;
	}
	if (state->opaque || leader_state->opaque)
		return NULL;
	if (state->object.id)
		return state;
	if (!leader_state->object.id) {
		introduce_task(&nowhere, leader_state, leader_state, flags);
		report_marks(&leader_state->process.object, leader_state->object.id);
	}
	if (!leader_state->object.id)
		return NULL;
	if (task->pid != task->tgid) {
		nowhere.child = (u64)task;
		introduce_task(&nowhere, state, leader_state, flags | FLAG_THREAD);
	}
	return state;
}

/* Follows a task that was there before: from an iterator, or when a whole-system capture first meets it. */
static __noinline struct task_state *adopt(struct task_struct *task, u32 flags)
{
	return adopt_here(task, flags);
}

/* io_uring makes threads of its own, past the tracepoint of fork: they are met when they first act. */
static __always_inline bool worker_of_followed(struct task_struct *task)
{
	struct task_state *leader;

	if (!(task->flags & PF_IO_WORKER))
		return false;
	leader = task_state(task->group_leader, 0);
	return leader && leader->object.id && !leader->opaque;
}

/*
 * Whether a task without an id is to be followed from now on. In a capture of one tree, one that has a state but no id is: it
 * could not be introduced when it was forked, as the ring was full.
 */
static __always_inline bool to_be_met(struct task_state *state)
{
	return config.whole_system || state;
}

#endif
