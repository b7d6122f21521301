/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The kernel types that the programs look into: only the fields that are used, found by name at load time (CO-RE), so
 * that one object serves every kernel from 6.1 on. Order and size say nothing here.
 */
#ifndef HEADWATER_KERNEL_H
#define HEADWATER_KERNEL_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s64 s64;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PROG_ARRAY = 3,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_ARRAY_OF_MAPS = 12,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};
enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_EXIST = 2 };
enum { BPF_F_NO_PREALLOC = 1 };
enum { BPF_RB_NO_WAKEUP = 1 };
enum { BPF_RB_AVAIL_DATA = 0 };
enum { BPF_LOCAL_STORAGE_GET_F_CREATE = 1 };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct pt_regs {
	unsigned long r10, r9, r8, ax, dx, si, di, orig_ax;
};

struct qstr {
	union {
		struct {
			u32 hash;
			u32 len;
		};
		u64 hash_len;
	};
	const unsigned char *name;
};

struct file_system_type {
	const char *name;
};

typedef struct {
	u8 b[16];
} uuid_t;

struct super_block {
	u32 s_dev;
	unsigned long s_magic;
	unsigned long s_flags;
	uuid_t s_uuid;
	struct file_system_type *s_type;
	void *s_fs_info;
};

typedef struct {
	u32 val;
} kuid_t;
typedef struct {
	u32 val;
} kgid_t;

struct inode {
	u16 i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	struct super_block *i_sb;
	unsigned long i_ino;
	u32 i_generation;
	u32 i_nlink;
	u32 i_rdev;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};

struct vfsmount {
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
};

struct mount {
	void *mnt_ns;
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct address_space {
	struct inode *host;
};

struct file {
	u32 f_mode;
	u32 f_flags;
	struct inode *f_inode;
	struct path f_path;
	s64 f_pos;
	struct address_space *f_mapping;
	void *private_data;
};

struct tty_struct {
	struct tty_struct *link;
	void *driver_data;
};

struct tty_file_private {
	struct tty_struct *tty;
};

struct kern_ipc_perm {
	int id;
};

struct key {
	int serial;
};

struct bpf_map {
	u32 id;
};

union bpf_attr;

struct kiocb {
	struct file *ki_filp;
};

/* io_uring: one request, and the ring that it came by. Fields of several kernels; those that lack one never look at it. */
struct io_cqe {
	u64 user_data;
	int res;
	int fd;		/* until the request completes, if it names a file */
};

struct io_uring_task {
	struct task_struct *task;
};

struct io_fixed_file {
	unsigned long file_ptr;
};

struct io_rsrc_node {
	unsigned long file_ptr;
};

struct io_rsrc_data {
	unsigned int nr;
	struct io_rsrc_node **nodes;
};

struct io_file_table {
	struct io_fixed_file *files;	/* up to 6.12 */
	struct io_rsrc_data data;
};

struct io_kiocb;

struct io_submit_link {
	struct io_kiocb *head;
	struct io_kiocb *last;
};

struct io_submit_state {
	struct io_submit_link link;
};

struct io_ring_ctx {
	unsigned int flags;
	struct io_file_table file_table;
	unsigned int nr_user_files;	/* up to 6.12 */
	struct io_submit_state submit_state;
};

struct io_kiocb {
	struct file *file;
	u8 opcode;
	unsigned int flags;
	struct io_cqe cqe;
	struct io_ring_ctx *ctx;
	struct task_struct *task;	/* up to 6.12 */
	struct io_uring_task *tctx;
	void *async_data;
	struct io_kiocb *link;
};

struct io_uring_cqe {
	u64 user_data;
	int res;
};

/* What requests of one kind keep: each begins where io_kiocb does. */
struct io_sr_msg {
	void *umsg;
	u16 flags;
	void *addr;	/* up to 6.12 */
	int addr_len;	/* the same */
};

struct io_accept {
	u32 file_slot;
};

struct open_how {
	u64 flags;
};

struct io_open {
	u32 file_slot;
	struct open_how how;
};

struct io_socket {
	u32 file_slot;
};

struct io_splice {
	int splice_fd_in;
	unsigned int flags;
};

struct filename {
	const char *uptr;
};

struct io_rename {
	int old_dfd;
	int new_dfd;
	struct filename *oldpath;
	struct filename *newpath;
	int flags;
};

struct io_link {
	int old_dfd;
	int new_dfd;
	struct filename *oldpath;
	struct filename *newpath;
	int flags;
};

struct io_unlink {
	int dfd;
	int flags;
	struct filename *filename;
};

struct io_mkdir {
	int dfd;
	u16 mode;
	struct filename *filename;
};

struct xattr_name {
	char name[256];
};

struct kernel_xattr_ctx {	/* xattr_ctx up to 6.12 */
	struct xattr_name *kname;
};

struct io_xattr {
	struct kernel_xattr_ctx ctx;
	struct filename *filename;
};

struct statx;

struct io_statx {
	int dfd;
	unsigned int flags;
	struct filename *filename;
	struct statx *buffer;
};

struct io_uring_cmd {
	struct file *file;
};

struct iattr {
	u32 ia_valid;
};

struct renamedata {
	struct dentry *old_dentry;
	struct dentry *new_dentry;
	u32 flags;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct fs_struct {
	struct path root, pwd;
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

struct proc_inode {
	struct pid *pid;
	struct inode vfs_inode;
};

struct linux_binprm {
	struct file *file;
	const char *filename;
	const char *interp;
	int argc;
	struct cred *cred;
};

struct in6_addr {
	union {
		u8 u6_addr8[16];
		u32 u6_addr32[4];
	} in6_u;
};

typedef struct {
	struct net *net;
} possible_net_t;

typedef struct {
	s64 counter;
} atomic64_t;

struct sock_common {
	u32 skc_daddr;
	u32 skc_rcv_saddr;
	u16 skc_dport;
	u16 skc_num;
	u16 skc_family;
	unsigned char skc_state;
	possible_net_t skc_net;
	atomic64_t skc_cookie;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

struct socket;

struct sock {
	struct sock_common __sk_common;
	u16 sk_type;
	u16 sk_protocol;
	struct socket *sk_socket;
};

struct socket {
	short type;
	struct sock *sk;
	struct file *file;
};

struct socket_alloc {
	struct socket socket;
	struct inode vfs_inode;
};

struct sockaddr_un {
	u16 sun_family;
	char sun_path[108];
};

struct unix_address {
	int len;
	struct sockaddr_un name[0];
};

struct unix_sock {
	struct unix_address *addr;
	struct sock *peer;
};

struct tcp_sock {
	u32 rcv_nxt;
	u32 snd_una;
	u64 bytes_received;
	u64 bytes_acked;
};

struct netlink_sock {
	u32 portid;
	u32 dst_portid;
};

struct netlink_skb_parms {
	u32 portid;
};

struct packet_sock {
	int ifindex;
};

struct sk_buff {
	struct sock *sk;
	char cb[48];
	int skb_iif;
	u8 pkt_type: 3;
	u16 protocol;
	u16 transport_header;
	u16 network_header;
	unsigned char *head;
};

struct msghdr {
	void *msg_name;
	int msg_namelen;
};

struct io_async_msghdr {
	struct msghdr msg;
};

struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_flags;
	struct file *vm_file;
};

/* 7.x renamed the field: the flavour is tried when vm_flags is absent. */
struct vm_area_struct___7 {
	unsigned long __vm_flags;
};

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	u32 fd;
	struct file *file;
};

struct bpf_iter__task_vma {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	struct vm_area_struct *vma;
};

#pragma clang attribute pop

/* Constants of the kernel's ABI and of its headers; macros there, so not in BTF. */
#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFLNK 0120000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000

#define SB_KERNMOUNT (1 << 22)	/* include/linux/fs.h */
#define FMODE_READ 0x1
#define FMODE_WRITE 0x2
#define FMODE_CREATED 0x100000
#define O_TRUNC 01000
#define O_EXECUTE 040	/* the kernel's own: opened to be executed */
#define O_PATH 010000000
#define O_UNNAMED 020000000	/* __O_TMPFILE */

#define MAP_SHARED 0x01
#define MAP_TYPE 0x0f
#define MAP_ANONYMOUS 0x20
#define PROT_WRITE 0x2
#define VM_WRITE 0x2
#define VM_SHARED 0x8

#define MAY_WRITE 0x2
#define MAY_READ 0x4
#define MAY_APPEND 0x8
#define RENAME_EXCHANGE 0x2

/* include/uapi/linux/magic.h */
#define ANON_INODE_FS_MAGIC 0x09041934

#define CLONE_VM 0x00000100
#define CLONE_VFORK 0x00004000
#define CLONE_THREAD 0x00010000
#define PF_IO_WORKER 0x00000010
#define PF_KTHREAD 0x00200000
#define TS_COMPAT 0x0002

#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define AF_NETLINK 16
#define AF_PACKET 17
#define IPPROTO_ICMP 1
#define IPPROTO_ICMPV6 58
#define IPPROTO_RAW 255
#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define PACKET_OUTGOING 4
#define PACKET_LOOPBACK 5
#define LOOPBACK_IFINDEX 1
#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define TCP_SYN_RECV 3
#define TCP_CLOSE 7
#define TCP_LISTEN 10
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define SOCK_SEQPACKET 5

#define EAGAIN 11
#define EINPROGRESS 115
#define EEXIST 17
#define EAGAIN 11

#endif
