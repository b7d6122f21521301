/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What the bodies of hooks work with: who acts, and the three flows that most operations come down to: into an open file, out of
 * one, and from one to another, past the memory of the process.
 */
#ifndef HEADWATER_HOOK_FLOWS_H
#define HEADWATER_HOOK_FLOWS_H

#include "hook.h"
#include "inodes.h"
#include "actors.h"
#include "repeats.h"
#include "sockets.h"
#include "fuse.h"
#include "processes.h"

static __always_inline u32 type_of(struct inode *inode)
{
	return field(inode, i_mode) & S_IFMT;
}

static __always_inline void reading_begins(struct actor *who, struct inode *inode, u32 op)
{
	who->task->under_way.reading_op = op;
	who->task->under_way.reading = inode_key(inode);
	reads_otherwise();
}

static __always_inline void reading_ends(struct actor *who)
{
	struct inode_key key;

	who->task->under_way.reading.ino = 0;
	unreported_read(&key);
}

/* The hook that should have reported what was read was skipped. Called before anything flows out of the task. */
static __noinline int catch_up(struct actor *who)
{
	struct inode_object *object;
	u32 op = OP_READ;
	struct inode_key key;

	if (!who)
		return 0;
	/* One or the other: what begins after a read that was not reported catches up first, and does not repeat. */
	if (!unreported_read(&key)) {
		key = who->task->under_way.reading;
		op = who->task->under_way.reading_op;
		who->task->under_way.reading.ino = 0;
	}
	object = bpf_map_lookup_elem(&inodes, &key);
	if (object)
		flow_to_process(&object->object, who->process, op, 0, 0, 0, who->id);
	return 0;
}

/* Who acts, having caught up; of a task that is known not to pass by. */
static __always_inline bool acts_within(struct actor *who)
{
	if (!actor_within(who))
		return false;
	if (who->task->under_way.reading.ino || reads_again())
		catch_up(who);
	return true;
}

static __always_inline bool acts(struct actor *who)
{
	return !passes_by(bpf_get_current_task_btf()) && acts_within(who);
}

/* The object of an open file that the task does something with; NULL if nobody who is followed does. */
static __always_inline struct inode_object *acts_on(struct actor *who, struct file *file)
{
	return acts(who) ? file_object(file, field(file, f_inode)) : NULL;
}

/* Bytes have gone into an open file: a socket's other end, or the server of its file system, has them too. */
static __always_inline void put_on(struct actor *who, struct file *file, struct inode *inode, struct inode_object *object)
{
	struct socket *socket;
	struct sock *sk;

	if (type_of(inode) != S_IFSOCK) {
		if (fuse_met)
			fuse_requested(inode, object, who->id);
		return;
	}
	socket = socket_of(file);
	sk = field(socket, sk);
	address_once(object, sk, OP_SEND);
	send_on(object, sk, NULL, who->id);
}

/* What bytes that come out of an open file come from: the object, into which a socket's other end, or a server, has put them. */
static __always_inline struct inode_object *source_of(struct actor *who, struct file *file, struct inode *inode)
{
	struct inode_object *object = file_object(file, inode);
	struct socket *socket;
	struct sock *sk;

	if (!object)
		return NULL;
	if (type_of(inode) != S_IFSOCK)
		return fuse_met ? fuse_source(file, inode, object, who->id) : object;
	socket = socket_of(file);
	sk = field(socket, sk);
	address_once(object, sk, OP_RECEIVE);
	receive_from(object, sk, NULL, who->id);
	return object;
}

/* What bytes that go into an open file go to. */
static __always_inline struct inode_object *sink_of(struct file *file, struct inode *inode)
{
	struct inode_object *object = file_object(file, inode);

	return object && fuse_met ? fuse_sink(file, inode, object) : object;
}

/* Bytes go from the process into an open file. */
static __noinline void put_into(struct actor *who, struct file *file)
{
	struct inode *inode = field(file, f_inode);
	struct inode_object *object;
	bool is_socket;

	if (!who)
		return;
	object = sink_of(file, inode);
	if (!object)
		return;
	is_socket = type_of(inode) == S_IFSOCK;
	line_begins(&who->task->under_way.line, &object->object, is_socket);
	if (!put_out(who, object, is_socket ? OP_SEND : OP_WRITE, 0, 0, is_socket ? 0 : field(file, f_pos)))
		note_write(who, inode, object);
	put_on(who, file, inode, object);
	if (object->object.shows_process)
		process_file(who, file, true);
}

/* The process took bytes out of an open file. True if there is more to it: it shows a process, or watches (watches.h). */
static __noinline bool take_from(struct actor *who, struct file *file)
{
	struct inode *inode = field(file, f_inode);
	struct inode_object *object;
	u32 type, op;

	if (!who)
		return false;
	object = source_of(who, file, inode);
	if (!object)
		return false;
	type = type_of(inode);
	op = type == S_IFSOCK ? OP_RECEIVE : type == S_IFDIR ? OP_READ_DIRECTORY : OP_READ;
	if (!flow_to_process(&object->object, who->process, op, 0, 0, op == OP_READ ? field(file, f_pos) : 0, who->id))
		note_read(who, inode, object);
	if (!object->object.shows_process || op != OP_READ)
		return false;
	process_file(who, file, false);
	return true;
}

/* ---- copies inside the kernel ---- */

/* Functions of their own: a chain of calls has 512 bytes of stack. */
static __noinline struct inode_object *source_of_copy(struct actor *who, struct file *file)
{
	return who && file ? source_of(who, file, field(file, f_inode)) : NULL;
}

static __noinline struct inode_object *sink_of_copy(struct file *file)
{
	return file ? sink_of(file, field(file, f_inode)) : NULL;
}

static __noinline int copy_put_on(struct actor *who, struct file *file, struct inode_object *object)
{
	if (who && file && object)
		put_on(who, file, field(file, f_inode), object);
	return 0;
}

/* A file that shows a process is made of what the process that asks may know of it: that goes through its memory. */
static __noinline int shown_in(struct actor *who, struct file *from, struct inode_object *to)
{
	if (!who || !from || !to)
		return 0;
	process_file(who, from, false);
	return put_out(who, to, OP_WRITE, 0, 0, 0);
}

static __always_inline void copy_object(struct actor *who, struct file *from, struct inode_object *to)
{
	struct inode_object *source = source_of_copy(who, from);

	if (!source)
		return;
	if (who->process->lines)
		forget_copied(source, to);
	if (source != to)
		pass_on(source, to, OP_COPY, who->id);
	if (source->object.shows_process)
		shown_in(who, from, to);
}

/* Into an object that is not that of an open file. */
static __noinline int copy_into(struct actor *who, struct file *from, struct inode_object *to)
{
	if (who && from && to)
		copy_object(who, from, to);
	return 0;
}

/* Bytes go from one open file to another. What the process stores where it has mapped them counts, before and after. */
static __noinline int copy_file(struct actor *who, struct file *from, struct file *to)
{
	struct inode_object *sink = sink_of_copy(to);

	if (!who || !from || !sink)
		return 0;
	if (who->process->mapped)
		share_in(who->process, who->id);
	copy_object(who, from, sink);
	copy_put_on(who, to, sink);
	if (who->process->mapped)
		share_in(who->process, who->id);
	return 0;
}

/*
 * The task is in a call that copies, and what it has shown so far is of this very call. A hook at the end of a copy can be skipped,
 * so the files that it has left behind say nothing. Requests of io_uring may be any: what is not sure is reported as read and written.
 */
static __always_inline bool in_copy(struct actor *who)
{
	struct pt_regs *regs;

	if (!who->task->under_way.to)
		return false;
	regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	switch (BPF_CORE_READ(regs, orig_ax)) {
	case 16:	/* ioctl: a clone */
	case 40:	/* sendfile */
	case 275:	/* splice */
	case 276:	/* tee */
	case 326:	/* copy_file_range */
		return true;
	}
	return false;
}

/*
 * A copy asks for permission to read or write a file: one of its two, or the file below one of these that holds the bytes, if that
 * is an overlay's.
 */
static __always_inline int copy_asks(struct actor *who, struct file *file, int mask)
{
	struct file *from, *to;

	if (!who)
		return 0;
	from = (struct file *)who->task->under_way.from;
	to = (struct file *)who->task->under_way.to;
	if (mask & MAY_READ && file != from)
		copy_file(who, file, from);
	return copy_file(who, from, mask & (MAY_WRITE | MAY_APPEND) ? file : to);
}

#endif
