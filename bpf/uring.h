/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Which open files are rings of io_uring: their memory is shared with the kernel. */
#ifndef HEADWATER_URING_H
#define HEADWATER_URING_H

#include "read.h"

/* An io_uring. What its memory brings, others put there by requests (IORING_OP_MSG_RING), which are seen as such. */
static __always_inline bool is_ring(struct file *file)
{
	struct dentry *dentry = field(file, f_path.dentry);
	struct super_block *sb = field(dentry, d_sb);
	char name[sizeof("[io_uring]")] = {};

	return field(sb, s_magic) == ANON_INODE_FS_MAGIC &&
	       bpf_probe_read_kernel_str(name, sizeof(name), field(dentry, d_name.name)) == sizeof(name) &&
	       name[1] == 'i' && name[4] == 'u' && name[9] == ']';
}

#endif
