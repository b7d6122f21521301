/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Targets that are addresses: who binds to one, accepts at one or connects to one is marked, and the socket too. The first that fits counts. */
#ifndef HEADWATER_ADDRESSES_H
#define HEADWATER_ADDRESSES_H

#include "select.h"
#include "endpoints.h"
#include "tasks.h"

static __noinline struct address_target *target_at(const struct address *address, u32 port, u32 egress)
{
	const u64 *half = (const void *)address;
	u32 i;

	if (!address)
		return NULL;
	for (i = 0; i < ADDRESSES_MAX && i < policy.addresses; i++) {
		u32 index = i;
		struct address_target *target = bpf_map_lookup_elem(&address_targets, &index);

		if (target && target->egress == egress && (!target->port || target->port == port) &&
		    (half[0] & target->mask[0]) == target->address[0] && (half[1] & target->mask[1]) == target->address[1])
			return target;
	}
	return NULL;
}

/* Marks an object by the address of a socket. True if its marks have changed. */
static __noinline bool mark_by_address(struct object *object, struct sock *sk, u32 op, u64 task)
{
	struct address_target *target;
	struct endpoint at;

	if (!object || !endpoint_of(sk, &at))
		return false;
	target = op == OP_CONNECT ? target_at(&at.remote, at.remote_port, ADDRESS_EGRESS) : target_at(&at.local, at.local_port, 0);
	return target && change_marks(object, &target->marking, task);
}

/* Who has given a socket its address may have become somebody who is recorded. Before what it did is. */
static __noinline int select_by_address(struct actor *who, struct sock *sk, u32 op)
{
	struct task_state *leader;

	if (!who || !mark_by_address(&who->process->object, sk, op, who->id))
		return 0;
	leader = task_state(bpf_get_current_task_btf()->group_leader, 0);
	if (leader)
		leader->verdict = 0;
	comes_into_question(who);
	return 0;
}

#endif
