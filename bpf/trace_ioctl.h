/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* ioctl(2): what goes in is reported at the call's entry, what came out at its exit. */
#ifndef HEADWATER_TRACE_IOCTL_H
#define HEADWATER_TRACE_IOCTL_H

#include "trace_attributes.h"
#include "trace_copies.h"
#include "ioctls.h"
#include "processes.h"

#define CLONES(effect) ((effect) & (IOCTL_CLONES | IOCTL_CLONES_RANGE))

/* Which file is cloned: its descriptor, which for a range lies in the caller's memory; one that nobody has if it cannot be read. */
static __noinline u32 cloned(struct call *call, u32 effect)
{
	s64 from = -1;

	if (!call)
		return from;
	if (effect & IOCTL_CLONES)
		return ARG3(call);
	if (bpf_probe_read_user(&from, sizeof(from), (const void *)ARG3(call)))
		lost(LOSS_UNREADABLE);
	return from;
}

/* Functions of their own, beside the clone and not around it: a chain of calls has 512 bytes of stack. */
static __noinline int put_by_command(struct call *call)
{
	struct opened at = {};
	u32 command, effect;

	if (!call || !opened(ARG1(call), &at))
		return 0;
	command = ARG2(call);
	effect = ioctl_effect(command, at.type);
	if (effect & IOCTL_SETS) {
		struct inode_key key = inode_key(held_inode(at.file, at.inode));

		attributes_claimed = 1;
		return claim_put(&call->who, OP_SETATTR, key.dev, key.ino);
	}
	if (effect & IOCTL_PUTS)
		put_out(&call->who, at.object, OP_WRITE_IOCTL, 0, command, 0);
	return 0;
}

/* True if the call asks for attributes: of `asked`. */
static __noinline bool take_by_command(struct call *call, struct inode_key *asked)
{
	struct opened at = {};
	u32 command, effect;

	if (!call || !asked || !opened(ARG1(call), &at))
		return false;
	command = ARG2(call);
	effect = ioctl_effect(command, at.type);
	if (effect & IOCTL_ASKS && attributes_claimed) {
		*asked = inode_key(held_inode(at.file, at.inode));
		return true;
	}
	if (effect & IOCTL_TAKES)
		flow_to_process(&at.object->object, call->who.process, OP_READ_IOCTL, 0, command, 0, call->who.id);
	return false;
}

static __noinline int on_control(struct call *call)
{
	u32 effect = ioctl_effect(ARG2(call), 0);

	if (CLONES(effect))
		return copy(call, cloned(call, effect), ARG1(call));
	if (effect & IOCTL_FILLS)
		return page_filled(&call->who, file_of(bpf_get_current_task_btf(), ARG1(call)));
	share_first(&call->who);
	return put_by_command(call);
}

static __noinline int on_exit_controlled(struct call *call)
{
	u32 effect = ioctl_effect(ARG2(call), 0);
	struct inode_key asked = {};

	if (call->result < 0)
		return 0;
	if (CLONES(effect))
		return copy(call, cloned(call, effect), ARG1(call));
	return take_by_command(call, &asked) ? claim_taken(&call->who, OP_GETATTR, asked.dev, asked.ino) : 0;
}

#endif
