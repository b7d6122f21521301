/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The lsm and fexit front-ends: LSM hooks (or the ends of the security_* functions that call them: hook.h), and, where
 * no hook fires late enough to see what was taken, the ends of the functions that take it. What is read from user memory
 * stands in docs/threat-model.md; docs/flow-core.md lists what each hook gives, and when.
 */
#include "flow.h"
#include "read.h"
#include "inodes.h"
#include "objects.h"
#include "lifecycle.h"
#include "sockets.h"
#include "processes.h"
#include "paths.h"
#include "fuse.h"
#include "existing.h"
#include "packets.h"
#include "hook.h"
#include "hooks_files.h"
#include "hooks_directories.h"
#include "hooks_attributes.h"
#include "hooks_ioctl.h"
#include "hooks_copies.h"
#include "hooks_sockets.h"
#include "hooks_gates.h"
#include "hooks_tasks.h"
#include "hooks_ipc.h"
#include "hooks_uring.h"
#include "hooks_processes.h"
#include "hooks_settings.h"
#include "hooks_datagrams.h"
#include "hooks_lines.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/*
 * Makes room for what is kept of a task, before it is there: at the fork the kernel refuses to, as to any tracing program, if a
 * task was preempted on this CPU within such a call. An LSM program is never refused. A task that comes to nothing takes its room
 * with it. fexit has no such program: docs/flow-core.md.
 */
SEC("lsm/task_alloc")
int BPF_PROG(lsm_task_alloc, struct task_struct *child)
{
	struct task_struct *parent = bpf_get_current_task_btf();
	struct task_state *state;

	if (child->flags & PF_KTHREAD || (!config.whole_system && !parent->bpf_storage))
		return 0;
	state = task_state(parent, 0);
	if (config.whole_system || state)
		task_state(child, BPF_LOCAL_STORAGE_GET_F_CREATE);
	return 0;
}

/* The child is introduced here: it is complete, and has not run. (In task_alloc it has no pid yet.) */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(process_fork, struct task_struct *parent, struct task_struct *child)
{
	struct actor who;

	acts(&who);
	task_forked(parent, child, 0);
	return 0;
}

/* The point of no return: the new memory is there and empty. What is mapped into it from now on belongs to it. */
HOOK_VOID(bprm_committed_creds, struct linux_binprm *program)
{
	task_executed(bpf_get_current_task_btf(), field(program, file));
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(process_exec, struct task_struct *task, int old_pid, struct linux_binprm *program)
{
	task_begins_program(task);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exit, struct task_struct *task)
{
	struct actor who;

	acts(&who);
	tell_status(task);
	task_ended(task);
	return 0;
}

SEC("tp_btf/signal_generate")
int BPF_PROG(signal_generate, int signal, struct kernel_siginfo *info, struct task_struct *task, int group, int result)
{
	struct actor who;

	return tells(info, result) && acts(&who) ? signal_sent(&who, signal, info, task) : 0;
}
