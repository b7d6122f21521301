/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Open files whose inode says nothing of what they hold. All anonymous files (eventfd, timerfd, epoll, BPF maps, …) share one
 * inode, and /dev/kmsg and /proc/kmsg are ways to the one log of the kernel. Such an inode never becomes an object, so it is looked at
 * only where an object was not found: who uses none of them pays nothing.
 */
#ifndef HEADWATER_ANONYMOUS_H
#define HEADWATER_ANONYMOUS_H

#include "flow.h"
#include "read.h"
#include "devices.h"

/* include/uapi/linux/magic.h */
#define PROC_SUPER_MAGIC 0x9fa0

/* A random number of this capture: the place of a thing in kernel memory is not for readers of the record. */
volatile u64 place_secret = 0;

/* Stands for a place in kernel memory: the same for the same place, and not to be turned back without the secret. */
static __always_inline u64 place_number(u64 place)
{
	u64 mixed;

	if (!place_secret)
		__sync_val_compare_and_swap(&place_secret, 0, (u64)bpf_get_prandom_u32() << 32 | bpf_get_prandom_u32() | 1);
	mixed = place + place_secret;
	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9ULL;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebULL;
	return (mixed ^ mixed >> 31) | 1;
}

static __always_inline u64 place_of_file(struct file *at)
{
	u64 place = 0;

	/* The verifier does not let one calculate with a pointer; what is read is a number. */
	bpf_probe_read_kernel(&place, sizeof(place), &at);
	return place_number(place);
}

/* The map behind the file of a BPF map, NULL if the file is none. Such a file is known by its name alone. */
static __always_inline struct bpf_map *map_of_file(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	char name[8] = {};

	if (BPF_CORE_READ(dentry, d_sb, s_magic) != ANON_INODE_FS_MAGIC)
		return NULL;
	bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(dentry, d_name.name));
	if (*(u64 *)name != 0x70616d2d667062ULL)	/* bpf-map */
		return NULL;
	return BPF_CORE_READ(file, private_data);
}

/* The first bytes of a dentry's name, as a number. */
#define NAME_INOTIFY 0x00796669746f6e69ULL	/* "inotify" */
#define NAME_FANOTIFY 0x6669746f6e61665bULL	/* "[fanotify]", as far as a number goes */

static __always_inline bool is_watching_name(u64 name)
{
	return name == NAME_INOTIFY || name == NAME_FANOTIFY;
}

/* An anonymous file of inotify or fanotify: watches.h. */
static __always_inline bool is_watching(struct file *file)
{
	u64 name = 0;

	bpf_probe_read_kernel(&name, sizeof(name), BPF_CORE_READ(file, f_path.dentry, d_name.name));
	return is_watching_name(name);
}

/* /proc/kmsg, or the device that is called so. */
static __always_inline bool is_kernel_log(struct file *file, struct inode *inode, u64 magic)
{
	struct dentry *dentry, *parent;
	char name[8] = {};

	if (magic != PROC_SUPER_MAGIC)
		return (BPF_CORE_READ(inode, i_mode) & S_IFMT) == S_IFCHR && BPF_CORE_READ(inode, i_rdev) == DEV_KMSG;
	dentry = BPF_CORE_READ(file, f_path.dentry);
	parent = BPF_CORE_READ(dentry, d_parent);
	if (parent == dentry || parent != BPF_CORE_READ(parent, d_parent))
		return false;
	bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(dentry, d_name.name));
	return *(u64 *)name == 0x67736d6bULL;	/* kmsg */
}

__noinline int special_key_at(struct file_address *at, struct inode_key *key)
{
	struct inode *inode;
	struct bpf_map *map;
	struct file *file;
	u64 magic;

	if (!at || !key)
		return false;
	file = (struct file *)at->file;
	inode = (struct inode *)at->inode;
	magic = BPF_CORE_READ(inode, i_sb, s_magic);
	if (magic == ANON_INODE_FS_MAGIC) {
		/* From 6.16 on its type is that of a file. */
		number_tracked(BPF_CORE_READ(inode, i_ino));
		map = map_of_file(file);
		key->ino = map ? NUMBERED | BPF_CORE_READ(map, id) : place_of_file(file);
		key->dev = OBJECT_DEVICE | (map ? OBJECT_BPF_MAP : OBJECT_ANONYMOUS);
		key->generation = 0;
		return true;
	}
	if (is_tun(inode)) {
		if (device_key(file, key))
			return true;
		key->ino = place_of_file(file);
		key->dev = OBJECT_DEVICE | OBJECT_ANONYMOUS;
		key->generation = 0;
		return true;
	}
	if (is_kernel_log(file, inode, magic)) {
		key->ino = NUMBERED;
		key->dev = OBJECT_DEVICE | OBJECT_KERNEL_LOG;
		key->generation = 0;
		return true;
	}
	return false;
}

/* The key of what the open file holds, if that is not what its inode says. Called where the inode's own key is not known. */
static __always_inline bool special_key(struct file *file, struct inode *inode, struct inode_key *key)
{
	struct file_address at = address_of_file(file, inode);

	return special_key_at(&at, key);
}

#endif
