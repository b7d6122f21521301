/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Kernel types of what processes share by a number: System V IPC, keys, BPF maps. See kernel.h. */
#ifndef HEADWATER_KERNEL_IPC_H
#define HEADWATER_KERNEL_IPC_H

#include "basics.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

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

#pragma clang attribute pop

#endif
