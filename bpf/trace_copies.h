/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Copies inside the kernel: splice, tee, vmsplice, sendfile, copy_file_range. Reported at entry, for what the source holds
 * then, and again at exit, for what arrived in it while the call was under way. The bytes go from one object to the other; the
 * process at whose word they do gets none of them, nor does what it holds go with them. But vmsplice moves its memory.
 */
#ifndef HEADWATER_TRACE_COPIES_H
#define HEADWATER_TRACE_COPIES_H

#include "trace.h"
#include "processes.h"

/* vmsplice moves bytes into the writing end of a pipe, and out of the reading one. */
static __always_inline bool is_writing_end(u32 fd)
{
	struct file *file = file_of(bpf_get_current_task_btf(), fd);

	return file && field(file, f_mode) & FMODE_WRITE;
}

static __noinline int on_splice_memory(struct call *call)
{
	if (is_writing_end(ARG1(call)))
		out_to(call, ARG1(call), NULL);
	return 0;
}

/* Functions of their own: a chain of calls has 512 bytes of stack. */
static __noinline bool resolved(struct file *file, struct opened *at)
{
	return at && opened_file(file, at);
}

static __noinline int copied_from(struct actor *who, struct opened *from)
{
	if (who && from)
		take_before(who, from, NULL);
	return 0;
}

static __noinline int copied_to(struct actor *who, struct opened *to)
{
	if (who && to)
		put_on(who, to, NULL);
	return 0;
}

/* A file that shows a process is made of what the process that asks may know of it: that goes through its memory. */
static __noinline int shown_in(struct actor *who, struct opened *from, struct opened *to)
{
	if (!who || !from || !to)
		return 0;
	process_file(who, from->file, false);
	return put_out(who, to->object, to->type == S_IFSOCK ? OP_SEND : OP_WRITE, 0, 0, 0);
}

/* Bytes go from one open file to another. What the process stores where it has mapped them counts, before and after. */
static __always_inline int copied(struct actor *who, struct opened *from, struct opened *to)
{
	if (who->process->mapped)
		share_in(who->process, who->id);
	copied_from(who, from);
	if (fuse_met)
		to->object = fuse_sink(to->file, to->inode, to->object);
	if (who->process->lines)
		forget_copied(from->object, to->object);
	if (from->object != to->object)
		pass_on(from->object, to->object, OP_COPY, who->id);
	if (from->object->object.shows_process)
		shown_in(who, from, to);
	copied_to(who, to);
	if (who->process->mapped)
		share_in(who->process, who->id);
	return 0;
}

static __noinline int copy_file(struct actor *who, struct file *in, struct file *out)
{
	struct opened from = {}, to = {};

	return who && resolved(in, &from) && resolved(out, &to) && copied(who, &from, &to);
}

static __always_inline int copy(struct call *call, u32 in, u32 out)
{
	struct task_struct *task = bpf_get_current_task_btf();

	return copy_file(&call->who, file_of(task, in), file_of(task, out));
}

static __noinline int on_copy_to_first(struct call *call)
{
	return copy(call, ARG2(call), ARG1(call));
}

static __noinline int on_copy_to_second(struct call *call)
{
	return copy(call, ARG1(call), ARG2(call));
}

static __noinline int on_copy_to_third(struct call *call)
{
	return copy(call, ARG1(call), ARG3(call));
}

/* ---- at exit ---- */

static __noinline int on_exit_spliced_to_memory(struct call *call)
{
	if (call->result > 0 && !is_writing_end(ARG1(call)))
		in_from(call, ARG1(call), NULL);
	return 0;
}

/* What arrived in the source while the call was under way; what was there before was reported at its entry. */
static __noinline int on_exit_copied_to_first(struct call *call)
{
	return call->result > 0 ? copy(call, ARG2(call), ARG1(call)) : 0;
}

static __noinline int on_exit_copied_to_second(struct call *call)
{
	return call->result > 0 ? copy(call, ARG1(call), ARG2(call)) : 0;
}

static __noinline int on_exit_copied_to_third(struct call *call)
{
	return call->result > 0 ? copy(call, ARG1(call), ARG3(call)) : 0;
}

#endif
