/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * A program of each front-end's sort that does nothing but use what the front-ends rest on: whether the kernel takes one can be asked
 * without the front-end's own object, which takes a hundred times as long to load. Never attached.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u64);
} probed_tasks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} probed_ring SEC(".maps");

static long probe_step(u32 i, u64 *sum)
{
	*sum += i;
	return 0;
}

static __always_inline int probe(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u64 *kept = bpf_task_storage_get(&probed_tasks, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE), sum = 0, *place;

	bpf_probe_read_kernel(&sum, sizeof(sum), (void *)bpf_task_pt_regs(task));
	bpf_loop(4, probe_step, &sum, 0);
	if (kept)
		*kept = sum;
	place = bpf_ringbuf_reserve(&probed_ring, sizeof(*place), 0);
	if (place)
		bpf_ringbuf_discard(place, BPF_RB_NO_WAKEUP);
	return 0;
}

SEC("lsm/file_permission")
int probe_lsm(void *ctx)
{
	return probe();
}

SEC("fexit/security_file_permission")
int probe_fexit(void *ctx)
{
	return probe();
}

SEC("tp_btf/sched_process_exit")
int probe_trace(void *ctx)
{
	return probe();
}
