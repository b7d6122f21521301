/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Targets that are addresses: who binds to one, accepts at one or connects to one is marked, and the socket too. The first that fits counts. */
#ifndef HEADWATER_ADDRESSES_H
#define HEADWATER_ADDRESSES_H

#include "select.h"
#include "endpoints.h"
#include "actors.h"

/* Marks an object by an address: the first target that fits. 1 if its marks have changed. Global, so that it is verified once. */
__noinline int mark_by(struct object *object, struct address *address, u32 port, u32 egress, u64 task)
{
	const u64 *half = (const void *)address;
	u32 i;

	if (!object || !address)
		return 0;
	for (i = 0; i < ADDRESSES_MAX && i < policy.addresses; i++) {
		u32 index = i;
		struct address_target *target = bpf_map_lookup_elem(&address_targets, &index);

		if (target && target->egress == egress && (!target->port || target->port == port) &&
		    (half[0] & target->mask[0]) == target->address[0] && (half[1] & target->mask[1]) == target->address[1])
			return change_marks(object, &target->marking, task);
	}
	return 0;
}

/* Marks an object by the address of a socket. True if its marks have changed. */
static __noinline bool mark_by_address(struct object *object, struct sock *sk, u32 op, u64 task)
{
	struct endpoint at;

	if (!object || !endpoint_of(sk, &at))
		return false;
	return op == OP_CONNECT ? mark_by(object, &at.remote, at.remote_port, ADDRESS_EGRESS, task) :
				  mark_by(object, &at.local, at.local_port, 0, task);
}

/* Who has given a socket its address may have become somebody who is recorded. Before what it did is. True if its marks have changed. */
static __always_inline bool select_by_address(struct actor *who, struct sock *sk, u32 op)
{
	if (!who || !mark_by_address(&who->process->object, sk, op, who->id))
		return false;
	forget_verdict();
	if (comes_into_question())
		who->id = acting_task();
	return true;
}

#endif
