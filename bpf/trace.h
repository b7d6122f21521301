/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What every handler of a system call works with: the call at hand, its open files, and the two flows that most calls come
 * down to, into a descriptor and out of one.
 */
#ifndef HEADWATER_TRACE_H
#define HEADWATER_TRACE_H

#include "flow.h"
#include "read.h"
#include "inodes.h"
#include "objects.h"
#include "actors.h"
#include "repeats.h"
#include "sockets.h"
#include "paths.h"
#include "fuse.h"
#include "datagrams.h"
#include <bpf/bpf_tracing.h>

/* The call at hand: who makes it, its arguments, what it returned (at its exit). */
struct call {
	struct actor who;
	struct pt_regs *regs;
	s64 result;
};

#define ARG1(call) ((call)->regs->di)
#define ARG2(call) ((call)->regs->si)
#define ARG3(call) ((call)->regs->dx)
#define ARG4(call) ((call)->regs->r10)
#define ARG5(call) ((call)->regs->r8)
#define ARG6(call) ((call)->regs->r9)

/* An open file of the current task, with its inode's object. */
struct opened {
	struct file *file;
	struct inode *inode;
	struct inode_object *object;
	u32 type;		/* S_IF… */
};

static __always_inline bool opened_file(struct file *file, struct opened *at)
{
	if (!file)
		return false;
	at->file = file;
	at->inode = field(file, f_inode);
	if (overlays_met)
		at->inode = inode_below(file, at->inode);
	at->type = field(at->inode, i_mode) & S_IFMT;
	at->object = file_object(file, at->inode);
	return at->object;
}

static __always_inline bool opened(u32 fd, struct opened *at)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct files_struct *files = field(task, files);
	struct fdtable *table = field(files, fdt);

	return fd < field(table, max_fds) && opened_file(pointer_at(field(table, fd) + fd), at);
}

/* Bytes have gone into an open file: a socket's other end, or the server of its file system, has them too. `to`: as in put_into. */
static __always_inline void put_on(struct actor *who, struct opened *at, struct endpoint *to)
{
	struct socket *socket;
	struct sock *sk;

	if (at->type != S_IFSOCK) {
		if (fuse_met)
			fuse_requested(at->inode, at->object, who->id);
		return;
	}
	socket = socket_of(at->file);
	sk = BPF_CORE_READ(socket, sk);

	address_once(at->object, sk, OP_SEND);
	/* Sending may give it a name, which is known when the call is over. */
	if (is_unnamed(sk))
		who->task->under_way.sending = 1;
	pair_once(at->object, sk, who->id);
	send_on(at->object, sk, to, who->id);
}

/* What a socket's other end, or the server of its file system, has put into an open file. `from`: as in take_from. */
static __always_inline void take_before(struct actor *who, struct opened *at, struct endpoint *from)
{
	struct socket *socket;
	struct sock *sk;

	if (at->type != S_IFSOCK) {
		if (fuse_met)
			at->object = fuse_source(at->file, at->inode, at->object, who->id);
		return;
	}
	socket = socket_of(at->file);
	sk = BPF_CORE_READ(socket, sk);

	address_once(at->object, sk, OP_RECEIVE);
	pair_once(at->object, sk, who->id);
	receive_from(at->object, sk, from, who->id);
}

/*
 * Bytes go from the process into an open file. `to`: where an unconnected socket sends, or NULL. True if the file shows a process, into
 * which the bytes go on (processes.h).
 */
static __always_inline bool put_into(struct actor *who, struct opened *at, struct endpoint *to)
{
	bool is_socket = at->type == S_IFSOCK;

	line_begins(&who->task->under_way.line, &at->object->object, is_socket);
	if (fuse_met)
		at->object = fuse_sink(at->file, at->inode, at->object);
	/* One flow for both: each takes stack, of which a chain of calls has 512 bytes. */
	if (!put_out(who, at->object, is_socket ? OP_SEND : OP_WRITE, 0, 0, is_socket ? 0 : field(at->file, f_pos)))
		note_write(who, at->inode, at->object);
	put_on(who, at, to);
	return !is_socket && at->object->object.shows_process;
}

/*
 * The process took bytes out of an open file. `from`: who an unconnected socket says has sent them, or NULL. True if the file shows a
 * process, which the bytes come from.
 */
static __always_inline bool take_from(struct actor *who, struct opened *at, struct endpoint *from)
{
	take_before(who, at, from);
	if (at->type == S_IFSOCK) {
		flow_to_process(&at->object->object, who->process, OP_RECEIVE, 0, 0, 0, who->id);
		return false;
	}
	if (!flow_to_process(&at->object->object, who->process, OP_READ, 0, 0, field(at->file, f_pos), who->id))
		note_read(who, at->inode, at->object);
	return at->object->object.shows_process;
}

/* True if the file shows a process, into which the bytes go on (processes.h). */
static __noinline bool out_to(struct call *call, u32 fd, struct endpoint *to)
{
	struct opened at = {};

	return opened(fd, &at) && put_into(&call->who, &at, to);
}

/* True if the file shows a process, which the bytes come from. */
static __noinline bool in_from(struct call *call, u32 fd, struct endpoint *from)
{
	struct opened at = {};

	return opened(fd, &at) && take_from(&call->who, &at, from);
}

#endif
