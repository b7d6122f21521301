/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Which namespace a number is the number of. The kernel gives the number of a namespace that is gone to the next that is made, and
 * ids of queues and segments begin at 0 in each: so a container's queue would be taken for that of the one before. A namespace
 * that is made while we look gets a scope of its own; one that was there before keeps its number as its scope.
 */
#ifndef HEADWATER_NAMESPACES_H
#define HEADWATER_NAMESPACES_H

#include "flow.h"
#include "read.h"
#include "objects.h"

#define CLONE_NEWUTS 0x04000000
#define CLONE_NEWIPC 0x08000000

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u32);
	__type(value, u32);
} namespace_scopes SEC(".maps");

static __always_inline u32 namespace_scope(u32 number)
{
	u32 *scope = bpf_map_lookup_elem(&namespace_scopes, &number);

	return scope ? *scope : number;
}

static __always_inline u32 ipc_namespace_of(struct task_struct *task)
{
	return namespace_scope(BPF_CORE_READ(task, nsproxy, ipc_ns, ns.inum));
}

/* The current task's. */
static __always_inline u32 ipc_namespace(void)
{
	return ipc_namespace_of(bpf_get_current_task_btf());
}

static __always_inline u32 host_namespace(void)
{
	struct task_struct *task = bpf_get_current_task_btf();

	return namespace_scope(BPF_CORE_READ(task, nsproxy, uts_ns, ns.inum));
}

/* Two made in the same nanosecond have different numbers. */
static __always_inline void namespace_made(u32 number)
{
	u32 scope = (bpf_ktime_get_boot_ns() * 0x9e3779b97f4a7c15ULL >> 32) ^ number;

	bpf_map_update_elem(&namespace_scopes, &number, &scope, BPF_ANY);
}

/* The task is in new namespaces, of those that `flags` name. */
static __noinline int namespaces_made(struct task_struct *task, u64 flags)
{
	struct nsproxy *proxy = field(task, nsproxy);

	if (!proxy)
		return 0;
	if (flags & CLONE_NEWUTS)
		namespace_made(BPF_CORE_READ(proxy, uts_ns, ns.inum));
	if (flags & CLONE_NEWIPC)
		namespace_made(BPF_CORE_READ(proxy, ipc_ns, ns.inum));
	return 0;
}

/* 1 once somebody has set a host name; until then none is an object. */
u32 host_named;

/* A uts namespace begins with the name of the one that it was made in; `child` was made with it. */
static __noinline int host_name_to_child(struct task_state *child, u32 from, u32 to)
{
	struct inode_key key = object_key(OBJECT_HOST_NAME, NUMBERED, from);
	struct inode_object *name, *made;

	if (!child)
		return 0;
	name = bpf_map_lookup_elem(&inodes, &key);
	made = name ? class_object(OBJECT_HOST_NAME, NUMBERED, to) : NULL;
	if (made)
		flow_to_inode(&name->object, made, OP_COPY, 0, 0, 0, child->object.id);
	return 0;
}

/* The same of a child, which has its parent's if it was not given its own. */
static __noinline int namespaces_of_child(struct task_struct *parent, struct task_struct *child, struct task_state *state)
{
	struct nsproxy *old = field(parent, nsproxy), *new = field(child, nsproxy);
	u64 flags;

	if (old == new || !old || !new)
		return 0;
	flags = (field(old, uts_ns) != field(new, uts_ns) ? CLONE_NEWUTS : 0) |
		(field(old, ipc_ns) != field(new, ipc_ns) ? CLONE_NEWIPC : 0);
	namespaces_made(child, flags);
	if (host_named && flags & CLONE_NEWUTS)
		host_name_to_child(state, namespace_scope(BPF_CORE_READ(old, uts_ns, ns.inum)),
				   namespace_scope(BPF_CORE_READ(new, uts_ns, ns.inum)));
	return 0;
}

#endif
