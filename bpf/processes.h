/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * From process to process, with nothing between: what one takes out of another's memory, puts there, or lets it know. Who the
 * other is comes from the kernel as a task, or by its number: bpf_task_from_pid, which Linux has from 6.2 on.
 *
 * Two kinds of flow. Bytes: ptrace, process_vm_readv, /proc/PID/mem, the value of a signal. Telling: a signal, an exit status,
 * what /proc shows; recorded all the same, but remembered apart (told_by), so that it never keeps out a flow of bytes.
 */
#ifndef HEADWATER_PROCESSES_H
#define HEADWATER_PROCESSES_H

#include "actors.h"
#include "objects.h"
#include <bpf/bpf_tracing.h>

extern struct task_struct *bpf_task_from_pid(int pid) __ksym __weak;
extern struct task_struct *bpf_task_from_vpid(int vpid) __ksym __weak;
extern void bpf_task_release(struct task_struct *task) __ksym __weak;

/*
 * The leader of the other's thread group, which holds its process; NULL if it is not followed, or if neither the other nor the one who
 * acts is recorded. Both are introduced then.
 */
static __noinline struct task_state *other_process(struct task_struct *task)
{
	struct task_state *state = task_state(task->group_leader, 0);

	if (state && state->ended)
		return NULL;
	if (state && state->object.id && state->verdict == policy.selected)
		return admitted(&state->process.object) ? state : NULL;
	if (!to_be_met(state))
		return NULL;
	state = judged(task->group_leader);
	if (!state || (state->process.object.marks & MARKS_OPAQUE) || !admitted(&state->process.object))
		return NULL;
	state = adopt(task->group_leader, FLAG_BEFORE);
	return state && state->object.id && !state->opaque ? state : NULL;
}

/* From the other to the one who acts. */
static __always_inline int take_from_process(struct actor *who, struct task_struct *task, u32 op, u32 arg)
{
	struct task_state *other = other_process(task);

	if (!who || !other || other->process.object.id == who->process->object.id)
		return 0;
	if (other->process.mapped)
		share_in(&other->process, who->id);
	flow_to_process(&other->process.object, who->process, op, 0, arg, other->object.id, who->id);
	return 0;
}

/* From the one who acts to the other. */
static __always_inline int put_into_process(struct actor *who, struct task_struct *task, u32 op, u32 arg)
{
	struct task_state *other = other_process(task);

	if (!who || !other || other->process.object.id == who->process->object.id)
		return 0;
	if (who->process->mapped)
		share_in(who->process, who->id);
	flow_to_process(&who->process->object, &other->process, op, 0, arg, other->object.id, who->id);
	return 0;
}

static __always_inline bool into_other(u32 op)
{
	return op == OP_PTRACE_WRITE || op == OP_PTRACE_ATTACH;
}

/* The same for a process that is known by its number: `initial` says that it is the initial namespace's, not the caller's. */
static __always_inline int of_process(struct actor *who, int pid, bool initial, u32 op, u32 arg)
{
	struct task_struct *task;

	if (!who || !bpf_task_from_pid)
		return 0;
	if (initial || !BPF_CORE_READ(bpf_get_current_task_btf(), thread_pid, level)) {
		task = bpf_task_from_pid(pid);
	} else if (bpf_task_from_vpid) {
		task = bpf_task_from_vpid(pid);
	} else {
		lost_of(LOSS_UNREADABLE, CLASS_PROCESS);
		return 0;
	}
	if (!task)
		return 0;
	if (into_other(op))
		put_into_process(who, task, op, arg);
	else
		take_from_process(who, task, op, arg);
	bpf_task_release(task);
	return 0;
}

static __noinline int with_process(struct actor *who, int pid, u32 op, u32 arg)
{
	return of_process(who, pid, false, op, arg);
}

/* ---- ptrace: include/uapi/linux/ptrace.h, arch/x86/include/uapi/asm/ptrace-abi.h ---- */

#define PTRACE_TRACEME 0
#define PTRACE_ATTACH 16
#define PTRACE_SEIZE 0x4206

static __always_inline bool ptrace_takes(u64 request)
{
	switch (request) {
	case 1: case 2: case 3:		/* PEEKTEXT, PEEKDATA, PEEKUSR */
	case 12: case 14: case 18:	/* GETREGS, GETFPREGS, GETFPXREGS */
	case 25:			/* GET_THREAD_AREA */
	case 0x4201: case 0x4202:	/* GETEVENTMSG, GETSIGINFO */
	case 0x4204:			/* GETREGSET */
	case 0x4209: case 0x420a:	/* PEEKSIGINFO, GETSIGMASK */
	case 0x420c: case 0x420e:	/* SECCOMP_GET_FILTER, GET_SYSCALL_INFO */
		return true;
	}
	return false;
}

static __always_inline bool ptrace_puts(u64 request)
{
	switch (request) {
	case 4: case 5: case 6:		/* POKETEXT, POKEDATA, POKEUSR */
	case 13: case 15: case 19:	/* SETREGS, SETFPREGS, SETFPXREGS */
	case 26: case 30:		/* SET_THREAD_AREA, ARCH_PRCTL */
	case 0x4203: case 0x4205:	/* SETSIGINFO, SETREGSET */
	case 0x420b: case 0x4212:	/* SETSIGMASK, SET_SYSCALL_INFO */
		return true;
	}
	return false;
}

/* ---- /proc/PID/... ---- */

/* The first bytes of a name, as a number. */
#define NAME_MEM 0x006d656dULL			/* "mem" */
#define NAME_ENVIRON 0x006e6f7269766e65ULL	/* "environ" */

/*
 * A file that shows a process was read, or is about to be written. Its inode is an object like others; what goes through it is
 * reported beside it. `mem` and `environ` are the process's bytes; from all else one learns of it.
 */
static __noinline int process_file(struct actor *who, struct file *file, bool into)
{
	struct inode *inode = field(file, f_inode);
	struct proc_inode *shown = (void *)inode - bpf_core_field_offset(struct proc_inode, vfs_inode);
	struct upid *upid = (void *)BPF_CORE_READ(shown, pid) + bpf_core_field_offset(struct pid, numbers);
	u64 name = 0;
	bool mem;
	u32 op;

	bpf_probe_read_kernel(&name, sizeof(name), BPF_CORE_READ(file, f_path.dentry, d_name.name));
	if (is_watching_name(name))
		return 0;
	mem = (u32)name == NAME_MEM;
	if (into)
		op = mem ? OP_PTRACE_WRITE : OP_NONE;
	else
		op = mem || name == NAME_ENVIRON ? OP_PTRACE_READ : OP_PROC_READ;
	return op ? of_process(who, BPF_CORE_READ(upid, nr), true, op, 0) : 0;
}

/* ---- userfaultfd: fs/userfaultfd.c ---- */

#define NAME_USERFAULTFD 0x756166726573755bULL	/* "[userfaultfd]", as far as a number goes */

/* Pages are about to be put into a memory, whose is known from the context. */
static __noinline int page_filled(struct actor *who, struct file *file)
{
	struct userfaultfd_ctx *context;
	u64 name = 0;

	bpf_probe_read_kernel(&name, sizeof(name), BPF_CORE_READ(file, f_path.dentry, d_name.name));
	if (name != NAME_USERFAULTFD || !bpf_core_field_exists(struct mm_struct, owner))
		return 0;
	context = BPF_CORE_READ(file, private_data);
	return of_process(who, BPF_CORE_READ(context, mm, owner, tgid), true, OP_PTRACE_WRITE, 0);
}

/* ---- System V shared memory ---- */

#define IPC_CREAT 01000
#define IPC_EXCL 02000
#define SHM_RDONLY 010000

/* shmget() returned: the segment is new if it must be, or if it was asked to be made and nobody was seen with it. */
static __noinline int segment_got(struct actor *who, u32 id, u32 name, u32 flags)
{
	struct inode_key key = object_key(OBJECT_SEGMENT, id, ipc_namespace());
	struct inode_object *object;

	if (!who || (name && !(flags & IPC_CREAT)))
		return 0;
	if (name && !(flags & IPC_EXCL) && bpf_map_lookup_elem(&inodes, &key))
		return 0;
	object = introduce_inode(&key, NULL, FLAG_CREATED);
	if (object)
		put_out(who, object, OP_SHM_CREATE, 0, flags, 0);
	return 0;
}

/* `scope`: the ipc namespace of the one who attached it. */
static __noinline int segment_attached(struct actor *who, u32 id, u32 scope, bool writable, u32 flags)
{
	struct inode_key key = object_key(OBJECT_SEGMENT, id, scope);
	struct inode_object *object;

	if (!who)
		return 0;
	object = admit(bpf_map_lookup_elem(&inodes, &key));
	if (!object)
		object = introduce_inode(&key, NULL, 0);
	if (!object)
		return 0;
	flow_to_process(&object->object, who->process, OP_SHARE_READ, 0, 0, 0, who->id);
	/* What it has loaded from other shared memory it may store here. */
	if (writable)
		put_out(who, object, OP_SHM_ATTACH, 0, flags, 0);
	share(who->process, &key, writable);
	return 0;
}

/* A segment's file, of which no directory knows: "SYSV" and its key; the inode number is its id (ipc/shm.c, newseg). */
static __always_inline bool is_segment(struct file *file)
{
	struct dentry *dentry = field(file, f_path.dentry);
	u32 name = 0;

	if (field(dentry, d_parent) != dentry)
		return false;
	bpf_probe_read_kernel(&name, sizeof(name), field(dentry, d_name.name));
	return name == 0x56535953;
}

/* ---- signals ---- */

#define SI_USER 0
#define SI_TKILL -6

/*
 * The lock that a receiver takes is still held, so nothing can have been seen of it yet. Who sends is the current task, but only
 * if it is in a call that sends: other signals are the kernel's.
 */
static __always_inline int signal_sent(struct actor *who, int signal, struct kernel_siginfo *info, struct task_struct *task)
{
	int code = SI_USER;
	struct pt_regs *regs;
	bool value = false;

	if ((u64)info > 1)
		code = BPF_CORE_READ(info, si_code);
	regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	switch (BPF_CORE_READ(regs, orig_ax)) {
	case 129:	/* rt_sigqueueinfo */
	case 297:	/* rt_tgsigqueueinfo */
	case 424:	/* pidfd_send_signal */
		value = code < 0 && code != SI_TKILL;
		break;
	case 62:	/* kill */
	case 200:	/* tkill */
	case 234:	/* tgkill */
		if (code != SI_USER && code != SI_TKILL)
			return 0;
		break;
	default:
		return 0;
	}
	return put_into_process(who, task, value ? OP_SIGNAL_VALUE : OP_SIGNAL, signal);
}

/* Neither ignored nor pending already (TRACE_SIGNAL_DELIVERED, TRACE_SIGNAL_LOSE_INFO), nor sent by the kernel (SEND_SIG_PRIV). */
static __always_inline bool tells(struct kernel_siginfo *info, int result)
{
	return (result == 0 || result == 4) && (u64)info != 1;
}

/* ---- the end of a process ---- */

/* What its parent learns by waiting. Told now, as nobody knows the process any more when it is waited for. */
static __always_inline void tell_status(struct task_struct *task)
{
	struct task_state *state = task_state(task, 0), *leader, *parent;

	if (!state || !state->object.id || state->opaque || BPF_CORE_READ(task, signal, live.counter))
		return;
	leader = task_state(task->group_leader, 0);
	parent = other_process(task->real_parent);
	if (!leader || leader->opaque || !parent)
		return;
	if (leader->process.mapped)
		share_in(&leader->process, state->object.id);
	flow_to_process(&leader->process.object, &parent->process, OP_EXIT_STATUS, 0, BPF_CORE_READ(task, exit_code),
			parent->object.id, state->object.id);
}

#endif
