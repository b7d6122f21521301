/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Kernel types of tasks: who they are, where they run, what they were given to execute. See kernel.h. */
#ifndef HEADWATER_KERNEL_TASKS_H
#define HEADWATER_KERNEL_TASKS_H

#include "files.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct pt_regs {
	unsigned long r10, r9, r8, ax, dx, si, di, orig_ax;
};

struct mm_struct {
	unsigned long arg_start, arg_end, env_start, env_end;
	struct file *exe_file;
	struct task_struct *owner;	/* with CONFIG_MEMCG only */
};

/* fs/userfaultfd.c */
struct userfaultfd_ctx {
	struct mm_struct *mm;
};

/* 6.3 made one u64 of an array of two u32. */
typedef struct {
	u64 val;
} kernel_cap_t;

struct cred {
	kuid_t uid;
	kgid_t gid;
	kuid_t euid;
	kgid_t egid;
	kuid_t fsuid;
	kgid_t fsgid;
	kernel_cap_t cap_effective;
	void *security;
};

/* What SELinux keeps of a task (security/selinux/include/objsec.h): the second name is that of newer kernels. */
struct task_security_struct {
	u32 sid;
	u32 create_sid;
};

struct cred_security_struct {
	u32 sid;
	u32 create_sid;
};

/* AppArmor (security/apparmor/include/label.h). */
struct aa_label {
	char *hname;
};

struct kernfs_node {
	u64 id;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct ns_common {
	u32 inum;
};

struct uts_namespace {
	struct ns_common ns;
};

struct ipc_namespace {
	struct ns_common ns;
};

struct mnt_namespace {
	struct ns_common ns;
};

struct net {
	u64 net_cookie;
	struct ns_common ns;
};

struct cgroup_namespace {
	struct ns_common ns;
};

struct pid_namespace {
	struct ns_common ns;
	u32 level;
};

struct nsproxy {
	struct uts_namespace *uts_ns;
	struct ipc_namespace *ipc_ns;
	struct mnt_namespace *mnt_ns;
	struct pid_namespace *pid_ns_for_children;
	struct net *net_ns;
	struct cgroup_namespace *cgroup_ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	u32 level;
	struct upid numbers[1];
};

struct thread_info {
	u32 status;
};

typedef struct {
	int counter;
} atomic_t;

struct signal_struct {
	struct task_struct *group_exec_task;
	atomic_t live;
	int nr_threads;
	u32 flags;
	int group_exit_code;
};

struct bpf_local_storage;

struct task_struct {
	struct thread_info thread_info;
	u32 flags;
	int pid;
	int tgid;
	int exit_code;
	u64 start_boottime;
	struct task_struct *group_leader;
	struct task_struct *real_parent;
	struct mm_struct *mm;
	struct files_struct *files;
	struct fs_struct *fs;
	const struct cred *real_cred;
	const struct cred *cred;
	struct nsproxy *nsproxy;
	struct css_set *cgroups;
	struct pid *thread_pid;
	struct signal_struct *signal;
	struct bpf_local_storage *bpf_storage;
	char comm[16];
};

struct kernel_siginfo {
	int si_code;
};

struct linux_binprm {
	struct file *file;
	const char *filename;
	const char *interp;
	int argc;
	struct cred *cred;
};

#pragma clang attribute pop

/* Constants of the kernel's ABI and of its headers; macros there, so not in BTF. */
#define CLONE_VM 0x00000100
#define CLONE_VFORK 0x00004000
#define CLONE_THREAD 0x00010000
#define PF_IO_WORKER 0x00000010
#define PF_KTHREAD 0x00200000
#define TS_COMPAT 0x0002

#endif
