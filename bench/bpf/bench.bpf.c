/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What dev/bench measures against. `introduce` and `fill` are run by BPF_PROG_TEST_RUN and fill the rings of real CPUs
 * through the flow core itself; the empty programs are the floor that any program at their hook has to pay.
 */
#include "shared.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Everything is recorded here. */
__noinline int admitted(struct object *object)
{
	return object != NULL;
}

#define FILES 64	/* a power of two */
#define S_IFREG 0100000

/* One process on each CPU; the files are shared, so that what one CPU writes another reads. */
struct made_up_process {
	u64 task;
	u64 turn;
	struct process process;
};

struct made_up_files {
	struct inode_object file[FILES];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CPUS_MAX);
	__type(key, u32);
	__type(value, struct made_up_process);
} made_up_processes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct made_up_files);
} made_up_files SEC(".maps");

static __always_inline struct made_up_process *process_here(void)
{
	u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&made_up_processes, &cpu);
}

static __always_inline struct made_up_files *files(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&made_up_files, &zero);
}

static __always_inline void introduce_file(struct inode_object *file, u32 number)
{
	struct lane *here = lane();
	struct inode_record *r;

	if (!here)
		return;
	r = record_open(struct inode_record, RECORD_INODE);
	if (!r)
		return;
	file->object.id = next_id(&here->objects);
	file->object.state = next_id(&here->states);
	r->head.object = file->object.id;
	r->head.state = file->object.state;
	r->ino = number + 1;
	r->dev = 1;
	r->generation = 1;
	r->mode = S_IFREG | 0644;
	r->uid = 0;
	r->gid = 0;
	r->links = 1;
	record_close(r);
}

static __always_inline void introduce_process(struct made_up_process *made_up)
{
	struct lane *here = lane();
	struct task_record *r;

	if (!here)
		return;
	r = record_open(struct task_record, RECORD_TASK);
	if (!r)
		return;
	__builtin_memset((void *)r + sizeof(r->head), 0, sizeof(*r) - sizeof(r->head));
	made_up->task = next_id(&here->objects);
	made_up->process.object.id = next_id(&here->objects);
	made_up->process.object.state = next_id(&here->states);
	r->head.object = made_up->task;
	r->head.state = made_up->process.object.state;
	r->process = made_up->process.object.id;
	r->tid = r->tgid = r->vpid = 1000 + bpf_get_smp_processor_id();
	record_close(r);
}

/* Introduces this CPU's process and, if asked, the files. */
SEC("raw_tp")
int BPF_PROG(introduce, u64 with_files)
{
	struct made_up_process *made_up = process_here();
	struct made_up_files *all = files();
	int i;

	if (!made_up || !all)
		return 0;
	introduce_process(made_up);
	if (with_files)
		for (i = 0; i < FILES; i++)
			introduce_file(&all->file[i], i);
	return 0;
}

/* In turn: reads a file, writes the same file. Each makes a state that the other side has not seen, so each is recorded. */
static long step(u32 index, void *unused)
{
	struct made_up_process *made_up = process_here();
	struct made_up_files *all = files();
	struct inode_object *file;
	u64 turn;

	if (!made_up || !all)
		return 1;
	turn = made_up->turn++;
	file = &all->file[turn >> 1 & (FILES - 1)];
	if (turn & 1)
		flow_to_inode(&made_up->process.object, file, OP_WRITE, 0, 0, turn, made_up->task);
	else
		flow_to_process(&file->object, &made_up->process, OP_READ, 0, 0, turn, made_up->task);
	return 0;
}

/* As step, but all it does is look up what step looks up: the cost of the loop. */
static long no_step(u32 index, void *unused)
{
	struct made_up_process *made_up = process_here();
	struct made_up_files *all = files();

	if (!made_up || !all)
		return 1;
	made_up->turn++;
	return 0;
}

SEC("raw_tp")
int BPF_PROG(fill, u64 records)
{
	bpf_loop(records, step, NULL, 0);
	return 0;
}

SEC("raw_tp")
int BPF_PROG(loop, u64 turns)
{
	bpf_loop(turns, no_step, NULL, 0);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(empty_sys_exit)
{
	return 0;
}

SEC("lsm/file_permission")
int BPF_PROG(empty_file_permission)
{
	return 0;
}

SEC("fexit/vfs_read")
int BPF_PROG(empty_vfs_read)
{
	return 0;
}
