/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Reading kernel fields fast. A typed load costs one instruction, bpf_probe_read_kernel about 37 ns; the kfunc that makes
 * a typed pointer of a plain one exists from 6.2 on. field() takes the load where it can; the other branch is dead code
 * that libbpf removes. The pointer is copied first: CO-RE would take a chain such as at->inode for a kernel type's.
 */
#ifndef HEADWATER_READ_H
#define HEADWATER_READ_H

#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

extern void *bpf_rdonly_cast(const void *obj, u32 btf_id) __ksym __weak;

/* Kernel pointers as numbers, for a global function, which takes none but in memory. */
struct file_address {
	u64 file;
	u64 inode;
};

static __always_inline struct file_address address_of_file(struct file *file, struct inode *inode)
{
	struct file_address at = { .file = (u64)file, .inode = (u64)inode };

	return at;
}

struct socket_address {
	u64 sk;
	u64 inode;
};

#define field(pointer, member)									\
({												\
	typeof(pointer) pointer_ = (pointer);						\
	typeof(pointer_->member) value_;							\
	if (bpf_rdonly_cast)									\
		value_ = ((typeof(pointer_))bpf_rdonly_cast((const void *)pointer_,		\
				bpf_core_type_id_kernel(typeof(*pointer_))))->member;		\
	else											\
		value_ = BPF_CORE_READ(pointer_, member);					\
	value_;											\
})

/* The pointer that lies at a place in kernel memory, as a number: the first word of whatever structure begins with a number. */
#define pointer_at(place)									\
({												\
	typeof(place) place_ = (place);								\
	typeof(*place_) found_ = NULL;								\
	if (bpf_rdonly_cast)									\
		found_ = (void *)field((struct timespec64 *)place_, tv_sec);			\
	else											\
		bpf_probe_read_kernel(&found_, sizeof(found_), place_);				\
	found_;											\
})

#endif
