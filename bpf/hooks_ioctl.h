/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * ioctl(2). The hook comes before the command is carried out: what goes in is reported there, what came out as the call returns.
 * Clones are copies (hooks_copies.h); attributes of files inode_setattr's kin only in part: here.
 */
#ifndef HEADWATER_HOOKS_IOCTL_H
#define HEADWATER_HOOKS_IOCTL_H

#include "hook.h"
#include "hooks_attributes.h"
#include "ioctls.h"
#include "processes.h"

static __noinline int ioctl_into(struct actor *who, struct file *file, struct inode *inode, u32 command, u32 effect)
{
	struct inode_object *object;

	if (!who)
		return 0;
	if (effect & IOCTL_SETS) {
		attributes_change(who, held_inode(file, inode), OP_SETATTR, 0);
		return 0;
	}
	object = file_object(file, inode);
	if (!object)
		return 0;
	return put_out(who, object, OP_WRITE_IOCTL, 0, command, 0);
}

static __noinline int ioctl_out_of(struct actor *who, struct file *file, struct inode *inode, u32 command, u32 effect)
{
	struct inode_object *object;

	if (!who)
		return 0;
	if (effect & IOCTL_ASKS) {
		if (attributes_known)
			attributes_asked(who, held_inode(file, inode), OP_GETATTR);
		return 0;
	}
	object = file_object(file, inode);
	return object && flow_to_process(&object->object, who->process, OP_READ_IOCTL, 0, command, 0, who->id);
}

HOOK(file_ioctl, struct file *file, u32 command, u64 argument)
{
	struct actor who;
	struct inode *inode;
	u32 effect;

	if (!acts(&who))
		return;
	/* What a copy has left behind, whose end was not seen. */
	who.task->under_way.to = 0;
	inode = field(file, f_inode);
	effect = ioctl_effect(command, type_of(inode));
	if (effect & IOCTL_FILLS)
		page_filled(&who, file);
	if (effect & (IOCTL_PUTS | IOCTL_SETS))
		ioctl_into(&who, file, inode, command, effect);
}

SEC("fexit/__x64_sys_ioctl")
int BPF_PROG(after_ioctl, struct pt_regs *registers, s64 result)
{
	struct actor who;
	struct inode *inode;
	struct file *file;
	u32 command, effect;

	if (result < 0 || !actor(&who))
		return 0;
	command = field(registers, si);
	file = file_of(bpf_get_current_task_btf(), field(registers, di));
	if (!file)
		return 0;
	inode = field(file, f_inode);
	effect = ioctl_effect(command, type_of(inode));
	if (effect & (IOCTL_TAKES | IOCTL_ASKS))
		ioctl_out_of(&who, file, inode, command, effect);
	return 0;
}

#endif
