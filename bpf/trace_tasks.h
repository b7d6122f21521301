/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Calls by which a task becomes somebody else, or moves somewhere else: reported at their exit, when it is so. */
#ifndef HEADWATER_TRACE_TASKS_H
#define HEADWATER_TRACE_TASKS_H

#include "trace.h"
#include "lifecycle.h"
#include "ipc.h"

/* As the kernel's own hooks number them (include/linux/security.h). */
#define LSM_SETID_ID 1
#define LSM_SETID_RE 2
#define LSM_SETID_RES 4
#define LSM_SETID_FS 8

static __always_inline int credentials_set(struct call *call, u32 op, u32 how)
{
	/* setfsuid and setfsgid never fail: they return the id from before. */
	if (call->result && how != LSM_SETID_FS)
		return 0;
	return task_changed(bpf_get_current_task_btf(), NULL, op, how);
}

/* One handler for the set*uid calls and set*gid calls each: their numbers say which. */
static __noinline int on_exit_set_user(struct call *call)
{
	u64 number = call->regs->orig_ax;

	return credentials_set(call, OP_SETUID, number == 105 ? LSM_SETID_ID : number == 113 ? LSM_SETID_RE :
			       number == 117 ? LSM_SETID_RES : LSM_SETID_FS);
}

static __noinline int on_exit_set_group(struct call *call)
{
	u64 number = call->regs->orig_ax;

	return credentials_set(call, OP_SETGID, number == 106 ? LSM_SETID_ID : number == 114 ? LSM_SETID_RE :
			       number == 119 ? LSM_SETID_RES : LSM_SETID_FS);
}

static __noinline int on_exit_set_groups(struct call *call)
{
	return credentials_set(call, OP_SETGROUPS, 0);
}

static __noinline int on_exit_set_capabilities(struct call *call)
{
	return credentials_set(call, OP_CAPSET, 0);
}

static __noinline int on_exit_set_namespaces(struct call *call)
{
	/* unshare; the other is setns, which makes none. */
	if (!call->result && call->regs->orig_ax == 272) {
		namespaces_made(bpf_get_current_task_btf(), ARG1(call));
		host_name_arrives(&call->who, ARG1(call));
	}
	return credentials_set(call, OP_NAMESPACES, 0);
}

#endif
