/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Calls on what the kernel keeps for processes beside files (ipc.h), and on the kernel itself. */
#ifndef HEADWATER_TRACE_IPC_H
#define HEADWATER_TRACE_IPC_H

#include "trace.h"
#include "ipc.h"

/* ---- at entry: into objects ---- */

static __noinline int on_queue_send(struct call *call)
{
	return put_class(&call->who, OBJECT_QUEUE, ARG1(call), ipc_namespace(), OP_SEND_QUEUE);
}

static __noinline int on_semaphore_operate(struct call *call)
{
	if (!changes_semaphores((const void *)ARG2(call), ARG3(call)))
		return 0;
	return put_class(&call->who, OBJECT_SEMAPHORES, ARG1(call), ipc_namespace(), OP_WRITE);
}

static __noinline int on_semaphore_control(struct call *call)
{
	if (!sets_semaphores(ARG3(call)))
		return 0;
	return put_class(&call->who, OBJECT_SEMAPHORES, ARG1(call), ipc_namespace(), OP_WRITE);
}

/* A descriptor of the file system mqueue: each queue is a file of it. */
static __noinline int on_posix_send(struct call *call)
{
	struct opened at = {};

	if (!opened(ARG1(call), &at))
		return 0;
	put_out(&call->who, at.object, OP_SEND_QUEUE, 0, 0, 0);
	return 0;
}

/* A negative number stands for one of the caller's key rings: their contents are numbers of keys. */
static __noinline int on_key_control(struct call *call)
{
	u32 command = ARG1(call);

	if (command != KEYCTL_UPDATE && command != KEYCTL_INSTANTIATE && command != KEYCTL_INSTANTIATE_IOV)
		return 0;
	if ((int)ARG2(call) <= 0)
		return 0;
	return put_class(&call->who, OBJECT_KEY, ARG2(call), 0, OP_WRITE);
}

/* The map's descriptor is taken from the caller's memory, the map from the kernel's. */
static __always_inline u32 map_of_call(struct call *call)
{
	u32 fd = 0;

	if (bpf_probe_read_user(&fd, sizeof(fd), (const void *)ARG2(call) + map_descriptor_at(ARG1(call)))) {
		lost(LOSS_UNREADABLE);
		return 0;
	}
	return map_id(fd);
}

static __noinline int on_bpf(struct call *call)
{
	u32 id;

	if (ARG1(call) == BPF_PROG_LOAD)
		return load_into_kernel(&call->who, NULL, LOADED_PROGRAM);
	if (!puts_into_map(ARG1(call)))
		return 0;
	id = map_of_call(call);
	return id ? put_class(&call->who, OBJECT_BPF_MAP, id, 0, OP_WRITE) : 0;
}

static __noinline int on_load_module(struct call *call)
{
	return load_into_kernel(&call->who, NULL, LOADED_MODULE);
}

static __noinline int on_load_module_file(struct call *call)
{
	return load_into_kernel(&call->who, file_of(bpf_get_current_task_btf(), ARG1(call)), LOADED_MODULE);
}

static __noinline int on_load_kexec(struct call *call)
{
	return load_into_kernel(&call->who, NULL, LOADED_KEXEC_IMAGE);
}

/* kexec_file_load(kernel, initrd, …) */
static __noinline int on_load_kexec_files(struct call *call)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct file *initrd = file_of(task, ARG2(call));

	if (initrd)
		load_into_kernel(&call->who, initrd, LOADED_KEXEC_INITRAMFS);
	return load_into_kernel(&call->who, file_of(task, ARG1(call)), LOADED_KEXEC_IMAGE);
}

static __noinline int on_host_name(struct call *call)
{
	if (call->regs->orig_ax == 272)	/* unshare */
		return host_name_leaves(&call->who, ARG1(call));
	return put_class(&call->who, OBJECT_HOST_NAME, 0, host_namespace(), OP_WRITE);
}

/* ---- at exit: out of objects ---- */

static __noinline int on_exit_queue_received(struct call *call)
{
	if (call->result < 0)
		return 0;
	return take_class(&call->who, OBJECT_QUEUE, ARG1(call), ipc_namespace(), OP_RECEIVE_QUEUE);
}

/* That the semaphore does not have the value is an answer too. */
static __noinline int on_exit_semaphore_operated(struct call *call)
{
	if (call->result && call->result != -EAGAIN)
		return 0;
	return take_class(&call->who, OBJECT_SEMAPHORES, ARG1(call), ipc_namespace(), OP_READ);
}

static __noinline int on_exit_semaphore_controlled(struct call *call)
{
	if (call->result < 0 || !gets_semaphores(ARG3(call)))
		return 0;
	return take_class(&call->who, OBJECT_SEMAPHORES, ARG1(call), ipc_namespace(), OP_READ);
}

static __noinline int on_exit_posix_received(struct call *call)
{
	struct opened at = {};

	if (call->result < 0 || !opened(ARG1(call), &at))
		return 0;
	flow_to_process(&at.object->object, call->who.process, OP_RECEIVE_QUEUE, 0, 0, 0, call->who.id);
	return 0;
}

/* The number of a new key is known when the call returns. */
static __noinline int on_exit_key_added(struct call *call)
{
	if (call->result <= 0)
		return 0;
	return put_class(&call->who, OBJECT_KEY, call->result, 0, OP_WRITE);
}

static __noinline int on_exit_key_controlled(struct call *call)
{
	if (call->result < 0 || (ARG1(call) != KEYCTL_READ && ARG1(call) != KEYCTL_DESCRIBE) || (int)ARG2(call) <= 0)
		return 0;
	return take_class(&call->who, OBJECT_KEY, ARG2(call), 0, OP_READ);
}

static __noinline int on_exit_bpf(struct call *call)
{
	u32 id;

	if (call->result < 0 || !takes_from_map(ARG1(call)))
		return 0;
	id = map_of_call(call);
	return id ? take_class(&call->who, OBJECT_BPF_MAP, id, 0, OP_READ) : 0;
}

static __noinline int on_exit_kernel_log(struct call *call)
{
	if (call->result <= 0 || ARG1(call) < SYSLOG_ACTION_READ || ARG1(call) > SYSLOG_ACTION_READ_CLEAR)
		return 0;
	return take_class(&call->who, OBJECT_KERNEL_LOG, 0, 0, OP_READ);
}

static __noinline int on_exit_host_name(struct call *call)
{
	return call->result ? 0 : take_host_name(&call->who);
}

/* A new anonymous file: its place in kernel memory may have been another's. */
static __noinline int on_exit_anonymous(struct call *call)
{
	struct file *file;
	struct inode *inode;
	struct inode_key key;

	if (call->result < 0)
		return 0;
	file = file_of(bpf_get_current_task_btf(), call->result);
	if (!file)
		return 0;
	inode = field(file, f_inode);
	if (special_key(file, inode, &key) && key.dev == (OBJECT_DEVICE | OBJECT_ANONYMOUS))
		introduce_special(file, &key, FLAG_CREATED);
	return 0;
}

/* signalfd(fd, …): -1 for a new one */
static __noinline int on_exit_signal_file(struct call *call)
{
	return (int)ARG1(call) == -1 ? on_exit_anonymous(call) : 0;
}

static __noinline int on_exit_mounted(struct call *call)
{
	return call->result < 0 ? 0 : mounted(&call->who, call->regs, call->regs->orig_ax);
}

#endif
