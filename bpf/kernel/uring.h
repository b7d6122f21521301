/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Kernel types of io_uring: one request, and the ring that it came by. Fields of several kernels; those that lack one never look at
 * it. See kernel.h.
 */
#ifndef HEADWATER_KERNEL_URING_H
#define HEADWATER_KERNEL_URING_H

#include "files.h"
#include "sockets.h"
#include "tasks.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

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

struct io_async_msghdr {
	struct msghdr msg;
};

#pragma clang attribute pop

#endif
