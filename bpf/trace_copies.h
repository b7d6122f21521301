/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Copies inside the kernel: splice, tee, vmsplice, sendfile, copy_file_range. Reported at entry, for what the source holds
 * then, and again at exit, for what arrived in it while the call was under way.
 */
#ifndef HEADWATER_TRACE_COPIES_H
#define HEADWATER_TRACE_COPIES_H

#include "trace.h"

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

/* Bytes go from one file to another without passing through the caller's memory, but at the caller's word. */
static __noinline int copy(struct call *call, u32 in, u32 out)
{
	in_from(call, in, NULL);
	out_to(call, out, NULL);
	return 0;
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
