/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The lsm and fexit front-ends: LSM hooks (or the ends of the security_* functions that call them: hook.h), and, where
 * no hook fires late enough to see what was taken, the ends of the functions that take it. Nothing here is read from
 * user memory but the arguments of an executed program. docs/flow-core.md lists what each hook gives, and when.
 */
#include "flow.h"
#include "read.h"
#include "inodes.h"
#include "objects.h"
#include "tasks.h"
#include "sockets.h"
#include "paths.h"
#include "existing.h"
#include "packets.h"
#include "hook.h"
#include "hooks_files.h"
#include "hooks_directories.h"
#include "hooks_copies.h"
#include "hooks_sockets.h"
#include "hooks_datagrams.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

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
	task_ended(task);
	return 0;
}
