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
#include "tasks.h"
#include "sockets.h"
#include "paths.h"
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

static __always_inline bool opened(u32 fd, struct opened *at)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct files_struct *files = field(task, files);
	struct fdtable *table = field(files, fdt);
	struct file *file = NULL;

	if (fd >= field(table, max_fds))
		return false;
	bpf_probe_read_kernel(&file, sizeof(file), field(table, fd) + fd);
	if (!file)
		return false;
	at->file = file;
	at->inode = field(file, f_inode);
	at->type = field(at->inode, i_mode) & S_IFMT;
	at->object = file_object(file, at->inode);
	return at->object;
}

static __noinline void out_to(struct call *call, u32 fd, struct endpoint *to)
{
	struct opened at = {};
	struct socket *socket;
	struct sock *sk;
	bool is_socket;

	if (!opened(fd, &at))
		return;
	if (call->who.process->mapped)
		share_in(call->who.process, call->who.id);
	/* One flow for both: each takes stack, of which a chain of calls has 512 bytes. */
	is_socket = at.type == S_IFSOCK;
	flow_to_inode(&call->who.process->object, at.object, is_socket ? OP_SEND : OP_WRITE, 0, 0,
		      is_socket ? 0 : field(at.file, f_pos), call->who.id);
	if (!is_socket)
		return;
	socket = socket_of(at.file);
	sk = BPF_CORE_READ(socket, sk);

	address_once(at.object, sk, OP_SEND);
	/* Sending may give it a name, which is known when the call is over. */
	if (is_unnamed(sk))
		call->who.task->under_way.sending = 1;
	pair_once(at.object, sk, call->who.id);
	send_on(at.object, sk, to, call->who.id);
}

static __noinline void in_from(struct call *call, u32 fd, struct endpoint *from)
{
	struct opened at = {};

	if (!opened(fd, &at))
		return;
	if (at.type != S_IFSOCK) {
		flow_to_process(&at.object->object, call->who.process, OP_READ, 0, 0, field(at.file, f_pos), call->who.id);
		return;
	}
	struct socket *socket = socket_of(at.file);
	struct sock *sk = BPF_CORE_READ(socket, sk);

	address_once(at.object, sk, OP_RECEIVE);
	pair_once(at.object, sk, call->who.id);
	receive_from(at.object, sk, from, call->who.id);
	flow_to_process(&at.object->object, call->who.process, OP_RECEIVE, 0, 0, 0, call->who.id);
}

#endif
