/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The trace front-end: typed tracepoints, for kernels that refuse BPF trampolines. Descriptors are resolved to kernel
 * objects here, never taken from user memory; only calls that name files by path are reported in the caller's words.
 *
 * syscalls.h says which handler takes which call. The calls that programs make all the time are handled by the program at the
 * tracepoint itself; the others by one program for each group, reached by a tail call. That keeps the frequent path short,
 * and gives each group a stack and a verifier's budget of its own.
 */
/* System calls see an overlay's files, not those below that hold the bytes. */
#define BYTES_BELOW

#include "trace.h"
#include "trace_files.h"
#include "trace_copies.h"
#include "trace_sockets.h"
#include "trace_messages.h"
#include "trace_directories.h"
#include "trace_tasks.h"
#include "trace_ipc.h"
#include "trace_attributes.h"
#include "trace_ioctl.h"
#include "trace_uring.h"
#include "trace_aio.h"
#include "trace_processes.h"
#include "trace_settings.h"
#include "line_records.h"
#include "existing.h"
#include "packets.h"
#include "syscalls.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* A 32-bit system call has other numbers and arguments: not followed, and counted once, whichever it is. */
static __always_inline bool is_foreign(struct task_struct *task)
{
	return task->thread_info.status & TS_COMPAT;
}

/* The same as passes_by, for a call of a file that is its first argument; or it adds nothing. */
static __always_inline bool passes_call_by(struct task_struct *task, struct pt_regs *regs, bool writes, bool has_read)
{
	volatile struct conclusion *place = conclusion_place(task->pid);
	u64 drawn = place->drawn, found = holds_of(place, drawn, task);

	if (found == REPEATS && (writes || has_read) && !is_foreign(task))
		return call_repeats(place, drawn, task, regs->di, writes);
	return passes_by_as(task, found);
}

/* The program of a group, at entry or at exit. Not attached: the program at the tracepoint hands the call on to it. */
#define DISPATCH_ENTRY(name) case ON_##name: return on_##name(&call);
#define DISPATCH_EXIT(name) case ON_EXIT_##name: return on_exit_##name(&call);
/* A handler of a frequent call says whether it left something to the program of the rest. */
#define BEGIN_ENTRY(name) case ON_##name: rest = on_##name(&call); break;
#define BEGIN_EXIT(name) case ON_EXIT_##name: rest = on_exit_##name(&call); break;
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

/* By group; the loader puts group_entry_NAME and group_exit_NAME at GROUP_NAME, of those that it loads. */
#define GROUP_SLOTS(slots)									\
struct {											\
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);							\
	__uint(max_entries, GROUPS);								\
	__uint(key_size, sizeof(u32));								\
	__uint(value_size, sizeof(u32));							\
} slots SEC(".maps")

GROUP_SLOTS(entry_groups);
GROUP_SLOTS(exit_groups);

/* Never set: keeps the enum in the object's BTF, against which the loader's is tested. */
enum group *group_kept_;

ENTRY_GROUP(copies, ENTRY_COPIES)
ENTRY_GROUP(messages, ENTRY_MESSAGES)
ENTRY_GROUP(ipc, ENTRY_IPC)
ENTRY_GROUP(kernel, ENTRY_KERNEL)
ENTRY_GROUP(attributes, ENTRY_ATTRIBUTES)
ENTRY_GROUP(controls, ENTRY_CONTROLS)
ENTRY_GROUP(processes, ENTRY_PROCESSES)
ENTRY_GROUP(aio, ENTRY_AIO)

/* What the program at the tracepoint has begun: a file that shows a process is written, or was read; descriptors have come. */
SEC("tp_btf/sys_enter")
int BPF_PROG(group_entry_rest, struct pt_regs *regs, long number)
{
	struct call call = { .regs = regs };

	return actor(&call.who) ? through_process_file(&call, true) : 0;
}

EXIT_GROUP(copies, EXIT_COPIES)
EXIT_GROUP(sockets, EXIT_SOCKETS)
EXIT_GROUP(directories, EXIT_DIRECTORIES)
EXIT_GROUP(tasks, EXIT_TASKS)
EXIT_GROUP(ipc, EXIT_IPC)
EXIT_GROUP(kernel, EXIT_KERNEL)
EXIT_GROUP(attributes, EXIT_ATTRIBUTES)
EXIT_GROUP(controls, EXIT_CONTROLS)
EXIT_GROUP(uring, EXIT_URING)
EXIT_GROUP(processes, EXIT_PROCESSES)
EXIT_GROUP(aio, EXIT_AIO)

/* Whoever comes here has begun to write where there may be a log: who acts is known. */
SEC("tp_btf/sys_exit")
int BPF_PROG(group_exit_lines, struct pt_regs *regs, long result)
{
	return line_ends(regs, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(group_exit_rest, struct pt_regs *regs, long result)
{
	struct call call = { .regs = regs, .result = result };
	u64 number = regs->orig_ax;

	if (number >= SYSCALLS_MAX || !actor(&call.who))
		return 0;
	switch (at_exit[number]) {
	case ON_EXIT_receive_message:
	case ON_EXIT_receive_messages:
		return passed_descriptors(&call);
	}
	return through_process_file(&call, false);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(group_exit_messages, struct pt_regs *regs, long result)
{
	struct call call = { .regs = regs, .result = result };

	if (!actor(&call.who))
		return 0;
	if (on_exit_receive_messages(&call))
		bpf_tail_call(ctx, &exit_groups, GROUP_REST);
	return 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter, struct pt_regs *regs, long number)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u32 handler, rest = 0;
	struct call call;

	if ((u64)number >= SYSCALLS_MAX)
		return 0;
	handler = at_entry[number];
	if ((!handler && !is_foreign(task)) || passes_call_by(task, regs, handler == ON_write, false) || !actor_within(&call.who))
		return 0;
	call.regs = regs;
	call.result = 0;
	if (is_foreign(task)) {
		lost(LOSS_FOREIGN_ABI);
		return 0;
	}
	if (handler >> GROUP_SHIFT)
		bpf_tail_call(ctx, &entry_groups, handler >> GROUP_SHIFT);
	switch (handler) {
	ENTRY_FREQUENT(BEGIN_ENTRY)
	}
	if (rest)
		bpf_tail_call(ctx, &entry_groups, GROUP_REST);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit, struct pt_regs *regs, long result)
{
	struct task_struct *task;
	struct call call;
	u64 number = regs->orig_ax;
	u32 handler, rest = 0;

	if (number >= SYSCALLS_MAX)
		return 0;
	handler = at_exit[number];
	/* As long as nobody has changed attributes, stat(2) and its kin end here. */
	if (handler > EXIT_BASE_ATTRIBUTES && handler < ON_EXIT_read_link && !attributes_claimed)
		return 0;
	/* Nor has who writes anything more to do, as long as no logs are annotated. */
	if (handler >= EXIT_BASE_LINES && (!lines.active || !line_under_way()))
		return 0;
	if (!handler)
		return 0;
	task = bpf_get_current_task_btf();
	if (is_foreign(task))
		return 0;
	/* Read again: Linux 6.1's verifier takes what is asked of this value for known of all calls, and their handlers for dead. */
	if (handler == ON_EXIT_read && *(volatile s64 *)&ctx[1] <= 0)
		return 0;
	if (passes_call_by(task, regs, false, handler == ON_EXIT_read) || !actor_within(&call.who)) {
		/* One who was not recorded may be from now on. A call that fails, which anybody can make again and again, changes nothing. */
		if (handler >> GROUP_SHIFT == GROUP_TASKS && result >= 0)
			forget_verdict();
		return 0;
	}
	call.regs = regs;
	call.result = result;
	if (handler >> GROUP_SHIFT)
		bpf_tail_call(ctx, &exit_groups, handler >> GROUP_SHIFT);
	switch (handler) {
	EXIT_FREQUENT(BEGIN_EXIT)
	}
	if (rest)
		bpf_tail_call(ctx, &exit_groups, GROUP_REST);
	if (handler == ON_EXIT_send && lines.sockets)
		bpf_tail_call(ctx, &exit_groups, GROUP_LINES);
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
	tell_status(task);
	task_ended(task);
	return 0;
}

SEC("tp_btf/signal_generate")
int BPF_PROG(signal_generate, int signal, struct kernel_siginfo *info, struct task_struct *task, int group, int result)
{
	struct actor who;

	return tells(info, result) && actor(&who) ? signal_sent(&who, signal, info, task) : 0;
}
