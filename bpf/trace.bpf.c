/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The trace front-end: typed tracepoints, for kernels that refuse BPF trampolines. Descriptors are resolved to kernel
 * objects here, never taken from user memory; only calls that name files by path are reported in the caller's words.
 *
 * syscalls.h says which handler takes which call. The calls that programs make all the time are handled by the program at the
 * tracepoint itself; the others by one program for each group, reached by a tail call. That keeps the frequent path short,
 * and gives each group a stack and a verifier's budget of its own.
 */
#include "trace.h"
#include "trace_files.h"
#include "trace_copies.h"
#include "trace_sockets.h"
#include "trace_messages.h"
#include "trace_directories.h"
#include "existing.h"
#include "packets.h"
#include "syscalls.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* A 32-bit system call has other numbers and arguments: not followed, and counted. */
static __always_inline bool foreign_abi(void)
{
	struct task_struct *task = bpf_get_current_task_btf();

	if (!(task->thread_info.status & TS_COMPAT))
		return false;
	lost(LOSS_FOREIGN_ABI);
	return true;
}

/* The program of a group, at entry or at exit. Not attached: the program at the tracepoint hands the call on to it. */
#define DISPATCH_ENTRY(name) case ON_##name: return on_##name(&call);
#define DISPATCH_EXIT(name) case ON_EXIT_##name: return on_exit_##name(&call);
#define ENTRY_GROUP(name, LIST)									\
SEC("tp_btf/sys_enter")										\
int BPF_PROG(group_entry_##name, struct pt_regs *regs, long number)				\
{												\
	struct call call = { .regs = regs };							\
												\
	if ((u64)number >= SYSCALLS_MAX || !actor(&call.who))					\
		return 0;									\
	switch (at_entry[number]) {								\
	LIST(DISPATCH_ENTRY)									\
	}											\
	return 0;										\
}
#define EXIT_GROUP(name, LIST)									\
SEC("tp_btf/sys_exit")										\
int BPF_PROG(group_exit_##name, struct pt_regs *regs, long result)				\
{												\
	struct call call = { .regs = regs, .result = result };					\
	u64 number = regs->orig_ax;								\
												\
	if (number >= SYSCALLS_MAX || !actor(&call.who))					\
		return 0;									\
	switch (at_exit[number]) {								\
	LIST(DISPATCH_EXIT)									\
	}											\
	return 0;										\
}
#define GROUP_SLOTS(slots)									\
struct {											\
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);							\
	__uint(max_entries, GROUPS);								\
	__uint(key_size, sizeof(u32));								\
	__array(values, int (void *));								\
} slots SEC(".maps")

ENTRY_GROUP(copies, ENTRY_COPIES)
ENTRY_GROUP(messages, ENTRY_MESSAGES)
GROUP_SLOTS(entry_groups) = {
	.values = {
		[GROUP_COPIES] = (void *)&group_entry_copies,
		[GROUP_MESSAGES] = (void *)&group_entry_messages,
	},
};

EXIT_GROUP(copies, EXIT_COPIES)
EXIT_GROUP(sockets, EXIT_SOCKETS)
EXIT_GROUP(directories, EXIT_DIRECTORIES)
EXIT_GROUP(messages, EXIT_MESSAGES)
GROUP_SLOTS(exit_groups) = {
	.values = {
		[GROUP_COPIES] = (void *)&group_exit_copies,
		[GROUP_SOCKETS] = (void *)&group_exit_sockets,
		[GROUP_DIRECTORIES] = (void *)&group_exit_directories,
		[GROUP_MESSAGES] = (void *)&group_exit_messages,
	},
};

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter, struct pt_regs *regs, long number)
{
	struct call call = { .regs = regs };
	u32 handler;

	if ((u64)number >= SYSCALLS_MAX)
		return 0;
	handler = at_entry[number];
	if (!handler || !actor(&call.who) || foreign_abi())
		return 0;
	if (handler >> GROUP_SHIFT)
		bpf_tail_call(ctx, &entry_groups, handler >> GROUP_SHIFT);
	switch (handler) {
	ENTRY_FREQUENT(DISPATCH_ENTRY)
	}
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit, struct pt_regs *regs, long result)
{
	struct call call = { .regs = regs, .result = result };
	u64 number = regs->orig_ax;
	u32 handler;

	if (number >= SYSCALLS_MAX)
		return 0;
	handler = at_exit[number];
	if (!handler || !actor(&call.who) || foreign_abi())
		return 0;
	if (handler >> GROUP_SHIFT)
		bpf_tail_call(ctx, &exit_groups, handler >> GROUP_SHIFT);
	switch (handler) {
	EXIT_FREQUENT(DISPATCH_EXIT)
	}
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(process_fork, struct task_struct *parent, struct task_struct *child)
{
	task_forked(parent, child, 0);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(process_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	task_executed(task, BPF_CORE_READ(bprm, file));
	task_begins_program(task);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exit, struct task_struct *task)
{
	task_ended(task);
	return 0;
}
