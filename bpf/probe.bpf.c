/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* A program of each front-end's sort that does nothing: whether the kernel takes one can be asked without the front-end's own object. */
#include "kernel.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("lsm/file_permission")
int probe_lsm(void *ctx)
{
	return 0;
}

SEC("fexit/security_file_permission")
int probe_fexit(void *ctx)
{
	return 0;
}

SEC("tp_btf/sched_process_exit")
int probe_trace(void *ctx)
{
	return 0;
}
