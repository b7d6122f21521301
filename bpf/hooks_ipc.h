/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What the kernel keeps for processes beside files (ipc.h). What is put in is reported by the LSM hook, where there is one; what is
 * taken out at the end of the call, as every hook comes before. The hook of a taking notes what was asked for, so that it is
 * reported late rather than never if the kernel skips the program at the end (catch_up in hooks_files.h).
 */
#ifndef HEADWATER_HOOKS_IPC_H
#define HEADWATER_HOOKS_IPC_H

#include "hook.h"
#include "hooks_files.h"
#include "ipc.h"

#define CALL_BEGINS(name)									\
SEC("fentry/__x64_sys_" #name)									\
int BPF_PROG(before_sys_##name, struct pt_regs *regs)
#define CALL_ENDS(name)									\
SEC("fexit/__x64_sys_" #name)									\
int BPF_PROG(after_sys_##name, struct pt_regs *regs, s64 result)

/* `task` is about to take from an object of this class, which is there from now on, for what is noted is only looked up. */
static __noinline void taking_begins(struct task_state *task, u32 class, u32 number, u32 scope, u32 op)
{
	if (!task || !class_object(class, NUMBERED | number, scope))
		return;
	task->under_way.reading_op = op;
	task->under_way.reading = object_key(class, NUMBERED | number, scope);
	reads_otherwise();
}

static __always_inline void asks(enum object_class class, u32 number, u32 scope)
{
	struct actor who;

	if (acts(&who))
		taking_begins(who.task, class, number, scope, OP_READ);
}

static __noinline int puts(u32 class, u32 number, u32 scope, u32 op)
{
	struct actor who;

	return acts(&who) ? put_class(&who, class, number, scope, op) : 0;
}

static __noinline int took(u32 class, u32 number, u32 scope, u32 op)
{
	struct actor who;

	if (!actor(&who))
		return 0;
	reading_ends(&who);
	return take_class(&who, class, number, scope, op);
}

/* What was noted, and nothing else, was taken; or the call has failed, and nothing was. */
static __noinline int took_noted(bool taken)
{
	struct actor who;

	if (!actor(&who))
		return 0;
	if (taken)
		return catch_up(&who);
	reading_ends(&who);
	return 0;
}

/* ---- System V ---- */

HOOK(msg_queue_msgsnd, struct kern_ipc_perm *queue, void *message, int flags)
{
	puts(OBJECT_QUEUE, field(queue, id), ipc_namespace(), OP_SEND_QUEUE);
}

/* The sender runs this for a receiver that waits: `target` is who takes the message. */
HOOK(msg_queue_msgrcv, struct kern_ipc_perm *queue, void *message, struct task_struct *target, u64 type, int mode)
{
	struct task_state *state = task_state(target, 0);

	if (state && state->object.id)
		taking_begins(state, OBJECT_QUEUE, field(queue, id), ipc_namespace(), OP_RECEIVE_QUEUE);
}

CALL_ENDS(msgrcv)
{
	return result < 0 ? took_noted(false) : took(OBJECT_QUEUE, field(regs, di), ipc_namespace(), OP_RECEIVE_QUEUE);
}

HOOK(sem_semop, struct kern_ipc_perm *set, void *operations, u32 count, int alter)
{
	if (alter)
		puts(OBJECT_SEMAPHORES, field(set, id), ipc_namespace(), OP_WRITE);
	asks(OBJECT_SEMAPHORES, field(set, id), ipc_namespace());
}

static __always_inline int semaphores_answered(struct pt_regs *regs, s64 result)
{
	return result && result != -EAGAIN ? took_noted(false) : took(OBJECT_SEMAPHORES, field(regs, di), ipc_namespace(), OP_READ);
}

CALL_ENDS(semop)
{
	return semaphores_answered(regs, result);
}

CALL_ENDS(semtimedop)
{
	return semaphores_answered(regs, result);
}

HOOK(sem_semctl, struct kern_ipc_perm *set, int command)
{
	if (!set)
		return;
	if (sets_semaphores(command))
		puts(OBJECT_SEMAPHORES, field(set, id), ipc_namespace(), OP_WRITE);
	else if (gets_semaphores(command))
		asks(OBJECT_SEMAPHORES, field(set, id), ipc_namespace());
}

CALL_ENDS(semctl)
{
	return took_noted(result >= 0 && gets_semaphores(field(regs, dx)));
}

/* ---- POSIX queues: files of the file system mqueue; no LSM hook sees what passes through them ---- */

static __always_inline struct inode_object *posix_queue(struct pt_regs *regs)
{
	struct file *file = file_of(bpf_get_current_task_btf(), field(regs, di));

	return file ? file_object(file, field(file, f_inode)) : NULL;
}

CALL_BEGINS(mq_timedsend)
{
	struct inode_object *object;
	struct actor who;

	if (!acts(&who))
		return 0;
	object = posix_queue(regs);
	if (!object)
		return 0;
	put_out(&who, object, OP_SEND_QUEUE, 0, 0, 0);
	return 0;
}

CALL_ENDS(mq_timedreceive)
{
	struct inode_object *object;
	struct actor who;

	if (result < 0 || !actor(&who))
		return 0;
	object = posix_queue(regs);
	if (object)
		flow_to_process(&object->object, who.process, OP_RECEIVE_QUEUE, 0, 0, 0, who.id);
	return 0;
}

/* ---- keys ---- */

/* include/linux/security.h: enum key_need_perm */
#define KEY_NEED_VIEW 1
#define KEY_NEED_READ 2
#define KEY_NEED_WRITE 3

/*
 * key_permission(reference, cred, need): the reference is the key, and in its lowest bit whether the caller possesses it. Of a
 * type that the kernel's BTF only names, so the verifier lets nobody have it but by the helper.
 */
HOOK_IF(returned(ctx) == 0, key_permission)
{
	u64 reference = 0, need = 0;
	u32 serial;

	bpf_get_func_arg(ctx, 0, &reference);
	bpf_get_func_arg(ctx, 2, &need);
	need = (u32)need;
	serial = BPF_CORE_READ((struct key *)(reference & ~1ULL), serial);
	if (need == KEY_NEED_WRITE)
		puts(OBJECT_KEY, serial, 0, OP_WRITE);
	else if (need == KEY_NEED_READ || need == KEY_NEED_VIEW)
		asks(OBJECT_KEY, serial, 0);
}

/* A new key gets what it holds; it is not to be found yet. */
BEFORE(generic_key_instantiate, struct key *key)
{
	return puts(OBJECT_KEY, field(key, serial), 0, OP_WRITE);
}

/* Of the types of key that are made by a function of their own. */
CALL_ENDS(add_key)
{
	return result > 0 ? puts(OBJECT_KEY, result, 0, OP_WRITE) : 0;
}

CALL_ENDS(keyctl)
{
	u32 command = field(regs, di);

	return took_noted(result >= 0 && (command == KEYCTL_READ || command == KEYCTL_DESCRIBE));
}

/* ---- BPF: `attributes` is the kernel's copy ---- */

HOOK_IF(returned(ctx) == 0, bpf, int command, union bpf_attr *attributes, u32 size)
{
	struct actor who;
	u32 fd = 0, id;

	if (command == BPF_PROG_LOAD) {
		if (acts(&who))
			load_into_kernel(&who, NULL, LOADED_PROGRAM);
		return;
	}
	if (!puts_into_map(command) && !takes_from_map(command))
		return;
	if (!acts(&who))
		return;
	bpf_probe_read_kernel(&fd, sizeof(fd), (void *)attributes + map_descriptor_at(command));
	id = map_id(fd);
	if (!id)
		return;
	if (puts_into_map(command))
		put_class(&who, OBJECT_BPF_MAP, id, 0, OP_WRITE);
	else
		taking_begins(who.task, OBJECT_BPF_MAP, id, 0, OP_READ);
}

CALL_ENDS(bpf)
{
	return took_noted(result >= 0 && takes_from_map(field(regs, di)));
}

/* ---- anonymous files: the place of a new one may have been another's ---- */

static __noinline int anonymous_made(struct file *file)
{
	struct inode_key key;
	struct actor who;

	if (!file || (u64)file >= -4095ULL || !actor(&who))
		return 0;
	if (special_key(file, field(file, f_inode), &key) && key.dev == (OBJECT_DEVICE | OBJECT_ANONYMOUS))
		introduce_special(file, &key, FLAG_CREATED);
	return 0;
}

static __always_inline int anonymous_opened(s64 fd)
{
	return fd < 0 ? 0 : anonymous_made(file_of(bpf_get_current_task_btf(), fd));
}

AFTER(anon_inode_getfile)
{
	return anonymous_made((struct file *)returned(ctx));
}

AFTER(anon_inode_getfile_fmode)
{
	return anonymous_made((struct file *)returned(ctx));
}

AFTER(anon_inode_create_getfile)
{
	return anonymous_made((struct file *)returned(ctx));
}

AFTER(anon_inode_getfile_secure)
{
	return anonymous_made((struct file *)returned(ctx));
}

AFTER(anon_inode_getfd)
{
	return anonymous_opened((int)returned(ctx));
}

AFTER(anon_inode_create_getfd)
{
	return anonymous_opened((int)returned(ctx));
}

AFTER(anon_inode_getfd_secure)
{
	return anonymous_opened((int)returned(ctx));
}

/* ---- the kernel ---- */

/* The kernel has read a file for itself: a module, firmware, an image to boot. */
HOOK(kernel_post_read_file, struct file *file, void *bytes, u64 size, int loaded)
{
	struct actor who;

	if (acts(&who))
		load_into_kernel(&who, file, loaded);
}

HOOK(kernel_load_data, int loaded, bool contents)
{
	struct actor who;

	if (acts(&who))
		load_into_kernel(&who, NULL, loaded);
}

AFTER(do_syslog, int action, void *buffer, int length, int source)
{
	s64 taken = (int)returned(ctx);

	if (taken <= 0 || action < SYSLOG_ACTION_READ || action > SYSLOG_ACTION_READ_CLEAR)
		return 0;
	return took(OBJECT_KERNEL_LOG, 0, 0, OP_READ);
}

CALL_BEGINS(sethostname)
{
	return puts(OBJECT_HOST_NAME, 0, host_namespace(), OP_WRITE);
}

CALL_BEGINS(setdomainname)
{
	return puts(OBJECT_HOST_NAME, 0, host_namespace(), OP_WRITE);
}

CALL_BEGINS(unshare)
{
	struct actor who;

	return actor(&who) ? host_name_leaves(&who, field(regs, di)) : 0;
}

CALL_ENDS(newuname)
{
	struct actor who;

	return result || !actor(&who) ? 0 : take_host_name(&who);
}

/* ---- mounts: in the caller's words, as the trace front-end has them ---- */

static __noinline int mounted_by(struct pt_regs *regs, u32 number, s64 result)
{
	struct actor who;

	return result < 0 || !acts(&who) ? 0 : mounted(&who, regs, number);
}

CALL_ENDS(mount)
{
	return mounted_by(regs, 165, result);
}

CALL_ENDS(umount)
{
	return mounted_by(regs, 166, result);
}

CALL_ENDS(pivot_root)
{
	return mounted_by(regs, 155, result);
}

CALL_ENDS(move_mount)
{
	return mounted_by(regs, 429, result);
}

CALL_ENDS(fsconfig)
{
	return mounted_by(regs, 431, result);
}

CALL_ENDS(swapon)
{
	return mounted_by(regs, 167, result);
}

#endif
