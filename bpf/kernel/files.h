/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Kernel types of files: inodes, names, mounts, what a process has open or mapped. See kernel.h. */
#ifndef HEADWATER_KERNEL_FILES_H
#define HEADWATER_KERNEL_FILES_H

#include "basics.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* Of which only is wanted that it begins with a number (read.h). */
struct timespec64 {
	s64 tv_sec;
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

struct kiocb {
	struct file *ki_filp;
};

struct open_how {
	u64 flags;
};

struct filename {
	const char *uptr;
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

struct proc_inode {
	struct pid *pid;
	struct inode vfs_inode;
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

#endif
