/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Pseudo-terminals. Every master is an open file of the one inode /dev/ptmx, and /dev/tty stands for whichever terminal its
 * opener has; what is put in at one end comes out at the other. The object of both ends is the slave's inode, /dev/pts/N.
 */
#ifndef HEADWATER_TERMINALS_H
#define HEADWATER_TERMINALS_H

#include "read.h"

/* Device numbers as the kernel has them: include/uapi/linux/major.h, TTYAUX_MAJOR. */
#define DEV_TTY (5 << 20 | 0)
#define DEV_PTMX (5 << 20 | 2)
/* include/uapi/linux/magic.h */
#define DEVPTS_SUPER_MAGIC 0x1cd1

/* Of a device. */
__noinline u64 device_held(struct file_address *at)
{
	struct tty_file_private *private;
	struct tty_struct *tty;
	struct tty_struct *link;
	struct dentry *dentry;
	struct inode *slave, *inode;
	struct file *file;
	u32 dev;

	if (!at)
		return 0;
	file = (struct file *)at->file;
	inode = (struct inode *)at->inode;
	if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) == S_IFBLK) {
		/* The node's own, until the device is open. */
		slave = BPF_CORE_READ(file, f_mapping, host);
		return slave ? (u64)slave : at->inode;
	}
	dev = BPF_CORE_READ(inode, i_rdev);
	if (dev != DEV_TTY && dev != DEV_PTMX)
		return at->inode;
	/* Set once the terminal is open; until then there is nothing to hold. */
	private = BPF_CORE_READ(file, private_data);
	tty = BPF_CORE_READ(private, tty);
	link = BPF_CORE_READ(tty, link);
	/* A console has no other end, and its driver's data are something else. */
	if (!link)
		return at->inode;
	if (dev == DEV_PTMX)
		tty = link;
	dentry = BPF_CORE_READ(tty, driver_data);
	if (BPF_CORE_READ(dentry, d_sb, s_magic) != DEVPTS_SUPER_MAGIC)
		return at->inode;
	slave = BPF_CORE_READ(dentry, d_inode);
	return slave ? (u64)slave : at->inode;
}

/*
 * The inode that stands for what an open file holds: the slave's for both ends of a pseudo-terminal, that of the device for each of
 * the nodes of a block device, else its own.
 */
static __always_inline struct inode *held_inode(struct file *file, struct inode *inode)
{
	struct file_address at;
	u32 type = field(inode, i_mode) & S_IFMT;

	if (type != S_IFBLK && type != S_IFCHR)
		return inode;
	at = address_of_file(file, inode);
	return (struct inode *)device_held(&at);
}

#endif
