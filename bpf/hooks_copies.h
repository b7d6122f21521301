/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Copies inside the kernel: splice, tee, vmsplice, sendfile, copy_file_range, clones. The bytes go from one object to the other;
 * the process at whose word they do gets none of them, nor does what it holds go with them. But vmsplice moves its memory.
 *
 * No LSM hook sees a pipe being filled by splice, tee, vmsplice or sendfile. And a copy that waits, or is long, moves
 * bytes that arrived after it began. So a copy is reported
 *   - at its beginning: what the source holds then;
 *   - each time that bytes are at hand and not yet seen at the other end: do_splice_to, do_splice_read (the filled pipe
 *     is still locked), splice_from_pipe_next (before the bytes go on to the file);
 *   - at its end, as the net under the others.
 * For the hooks in the middle, which are not told the files, the beginning keeps them; so it does for file_permission, which a
 * copy passes as a read and a write do.
 */
#ifndef HEADWATER_HOOKS_COPIES_H
#define HEADWATER_HOOKS_COPIES_H

#include "hook.h"
#include "hooks_files.h"
#include "paths.h"

/* A copy of an overlay's files is made by another, of the files below that hold the bytes: the outer one stays under way. */
static __always_inline bool is_below(struct actor *who)
{
	struct file *from = (struct file *)who->task->under_way.from;

	return in_copy(who) && is_overlay(field(from, f_inode));
}

static __noinline int copy_begins(struct file *from, struct file *to)
{
	struct actor who;

	if (!from || !to || !acts(&who))
		return 0;
	/* What it copies it has to look at, at both ends. */
	forget_conclusion(bpf_get_current_task_btf());
	if (!is_below(&who)) {
		who.task->under_way.from = (u64)from;
		who.task->under_way.to = (u64)to;
	}
	return copy_file(&who, from, to);
}

static __noinline int copy_goes_on(void)
{
	struct actor who;

	if (!actor(&who))
		return 0;
	return copy_file(&who, (struct file *)who.task->under_way.from, (struct file *)who.task->under_way.to);
}

static __noinline int copy_ends(struct file *from, struct file *to, s64 moved)
{
	struct actor who;

	if (!actor(&who))
		return 0;
	if (who.task->under_way.to == (u64)to) {
		who.task->under_way.from = 0;
		who.task->under_way.to = 0;
	}
	reading_ends(&who);
	return moved > 0 ? copy_file(&who, from, to) : 0;
}

BEFORE(do_splice, struct file *from, s64 *from_offset, struct file *to)
{
	return copy_begins(from, to);
}

AFTER(do_splice, struct file *from, s64 *from_offset, struct file *to)
{
	return copy_ends(from, to, returned(ctx));
}

BEFORE(do_tee, struct file *from, struct file *to)
{
	return copy_begins(from, to);
}

AFTER(do_tee, struct file *from, struct file *to)
{
	return copy_ends(from, to, returned(ctx));
}

BEFORE(vfs_copy_file_range, struct file *from, s64 from_offset, struct file *to)
{
	return copy_begins(from, to);
}

AFTER(vfs_copy_file_range, struct file *from, s64 from_offset, struct file *to)
{
	return copy_ends(from, to, returned(ctx));
}

BEFORE(vfs_clone_file_range, struct file *from, s64 from_offset, struct file *to)
{
	return copy_begins(from, to);
}

AFTER(vfs_clone_file_range, struct file *from, s64 from_offset, struct file *to)
{
	return copy_ends(from, to, returned(ctx));
}

/* Told descriptors, not files: another thread that changes them at this moment is not noticed. */
BEFORE(do_sendfile, int to, int from)
{
	struct task_struct *task = bpf_get_current_task_btf();

	return copy_begins(file_of(task, from), file_of(task, to));
}

AFTER(do_sendfile, int to, int from)
{
	struct task_struct *task = bpf_get_current_task_btf();

	return copy_ends(file_of(task, from), file_of(task, to), returned(ctx));
}

AFTER(do_splice_to)
{
	return copy_goes_on();
}

AFTER(do_splice_read)
{
	return copy_goes_on();
}

AFTER(splice_from_pipe_next, void *pipe, void *description, int ready)
{
	return ready > 0 ? copy_goes_on() : 0;
}

/* vmsplice(pipe, …): from the process's memory into the pipe or back, as the descriptor is open for writing or reading. */
static __always_inline int memory_copy(struct pt_regs *registers, bool into)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct actor who;
	struct file *pipe;

	if (into ? !acts(&who) : !actor(&who))
		return 0;
	pipe = file_of(task, field(registers, di));
	if (!pipe || !(field(pipe, f_mode) & FMODE_WRITE) == into)
		return 0;
	if (into)
		put_into(&who, pipe);
	else
		take_from(&who, pipe);
	return 0;
}

SEC("fentry/__x64_sys_vmsplice")
int BPF_PROG(before_vmsplice, struct pt_regs *registers)
{
	return memory_copy(registers, true);
}

SEC("fexit/__x64_sys_vmsplice")
int BPF_PROG(after_vmsplice, struct pt_regs *registers, s64 moved)
{
	return moved > 0 ? memory_copy(registers, false) : 0;
}

#endif
