/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The trace front-end: typed tracepoints, for kernels that refuse BPF trampolines. Descriptors are resolved to kernel
 * objects here, never taken from user memory; only calls that name files by path are reported in the caller's words.
 */
#include "flow.h"
#include "read.h"
#include "inodes.h"
#include "tasks.h"
#include "sockets.h"
#include "paths.h"
#include "existing.h"
#include "syscalls.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

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
	receive_from(at.object, sk, from, call->who.id);
	flow_to_process(&at.object->object, call->who.process, OP_RECEIVE, 0, 0, 0, call->who.id);
}

/* The address that an unconnected socket sends to or was sent from, out of user memory; all zero if there is none. */
static __always_inline void user_endpoint(struct endpoint *at, const void *address)
{
	struct {
		u16 family;
		u16 port;
		u32 ipv4;	/* IPv6: flow label */
	} name = {};

	__builtin_memset(at, 0, sizeof(*at));
	if (!address || bpf_probe_read_user(&name, sizeof(name), address))
		return;
	if (name.family == AF_INET) {
		map_ipv4(&at->remote, name.ipv4);
	} else if (name.family == AF_INET6) {
		if (bpf_probe_read_user(&at->remote, 16, address + 8))
			return;
	} else {
		return;
	}
	at->remote_port = bpf_ntohs(name.port);
}

static __always_inline const void *message_name(const void *message)
{
	const void *name = NULL;

	bpf_probe_read_user(&name, sizeof(name), message);
	return name;
}

/* ---- at entry: flows into objects ---- */

static __noinline int on_write(struct call *call)
{
	out_to(call, ARG1(call), NULL);
	return 0;
}

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

static __noinline int on_send_to(struct call *call)
{
	struct endpoint to;

	user_endpoint(&to, (const void *)ARG5(call));
	out_to(call, ARG1(call), &to);
	return 0;
}

static __noinline int on_send_message(struct call *call)
{
	struct endpoint to;

	user_endpoint(&to, message_name((const void *)ARG2(call)));
	out_to(call, ARG1(call), &to);
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

static __noinline int on_resize(struct call *call)
{
	struct opened at = {};
	s64 size = call->regs->orig_ax == 77 ? (s64)ARG2(call) : -1;

	if (opened(ARG1(call), &at))
		flow_to_inode(&call->who.process->object, at.object, OP_TRUNCATE, 0, 0, size, call->who.id);
	return 0;
}

/* ---- at exit: flows out of objects, and all that is not a flow ---- */

static __noinline int on_exit_read(struct call *call)
{
	if (call->result > 0)
		in_from(call, ARG1(call), NULL);
	return 0;
}

static __noinline int on_exit_spliced_to_memory(struct call *call)
{
	if (call->result > 0 && !is_writing_end(ARG1(call)))
		in_from(call, ARG1(call), NULL);
	return 0;
}

static __noinline int on_exit_read_directory(struct call *call)
{
	struct opened at = {};

	if (call->result > 0 && opened(ARG1(call), &at))
		flow_to_process(&at.object->object, call->who.process, OP_READ_DIRECTORY, 0, 0, 0, call->who.id);
	return 0;
}

static __noinline int on_exit_receive_from(struct call *call)
{
	struct endpoint from;

	if (call->result <= 0)
		return 0;
	user_endpoint(&from, (const void *)ARG5(call));
	in_from(call, ARG1(call), &from);
	return 0;
}

static __noinline int on_exit_receive_message(struct call *call)
{
	struct endpoint from;

	if (call->result <= 0)
		return 0;
	user_endpoint(&from, message_name((const void *)ARG2(call)));
	in_from(call, ARG1(call), &from);
	return 0;
}

static __noinline int on_exit_map(struct call *call)
{
	u32 flags = ARG4(call), protection = ARG3(call);
	struct process *process = call->who.process;
	struct opened at = {};

	if (flags & MAP_ANONYMOUS || (u64)call->result > -4096ULL || !opened(ARG5(call), &at))
		return 0;
	if ((flags & 0x3) != MAP_SHARED && (flags & 0x3) != 0x3) {
		flow_to_process(&at.object->object, process, OP_MMAP_PRIVATE, 0, protection, ARG6(call), call->who.id);
		return 0;
	}
	flow_to_process(&at.object->object, process, OP_MMAP_SHARED, 0, protection, ARG6(call), call->who.id);
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

static __noinline int socket_made(struct call *call, u32 fd)
{
	struct opened at = {};

	if (!opened(fd, &at))
		return 0;
	flow_to_inode(&call->who.process->object, at.object, OP_SOCKET_CREATE, 0, 0, 0, call->who.id);
	return 0;
}

static __noinline int on_exit_socket(struct call *call)
{
	return call->result < 0 ? 0 : socket_made(call, call->result);
}

static __noinline int on_exit_socket_pair(struct call *call)
{
	int fds[2];

	if (call->result < 0 || bpf_probe_read_user(fds, sizeof(fds), (const void *)ARG4(call)))
		return 0;
	socket_made(call, fds[0]);
	return socket_made(call, fds[1]);
}

/* A call that gives a socket addresses: a flow into it, and the other end can be found from now on. */
static __noinline int addressed(struct call *call, u32 op)
{
	struct opened at = {};

	if (!opened(ARG1(call), &at) || at.type != S_IFSOCK)
		return 0;
	struct socket *socket = socket_of(at.file);

	/* The address first: it says what kind of socket this is. */
	join(at.object, at.inode, BPF_CORE_READ(socket, sk), call->who.id, op);
	flow_to_inode(&call->who.process->object, at.object, op, 0, 0, 0, call->who.id);
	return 0;
}

static __noinline int on_exit_connect(struct call *call)
{
	return call->result && call->result != -EINPROGRESS ? 0 : addressed(call, OP_CONNECT);
}

static __noinline int on_exit_bind(struct call *call)
{
	return call->result ? 0 : addressed(call, OP_BIND);
}

static __noinline int on_exit_listen(struct call *call)
{
	struct opened at = {};

	if (!call->result && opened(ARG1(call), &at))
		flow_to_inode(&call->who.process->object, at.object, OP_LISTEN, 0, 0, 0, call->who.id);
	return 0;
}

static __noinline int on_exit_accept(struct call *call)
{
	struct opened listening = {}, at = {};
	u64 listener = 0;

	if (call->result < 0)
		return 0;
	if (opened(ARG1(call), &listening))
		listener = listening.object->object.id;
	if (!opened(call->result, &at) || at.type != S_IFSOCK)
		return 0;
	struct socket *socket = socket_of(at.file);

	join(at.object, at.inode, BPF_CORE_READ(socket, sk), call->who.id, OP_ACCEPT);
	flow_to_process(&at.object->object, call->who.process, OP_ACCEPT, 0, 0, listener, call->who.id);
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

static __noinline int named(struct call *call, u32 op, struct paths_call *names, u64 extra)
{
	if (call->result < 0)
		return 0;
	names->op = op;
	names->task = call->who.id;
	names->process = call->who.process->object.id;
	names->extra = extra;
	record_paths(names);
	return 0;
}

#define ON_NAMED(name, flow_op, from_dir, from_path, to_dir, to_path, extra)			\
static __noinline int on_exit_##name(struct call *call)					\
{												\
	struct paths_call names = {								\
		.from = { .directory = (int)(from_dir), .path = (const char *)(from_path) },		\
		.to = { .directory = (int)(to_dir), .path = (const char *)(to_path) },			\
	};											\
	return named(call, flow_op, &names, extra);						\
}

ON_NAMED(rename, OP_RENAME, AT_FDCWD, ARG1(call), AT_FDCWD, ARG2(call), 0)
ON_NAMED(rename_at, OP_RENAME, ARG1(call), ARG2(call), ARG3(call), ARG4(call), ARG5(call))
ON_NAMED(link, OP_LINK, AT_FDCWD, ARG1(call), AT_FDCWD, ARG2(call), 0)
ON_NAMED(link_at, OP_LINK, ARG1(call), ARG2(call), ARG3(call), ARG4(call), ARG5(call))
ON_NAMED(unlink, OP_UNLINK, AT_FDCWD, ARG1(call), 0, NULL, 0)
ON_NAMED(unlink_at, OP_UNLINK, ARG1(call), ARG2(call), 0, NULL, ARG3(call))
ON_NAMED(rmdir, OP_RMDIR, AT_FDCWD, ARG1(call), 0, NULL, 0)
ON_NAMED(symlink, OP_SYMLINK, AT_FDCWD, ARG1(call), AT_FDCWD, ARG2(call), 0)
ON_NAMED(symlink_at, OP_SYMLINK, AT_FDCWD, ARG1(call), ARG2(call), ARG3(call), 0)
ON_NAMED(mkdir, OP_MKDIR, AT_FDCWD, ARG1(call), 0, NULL, ARG2(call))
ON_NAMED(mkdir_at, OP_MKDIR, ARG1(call), ARG2(call), 0, NULL, ARG3(call))
ON_NAMED(mknod, OP_MKNOD, AT_FDCWD, ARG1(call), 0, NULL, ARG2(call))
ON_NAMED(mknod_at, OP_MKNOD, ARG1(call), ARG2(call), 0, NULL, ARG3(call))
ON_NAMED(truncate, OP_TRUNCATE, AT_FDCWD, ARG1(call), 0, NULL, ARG2(call))

/* ---- the tracepoints ---- */

/* A 32-bit system call has other numbers and arguments: not followed, and counted once, whichever it is. */
static __always_inline bool foreign_abi(void)
{
	return bpf_get_current_task_btf()->thread_info.status & TS_COMPAT;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter, struct pt_regs *regs, long number)
{
	struct call call = { .regs = regs };
	bool foreign = foreign_abi();
	u32 handler;

	if ((u64)number >= SYSCALLS_MAX)
		return 0;
	handler = at_entry[number];
	if ((!handler && !foreign) || !actor(&call.who))
		return 0;
	if (foreign) {
		lost(LOSS_FOREIGN_ABI);
		return 0;
	}
#define DISPATCH(name) case ON_##name: return on_##name(&call);
	switch (handler) {
	ENTRY_HANDLERS(DISPATCH)
	}
#undef DISPATCH
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit, struct pt_regs *regs, long result)
{
	struct call call = { .regs = regs, .result = result };
	u64 number = regs->orig_ax;
	u32 handler;

	if (number >= SYSCALLS_MAX)
		return 0;
	handler = at_exit[number];
	if (!handler || foreign_abi() || !actor(&call.who))
		return 0;
#define DISPATCH(name) case ON_EXIT_##name: return on_exit_##name(&call);
	switch (handler) {
	EXIT_HANDLERS(DISPATCH)
	}
#undef DISPATCH
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
	task_ended(task);
	return 0;
}
