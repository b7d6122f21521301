/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Calls on open files, and those that open them: read, write, map, cut. */
#ifndef HEADWATER_TRACE_FILES_H
#define HEADWATER_TRACE_FILES_H

#include "trace.h"
#include "claims.h"
#include "rings.h"

/*
 * Whether the task, of which REPEATS was drawn, does to this file what it did last: it writes, or has read. Not known where there are no
 * typed pointers (read.h).
 */
static __always_inline bool call_repeats(volatile struct conclusion *place, u64 drawn, struct task_struct *task, u32 fd, bool writes)
{
	struct files_struct *files = field(task, files);
	struct fdtable *table = field(files, fdt);
	struct inode *inode;
	struct file *file;

	if (!bpf_rdonly_cast || fd >= field(table, max_fds))
		return false;
	file = pointer_at(field(table, fd) + fd);
	if (!file)
		return false;
	inode = field(file, f_inode);
	return writes ? repeats_write(place, drawn, inode) : repeats_read(place, drawn, inode);
}

/* ---- at entry: flows into files ---- */

static __noinline int on_write(struct call *call)
{
	return out_to(call, ARG1(call), NULL);
}

static __noinline int on_resize(struct call *call)
{
	struct opened at = {};
	s64 size = call->regs->orig_ax == 77 /* ftruncate */ ? (s64)ARG2(call) : -1;

	if (opened(ARG1(call), &at))
		put_out(&call->who, at.object, OP_TRUNCATE, 0, 0, size);
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

	if (call->result <= 0 || !opened(ARG1(call), &at))
		return 0;
	if (fuse_met)
		fuse_source(at.file, at.inode, at.object, call->who.id);
	if (entries_claimed)
		claimed_entries(at.object, call->who.id);
	flow_to_process(&at.object->object, call->who.process, OP_READ_DIRECTORY, 0, 0, 0, call->who.id);
	return 0;
}

/* The directory that holds the file, named; NULL if none does (O_TMPFILE makes no entry). */
static __noinline struct inode_object *directory_of(struct file *file)
{
	struct dentry *dentry = field(file, f_path.dentry);
	struct dentry *parent = field(dentry, d_parent);
	struct inode_object *object;

	if (field(file, f_flags) & O_UNNAMED)
		return NULL;
	object = inode_object(field(parent, d_inode));
	if (object && !object->name)
		name_inode(object, parent, field(file, f_path.mnt), 0);
	return object;
}

/* The name of a file that an open has made goes into its directory: whoever lists that has it. */
static __always_inline int created_in(struct actor *who, struct inode_object *directory)
{
	if (directory)
		put_out(who, directory, OP_ENTRY, 0, OP_CREATE, 0);
	return 0;
}

static __noinline int on_exit_map(struct call *call)
{
	u32 flags = ARG4(call), protection = ARG3(call);
	struct process *process = call->who.process;
	struct opened at = {};
	struct inode_key key;

	if ((u64)call->result > -4096ULL)
		return 0;
	if (flags & MAP_ANONYMOUS) {
		if (flags & MAP_SHARED)
			remember_anonymous(process);
		return 0;
	}
	if (!opened(ARG5(call), &at))
		return 0;
	if (fuse_met)
		fuse_source(at.file, at.inode, at.object, call->who.id);
	if ((flags & 0x3) != MAP_SHARED && (flags & 0x3) != 0x3) {
		flow_to_process(&at.object->object, process, OP_MMAP_PRIVATE, 0, protection, ARG6(call), call->who.id);
		return 0;
	}
	flow_to_process(&at.object->object, process, OP_MMAP_SHARED, 0, protection, ARG6(call), call->who.id);
	if (at.type == S_IFCHR && field(at.inode, i_rdev) == DEV_ZERO) {
		remember_anonymous(process);
		return 0;
	}
	if (protection & PROT_WRITE)
		put_out(&call->who, at.object, OP_MMAP_WRITE, 0, protection, ARG6(call));
	if (mapped_key(at.file, at.inode, &key))
		remember_mapping(process, &key, is_writable(at.file));
	if (is_packet_socket(at.file, at.inode))
		ring_mapped(process, at.file);
	return 0;
}

/* A file that was copied up, by this call or earlier, has what it began as. Returns the inode that holds the bytes now. */
static __noinline struct inode *opened_overlay(struct actor *who, struct file *file, struct inode *inode)
{
	struct inode *below = inode_below(file, inode);
	struct inode_object *from, *to;
	struct inode *lower;

	if (!who || below == inode)
		return inode;
	lower = lower_origin(inode);
	if (!lower || lower == below)
		return below;
	from = inode_object(lower);
	to = inode_object(below);
	pass_on(from, to, OP_COPIED_UP, who->id);
	return below;
}

/* A file was opened. `cut`: what it held was cut off by that. */
static __noinline int file_opened(struct actor *who, struct file *file, bool cut)
{
	struct inode *inode, *held;
	struct inode_object *object;
	u32 mode;

	if (!who || !file || field(file, f_flags) & O_PATH)
		return 0;
	mode = field(file, f_mode);
	inode = field(file, f_inode);
	met_device(inode);
	if (is_overlay(inode)) {
		overlay_met();
		inode = opened_overlay(who, file, inode);
	}
	if (mode & FMODE_CREATED) {
		struct inode_key key = inode_key(inode);

		object = introduce_inode(&key, inode, FLAG_CREATED);
		if (!object)
			return 0;
		name_file(object, file, 0);
		opened_by(who, object);
		put_out(who, object, OP_CREATE, 0, mode, 0);
		return created_in(who, directory_of(file));
	}
	/* Numbers of terminals are given out again: a master's opening makes a new one. */
	held = held_inode(file, inode);
	if (held != inode && field(inode, i_rdev) == DEV_PTMX) {
		struct inode_key key = inode_key(held);

		introduce_inode(&key, held, FLAG_CREATED);
		return 0;
	}
	object = object_behind(file, inode);
	if (!object)
		return 0;
	name_file(object, file, 0);
	if (is_opaque_file(inode, mode))
		return leave(who, object);
	opened_by(who, object);
	if ((field(inode, i_mode) & S_IFMT) != S_IFREG)
		return 0;
	if (cut)
		put_out(who, object, OP_TRUNCATE, 0, 0, 0);
	if (mode & FMODE_READ)
		flow_to_process(&object->object, who->process, OP_OPEN, 0, mode, 0, who->id);
	return 0;
}

/* By the call's arguments: of the open file's flags the kernel has cleared O_TRUNC. */
static __always_inline bool cuts(struct call *call)
{
	u64 flags = 0;

	switch (call->regs->orig_ax) {
	case 2:		/* open(path, flags, …) */
		flags = ARG2(call);
		break;
	case 85:	/* creat */
		return true;
	case 240:	/* mq_open: a queue has nothing to cut off */
		return false;
	case 437:	/* openat2(dir, path, { flags, … }, …) */
		if (bpf_probe_read_user(&flags, sizeof(flags), (const void *)ARG3(call)))
			lost_of(LOSS_UNREADABLE, CLASS_ACCESS);
		break;
	default:	/* openat(dir, path, flags, …), open_by_handle_at(mount, handle, flags) */
		flags = ARG3(call);
	}
	return flags & O_TRUNC;
}

static __noinline int on_exit_open(struct call *call)
{
	if (call->result < 0)
		return 0;
	return file_opened(&call->who, file_of(bpf_get_current_task_btf(), call->result), cuts(call));
}

#endif
