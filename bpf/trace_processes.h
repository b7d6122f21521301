/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Calls that reach into other processes, take descriptors from them, or share memory with them. */
#ifndef HEADWATER_TRACE_PROCESSES_H
#define HEADWATER_TRACE_PROCESSES_H

#include "trace.h"
#include "processes.h"
#include "claims.h"
#include "watches.h"
#include "settings.h"

/* ---- at entry: flows into other processes ---- */

static __noinline int on_ptrace(struct call *call)
{
	return ptrace_puts(ARG1(call)) ? with_process(&call->who, ARG2(call), OP_PTRACE_WRITE, ARG1(call)) : 0;
}

static __noinline int on_process_vm_write(struct call *call)
{
	return with_process(&call->who, ARG1(call), OP_PTRACE_WRITE, 0);
}

/* ---- at exit: flows out of them ---- */

static __noinline int on_exit_ptrace(struct call *call)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u64 request = ARG1(call);

	if (call->result < 0)
		return 0;
	if (request == PTRACE_TRACEME)
		return put_into_process(&call->who, task->real_parent, OP_PTRACE_TRACEME, 0);
	if (request == PTRACE_ATTACH || request == PTRACE_SEIZE)
		return with_process(&call->who, ARG2(call), OP_PTRACE_ATTACH, request);
	return ptrace_takes(request) ? with_process(&call->who, ARG2(call), OP_PTRACE_READ, request) : 0;
}

static __noinline int on_exit_process_vm_read(struct call *call)
{
	return call->result > 0 ? with_process(&call->who, ARG1(call), OP_PTRACE_READ, 0) : 0;
}

/* Apart from what is done with it: a chain of calls has 512 bytes of stack. */
static __noinline struct inode_object *object_received(u32 fd, u32 *mode)
{
	struct opened at = {};

	if (!mode || !opened(fd, &at))
		return NULL;
	*mode = field(at.file, f_mode);
	return at.object;
}

static __noinline int take_descriptor(struct call *call, struct inode_object *object, u32 flags, u32 mode)
{
	if (call && object)
		flow_to_process(&object->object, call->who.process, OP_FILE_RECEIVE, flags, mode, 0, call->who.id);
	return 0;
}

static __always_inline int descriptor_received(struct call *call, u32 fd, u32 flags)
{
	struct inode_object *object;
	u32 mode = 0;

	object = object_received(fd, &mode);
	return take_descriptor(call, object, flags, mode);
}

/* pidfd_getfd: a descriptor out of another process. */
static __noinline int on_exit_take_descriptor(struct call *call)
{
	return call->result < 0 ? 0 : descriptor_received(call, call->result, 0);
}

static __noinline int on_exit_segment(struct call *call)
{
	return call->result < 0 ? 0 : segment_got(&call->who, call->result, ARG1(call), ARG3(call));
}

static __noinline int on_exit_attach(struct call *call)
{
	if ((u64)call->result > -4096ULL)
		return 0;
	return segment_attached(&call->who, ARG1(call), ipc_namespace(),
				!(ARG3(call) & SHM_RDONLY), ARG3(call));
}

/* ---- after the frequent calls, for the few of them that need it ---- */

/* Which open file a read or write was of: one that shows a process; one that watches. */
static __always_inline int through_process_file(struct call *call, bool into)
{
	struct file *file = file_of(bpf_get_current_task_btf(), ARG1(call));

	if (!file)
		return 0;
	if (!into && is_watching(file))
		return watch_read(&call->who, file);
	return process_file(&call->who, file, into);
}

/* Descriptors that came with a message: where they lie in user memory, and how many. */
struct passed {
	struct call *call;
	u64 at;
	u32 count;
};

static long passed_descriptor(u32 i, struct passed *passed)
{
	int fd = -1;

	if (i >= passed->count || bpf_probe_read_user(&fd, sizeof(fd), (const void *)(passed->at + i * sizeof(fd))))
		return 1;
	descriptor_received(passed->call, fd, FLAG_CLAIMED);
	return 0;
}

#define SCM_RIGHTS 1
#define SCM_MAX_FD 253
#define CONTROL_HEADERS 8	/* of one message; the kernel has fewer kinds for a UNIX socket */

static __noinline int passed_descriptors(struct call *call)
{
	struct {
		u64 length;
		int level;
		int type;
	} header;
	struct {
		u64 at;
		u64 length;
	} control;
	struct passed passed = { .call = call };
	u64 used = 0;
	int i;

	if (!call || bpf_probe_read_user(&control, sizeof(control), (const void *)(ARG2(call) + MESSAGE_CONTROL)))
		return 0;
	for (i = 0; i < CONTROL_HEADERS; i++) {
		if (used + sizeof(header) > control.length ||
		    bpf_probe_read_user(&header, sizeof(header), (const void *)(control.at + used)) ||
		    header.length < sizeof(header))
			return 0;
		if (header.level == SOL_SOCKET && header.type == SCM_RIGHTS) {
			passed.at = control.at + used + sizeof(header);
			passed.count = (header.length - sizeof(header)) / sizeof(int);
			bpf_loop(SCM_MAX_FD, passed_descriptor, &passed, 0);
		}
		used += (header.length + 7) & ~7ULL;
	}
	return 0;
}

#endif
