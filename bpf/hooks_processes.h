/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What one process takes out of another, puts there, or is given by it. ptrace_access_check is asked before each way into another
 * process's memory, and is told the task; what is then taken is reported once more when the call is done.
 */
#ifndef HEADWATER_HOOKS_PROCESSES_H
#define HEADWATER_HOOKS_PROCESSES_H

#include "hook.h"
#include "hooks_files.h"
#include "processes.h"

#define PTRACE_MODE_ATTACH 0x2

static __always_inline u64 call_number(void)
{
	struct pt_regs *regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());

	return BPF_CORE_READ(regs, orig_ax);
}

HOOK(ptrace_access_check, struct task_struct *child, u32 mode)
{
	struct actor who;

	if (!(mode & PTRACE_MODE_ATTACH) || !acts(&who))
		return;
	switch (call_number()) {
	case 101:	/* ptrace */
		put_into_process(&who, child, OP_PTRACE_ATTACH, PTRACE_ATTACH);
		return;
	case 310:	/* process_vm_readv */
		take_from_process(&who, child, OP_PTRACE_READ, 0);
		return;
	case 311:	/* process_vm_writev */
		put_into_process(&who, child, OP_PTRACE_WRITE, 0);
		return;
	case 438:	/* pidfd_getfd: file_receive tells */
		return;
	}
	/* An open of /proc/PID/mem, whose reads and writes show the process from 6.2 on. */
	if (bpf_task_from_pid)
		return;
	take_from_process(&who, child, OP_PTRACE_READ, 0);
	put_into_process(&who, child, OP_PTRACE_WRITE, 0);
}

HOOK(ptrace_traceme, struct task_struct *parent)
{
	struct actor who;

	if (acts(&who))
		put_into_process(&who, parent, OP_PTRACE_TRACEME, 0);
}

BEFORE(arch_ptrace, struct task_struct *child, u64 request)
{
	struct actor who;

	return ptrace_puts(request) && acts(&who) ? put_into_process(&who, child, OP_PTRACE_WRITE, request) : 0;
}

AFTER(arch_ptrace, struct task_struct *child, u64 request, u64 address, u64 data, s64 result)
{
	struct actor who;

	return result >= 0 && ptrace_takes(request) && actor(&who) ?
		take_from_process(&who, child, OP_PTRACE_READ, request) : 0;
}

SEC("fexit/__x64_sys_process_vm_readv")
int BPF_PROG(after_process_vm_readv, struct pt_regs *registers, s64 moved)
{
	struct actor who;

	return moved > 0 && actor(&who) ? with_process(&who, field(registers, di), OP_PTRACE_READ, 0) : 0;
}

/* A descriptor of another process, by a message or by pidfd_getfd: before it has a number here. */
HOOK(file_receive, struct file *file)
{
	struct actor who;
	struct inode_object *object = acts_on(&who, file);

	if (object)
		flow_to_process(&object->object, who.process, OP_FILE_RECEIVE, 0, field(file, f_mode), 0, who.id);
}

SEC("fexit/__x64_sys_shmget")
int BPF_PROG(after_shmget, struct pt_regs *registers, s64 id)
{
	struct actor who;

	return id >= 0 && actor(&who) ? segment_got(&who, id, field(registers, di), field(registers, dx)) : 0;
}

#endif
