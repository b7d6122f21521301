/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Files of overlayfs: the bytes are those of a file below, which others may reach without the overlay, or by another one. That file's
 * inode is the object. The LSM hooks see both accesses and need none of this; a system call is seen once.
 */
#ifndef HEADWATER_OVERLAYS_H
#define HEADWATER_OVERLAYS_H

#include "conclusions.h"
#include "read.h"

/* include/uapi/linux/magic.h */
#define OVERLAYFS_SUPER_MAGIC 0x794c7630
static __always_inline bool is_overlay(struct inode *inode)
{
	struct super_block *sb = field(inode, i_sb);

	return field(sb, s_magic) == OVERLAYFS_SUPER_MAGIC;
}

#ifdef BYTES_BELOW
/* include/linux/fs.h: an open file that no process holds itself. */
#define FMODE_NOACCOUNT 0x20000000

/* Set when a file of an overlay was opened: until then nobody pays for a look at the file system's type. */
u64 overlays_met;

/* What was concluded of files of an overlay that were open already was concluded of the overlay's inode. */
static __always_inline void overlay_met(void)
{
	if (overlays_met)
		return;
	overlays_met = 1;
	conclusions_change();
}

static __always_inline struct inode *regular_below(struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);

	if (!(BPF_CORE_READ(file, f_mode) & FMODE_NOACCOUNT) || (BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFREG)
		return NULL;
	return inode;
}

/* An overlay keeps the file below in private_data: itself (up to 6.12), or first in a structure (since 6.13). */
__noinline u64 bytes_below(struct file_address *at)
{
	struct file *kept, *first = NULL, *file;
	struct inode *below, *inode;

	if (!at)
		return 0;
	file = (struct file *)at->file;
	inode = (struct inode *)at->inode;
	if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFREG || BPF_CORE_READ(inode, i_sb, s_magic) != OVERLAYFS_SUPER_MAGIC)
		return at->inode;
	kept = BPF_CORE_READ(file, private_data);
	below = regular_below(kept);
	if (below)
		return (u64)below;
	bpf_probe_read_kernel(&first, sizeof(first), kept);
	below = regular_below(first);
	return below ? (u64)below : at->inode;
}

/* The inode whose bytes an open file of an overlay gives; any other file's own. */
static __always_inline struct inode *inode_below(struct file *file, struct inode *inode)
{
	struct file_address at = address_of_file(file, inode);

	return (struct inode *)bytes_below(&at);
}

/* A dentry of a regular file, as far as a number in kernel memory can be known for one. */
static __always_inline struct inode *inode_of_entry(struct dentry *dentry)
{
	struct inode *inode = BPF_CORE_READ(dentry, d_inode);

	if (!inode || BPF_CORE_READ(inode, i_sb) != BPF_CORE_READ(dentry, d_sb) ||
	    (BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFREG)
		return NULL;
	return inode;
}

/*
 * The file of the lower layer that an overlay's file began as, NULL if none. Behind the inode in struct ovl_inode
 * (fs/overlayfs/ovl_entry.h) comes the upper file's dentry, then: up to 6.4 the lower path (layer, dentry), since 6.5 a pointer to
 * the lower paths (their number, then layer and dentry of each).
 */
static __noinline struct inode *lower_origin(struct inode *inode)
{
	struct dentry *dentry = NULL;
	u64 behind[3] = {};
	struct inode *lower;

	bpf_probe_read_kernel(behind, sizeof(behind), (void *)inode + bpf_core_type_size(struct inode));
	bpf_probe_read_kernel(&dentry, sizeof(dentry), (void *)behind[1] + 16);
	lower = inode_of_entry(dentry);
	return lower ? lower : inode_of_entry((struct dentry *)behind[2]);
}
#endif

#endif
