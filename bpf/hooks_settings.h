/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What one process sets and another asks for (settings.h): of processes, of sockets. */
#ifndef HEADWATER_HOOKS_SETTINGS_H
#define HEADWATER_HOOKS_SETTINGS_H

#include "hook.h"
#include "hooks_files.h"
#include "hooks_processes.h"
#include "settings.h"

/* ---- of another process: the hook is told which ---- */

static __always_inline void sets_process(struct task_struct *task)
{
	struct actor who;

	if (task != bpf_get_current_task_btf() && acts(&who))
		put_into_process(&who, task, OP_PTRACE_WRITE, call_number());
}

static __always_inline void asks_process(struct task_struct *task)
{
	struct actor who;

	if (task != bpf_get_current_task_btf() && acts(&who))
		take_from_process(&who, task, OP_PROC_READ, call_number());
}

HOOK(task_setrlimit, struct task_struct *task, u32 resource, void *limit)
{
	sets_process(task);
}

HOOK(task_setnice, struct task_struct *task, int nice)
{
	sets_process(task);
}

HOOK(task_setioprio, struct task_struct *task, int priority)
{
	sets_process(task);
}

/* Also of its processors. */
HOOK(task_setscheduler, struct task_struct *task)
{
	sets_process(task);
}

HOOK(task_getioprio, struct task_struct *task)
{
	asks_process(task);
}

HOOK(task_getscheduler, struct task_struct *task)
{
	asks_process(task);
}

SEC("fexit/__x64_sys_prlimit64")
int BPF_PROG(after_prlimit, struct pt_regs *registers, s64 result)
{
	struct actor who;

	return !result && field(registers, di) && field(registers, r10) && actor(&who) ?
		with_process(&who, field(registers, di), OP_PROC_READ, 302) : 0;
}

/* ---- options of sockets ---- */

HOOK(socket_setsockopt, struct socket *socket, int level, int name)
{
	struct inode_object *object;
	struct actor who;

	if (!acts(&who))
		return;
	object = inode_object(inode_of_socket(socket));
	if (makes_ring(level, name))
		ring_made(field(socket, sk));
	option_set(&who, object, option_number(level, name));
}

static __noinline int option_answered(struct actor *who, struct file *file, u32 option)
{
	struct inode_object *object;

	if (!who || !file || type_of(field(file, f_inode)) != S_IFSOCK)
		return 0;
	object = inode_object(field(file, f_inode));
	return option_asked(who, object, option);
}

SEC("fexit/__x64_sys_getsockopt")
int BPF_PROG(after_getsockopt, struct pt_regs *registers, s64 result)
{
	u32 level = field(registers, si), name = field(registers, dx);
	struct file *file;
	struct actor who;

	if (result < 0 || is_kernels(level, name) || !actor(&who))
		return 0;
	file = file_of(bpf_get_current_task_btf(), field(registers, di));
	/* Pages of what was received, mapped. */
	if (level == SOL_TCP && name == TCP_ZEROCOPY_RECEIVE && file) {
		take_from(&who, file);
		return 0;
	}
	return option_answered(&who, file, option_number(level, name));
}

#endif
