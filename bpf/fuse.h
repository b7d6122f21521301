/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * FUSE: a process serves the files of a file system by reading requests from /dev/fuse and writing replies to it. All connections
 * share that one device inode, so each connection has two objects instead: what it was asked, and what it replied.
 *
 *   a client writes a file	process -> file -> requests
 *   the server reads		requests -> server
 *   the server writes		server -> replies
 *   a client reads a file	replies -> file -> process
 *
 * Which file a request or a reply is about is in the bytes, which nobody looks at: a file has all that the server had replied by
 * then. Until a followed process opens /dev/fuse, a read or write pays one comparison.
 */
#ifndef HEADWATER_FUSE_H
#define HEADWATER_FUSE_H

#include "objects.h"
#include "actors.h"

/* include/uapi/linux/magic.h; include/linux/miscdevice.h, FUSE_MINOR */
#define FUSE_SUPER_MAGIC 0x65735546
#define DEV_FUSE (10 << 20 | 229)

enum fuse_way { FUSE_REPLIES = 0, FUSE_REQUESTS = 1 };

u64 fuse_met;

static __always_inline bool is_fuse_device(struct inode *inode)
{
	return (field(inode, i_mode) & S_IFMT) == S_IFCHR && field(inode, i_rdev) == DEV_FUSE;
}

/* A process opens a device: from the first one of these kinds on, those who use any pay for them. */
static __always_inline void met_device(struct inode *inode)
{
	if (is_fuse_device(inode))
		fuse_met = 1;
	else if (is_tun(inode))
		tuns_met = 1;
}

/*
 * A connection is known by its place in kernel memory (place_number), which comes first in what an open /dev/fuse keeps (struct fuse_dev) and in
 * what a mounted file system keeps (struct fuse_mount). 0 if there is none yet.
 */
static __always_inline u64 fuse_connection(const void *keeper)
{
	u64 connection = 0;

	bpf_probe_read_kernel(&connection, sizeof(connection), keeper);
	return connection & ~1ULL;
}

static __noinline struct inode_object *fuse_object(const void *keeper, u32 way)
{
	u64 connection = fuse_connection(keeper);
	struct inode_key key = object_key(OBJECT_FUSE, (place_number(connection) & ~1ULL) | way, 0);

	return connection ? object_beside(&key) : NULL;
}

static __always_inline bool is_fuse(struct inode *inode)
{
	return BPF_CORE_READ(inode, i_sb, s_magic) == FUSE_SUPER_MAGIC;
}

/* Apart from what finds them: a chain of calls has 512 bytes of stack. */
__noinline int serve(struct inode_object *from, struct inode_object *to, u32 op, u64 task)
{
	if (from && to)
		flow_to_inode(&from->object, to, op, 0, 0, 0, task);
	return 0;
}

/* The object that is about to be read from; what the server replied is in the file first. */
static __noinline struct inode_object *fuse_source(struct file *file, struct inode *inode, struct inode_object *object, u64 task)
{
	struct inode_object *other;

	if (is_fuse_device(inode)) {
		other = fuse_object(BPF_CORE_READ(file, private_data), FUSE_REQUESTS);
		return other ? other : object;
	}
	if (!is_fuse(inode))
		return object;
	other = fuse_object(BPF_CORE_READ(inode, i_sb, s_fs_info), FUSE_REPLIES);
	serve(other, object, OP_SERVED, task);
	return object;
}

/* The object that is about to be written to. */
static __noinline struct inode_object *fuse_sink(struct file *file, struct inode *inode, struct inode_object *object)
{
	struct inode_object *replies;

	if (!is_fuse_device(inode))
		return object;
	replies = fuse_object(BPF_CORE_READ(file, private_data), FUSE_REPLIES);
	return replies ? replies : object;
}

/* What was put into a file is in the server's requests. */
static __noinline int fuse_requested(struct inode *inode, struct inode_object *object, u64 task)
{
	struct inode_object *requests;

	if (!object || !is_fuse(inode))
		return 0;
	requests = fuse_object(BPF_CORE_READ(inode, i_sb, s_fs_info), FUSE_REQUESTS);
	serve(object, requests, OP_REQUESTED, task);
	return 0;
}

#endif
