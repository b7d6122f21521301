/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What the iterators of BPF are handed. See kernel.h. */
#ifndef HEADWATER_KERNEL_ITERATORS_H
#define HEADWATER_KERNEL_ITERATORS_H

#include "files.h"
#include "tasks.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

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

#endif
