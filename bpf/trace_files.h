/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Calls on open files, and those that open them: read, write, map, cut. */
#ifndef HEADWATER_TRACE_FILES_H
#define HEADWATER_TRACE_FILES_H

#include "trace.h"

/* ---- at entry: flows into files ---- */

static __noinline int on_write(struct call *call)
{
	return out_to(call, ARG1(call), NULL);
}

static __noinline int on_resize(struct call *call)
{
	struct opened at = {};
	s64 size = call->regs->orig_ax == 77 ? (s64)ARG2(call) : -1;

	if (opened(ARG1(call), &at))
		flow_to_inode(&call->who.process->object, at.object, OP_TRUNCATE, 0, 0, size, call->who.id);
	return 0;
}

/* ---- at exit: flows out of files, and what can be said only then ---- */

static __noinline int on_exit_read(struct call *call)
{
	return call->result > 0 && in_from(call, ARG1(call), NULL);
}

static __noinline int on_exit_read_directory(struct call *call)
{
	struct opened at = {};

	if (call->result > 0 && opened(ARG1(call), &at))
		flow_to_process(&at.object->object, call->who.process, OP_READ_DIRECTORY, 0, 0, 0, call->who.id);
	return 0;
}

static __noinline int on_exit_map(struct call *call)
{
	u32 flags = ARG4(call), protection = ARG3(call);
	struct process *process = call->who.process;
	struct opened at = {};

	if ((u64)call->result > -4096ULL)
		return 0;
	if (flags & MAP_ANONYMOUS) {
		if (flags & MAP_SHARED)
			process->anonymous = 1;
		return 0;
	}
	if (!opened(ARG5(call), &at))
		return 0;
	if ((flags & 0x3) != MAP_SHARED && (flags & 0x3) != 0x3) {
		flow_to_process(&at.object->object, process, OP_MMAP_PRIVATE, 0, protection, ARG6(call), call->who.id);
		return 0;
	}
	flow_to_process(&at.object->object, process, OP_MMAP_SHARED, 0, protection, ARG6(call), call->who.id);
	if (at.type == S_IFCHR && field(at.inode, i_rdev) == DEV_ZERO) {
		process->anonymous = 1;
		return 0;
	}
	if (protection & PROT_WRITE)
		flow_to_inode(&process->object, at.object, OP_MMAP_WRITE, 0, protection, ARG6(call), call->who.id);
	if (at.type == S_IFREG) {
		struct inode_key key = inode_key(at.inode);

		remember_mapping(process, at.file, &key);
	}
	return 0;
}

static __noinline int on_exit_open(struct call *call)
{
	struct process *process = call->who.process;
	struct task_struct *task = bpf_get_current_task_btf();
	struct file *file;
	struct inode *inode, *held;
	struct inode_object *object;
	u32 mode, type, flags;

	if (call->result < 0)
		return 0;
	file = file_of(task, call->result);
	if (!file)
		return 0;
	mode = field(file, f_mode);
	flags = field(file, f_flags);
	inode = field(file, f_inode);
	if (flags & O_PATH)
		return 0;
	if (mode & FMODE_CREATED) {
		struct inode_key key = inode_key(inode);

		object = introduce_inode(&key, inode, FLAG_CREATED);
		if (!object)
			return 0;
		name_file(object, file, 0);
		flow_to_inode(&process->object, object, OP_CREATE, 0, mode, 0, call->who.id);
		return 0;
	}
	/* Numbers of terminals are given out again: a master's opening makes a new one. */
	held = held_inode(file, inode);
	if (held != inode && field(inode, i_rdev) == DEV_PTMX) {
		struct inode_key key = inode_key(held);

		introduce_inode(&key, held, FLAG_CREATED);
		return 0;
	}
	object = inode_object(inode);
	if (!object)
		return 0;
	name_file(object, file, 0);
	type = field(inode, i_mode) & S_IFMT;
	if (type != S_IFREG)
		return 0;
	if (flags & O_TRUNC)
		flow_to_inode(&process->object, object, OP_TRUNCATE, 0, 0, 0, call->who.id);
	if (mode & FMODE_READ)
		flow_to_process(&object->object, process, OP_OPEN, 0, mode, 0, call->who.id);
	return 0;
}

#endif
