/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * A task becomes somebody else, or moves somewhere else. The hooks of credentials fire before the new ones are the
 * task's, which they are unless the kernel runs out of memory; namespaces are reported when the call has succeeded.
 */
#ifndef HEADWATER_HOOKS_TASKS_H
#define HEADWATER_HOOKS_TASKS_H

#include "hook.h"
#include "lifecycle.h"
#include "hooks_files.h"
#include "ipc.h"

static __always_inline void credentials_change(const struct cred *cred, u32 op, u32 how)
{
	struct actor who;

	if (acts(&who))
		task_changed(bpf_get_current_task_btf(), cred, op, how);
	else
		forget_verdict();
}

HOOK(task_fix_setuid, struct cred *cred, const struct cred *before, int how)
{
	credentials_change(cred, OP_SETUID, how);
}

HOOK(task_fix_setgid, struct cred *cred, const struct cred *before, int how)
{
	credentials_change(cred, OP_SETGID, how);
}

HOOK(task_fix_setgroups, struct cred *cred, const struct cred *before)
{
	credentials_change(cred, OP_SETGROUPS, 0);
}

/* The kernel's own module of capabilities, which comes first, has put them into the new credentials. */
HOOK(capset, struct cred *cred, const struct cred *before, const kernel_cap_t *effective, const kernel_cap_t *inheritable,
     const kernel_cap_t *permitted)
{
	credentials_change(cred, OP_CAPSET, 0);
}

/* The hooks come before the credentials are the task's, and a security context is changed without one. */
SEC("fexit/commit_creds")
int BPF_PROG(credentials_committed, struct cred *cred)
{
	if (policy.security_module || policy.targets & TARGETS_OF_FILES)
		forget_verdict();
	return 0;
}

SEC("fexit/__x64_sys_unshare")
int BPF_PROG(after_unshare, struct pt_regs *registers, s64 result)
{
	struct actor who;

	if (!result) {
		namespaces_made(bpf_get_current_task_btf(), field(registers, di));
		if (actor(&who))
			host_name_arrives(&who, field(registers, di));
		credentials_change(NULL, OP_NAMESPACES, 0);
	}
	return 0;
}

SEC("fexit/__x64_sys_setns")
int BPF_PROG(after_setns, struct pt_regs *registers, s64 result)
{
	if (!result)
		credentials_change(NULL, OP_NAMESPACES, 0);
	return 0;
}

#endif
