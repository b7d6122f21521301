/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What processes leave with the kernel for each other, in no file: messages, semaphores, keys, BPF maps, the kernel's log, the
 * host's name; and what they put into the kernel itself. The same in all front-ends, which say only when.
 */
#ifndef HEADWATER_IPC_H
#define HEADWATER_IPC_H

#include "flow.h"
#include "read.h"
#include "objects.h"
#include "actors.h"
#include "shared.h"
#include "namespaces.h"
#include "paths.h"

/* The process puts something into an object of this class. */
static __noinline int put_class(struct actor *who, u32 class, u32 number, u32 scope, u32 op)
{
	struct inode_object *object;

	if (!who)
		return 0;
	if (class == OBJECT_HOST_NAME)
		host_named = 1;
	object = class_object(class, NUMBERED | number, scope);
	if (!object)
		return 0;
	put_out(who, object, op, 0, 0, -1);
	return 0;
}

/* The process has taken something out of it. */
static __noinline int take_class(struct actor *who, u32 class, u32 number, u32 scope, u32 op)
{
	struct inode_object *object;

	if (!who)
		return 0;
	object = class_object(class, NUMBERED | number, scope);
	if (object)
		flow_to_process(&object->object, who->process, op, 0, 0, -1, who->id);
	return 0;
}

/* ---- System V ---- */

/* ipc.h, sem.h: commands of semctl(2). Those above IPC_64 are the same with that bit. */
#define IPC_64 0x100
#define IPC_RMID 0
#define IPC_STAT 2
#define GETPID 11
#define GETVAL 12
#define GETALL 13
#define GETNCNT 14
#define GETZCNT 15
#define SETVAL 16
#define SETALL 17
#define SEM_STAT 18

static __always_inline bool sets_semaphores(u32 command)
{
	command &= ~IPC_64;
	return command == SETVAL || command == SETALL;
}

static __always_inline bool gets_semaphores(u32 command)
{
	command &= ~IPC_64;
	return command >= GETPID && command <= GETZCNT;
}

/* A wait for zero changes nothing; a semop(2) of more operations than are looked at is taken to change something. */
#define SEMOPS_READ 8

struct semaphore_operation {
	u16 number;
	__s16 change;
	u16 flags;
};

static __always_inline bool changes_semaphores(const void *operations, u64 count)
{
	struct semaphore_operation one;
	u32 i;

	for (i = 0; i < SEMOPS_READ; i++) {
		if (i >= count)
			return false;
		if (bpf_probe_read_user(&one, sizeof(one), operations + i * sizeof(one)) || one.change)
			return true;
	}
	return true;
}

/* ---- keys ---- */

/* uapi/linux/keyctl.h */
#define KEYCTL_UPDATE 2
#define KEYCTL_DESCRIBE 6
#define KEYCTL_READ 11
#define KEYCTL_INSTANTIATE 12
#define KEYCTL_INSTANTIATE_IOV 20

/* ---- BPF maps and programs ---- */

/* uapi/linux/bpf.h: enum bpf_cmd */
#define BPF_MAP_LOOKUP_ELEM 1
#define BPF_MAP_UPDATE_ELEM 2
#define BPF_MAP_DELETE_ELEM 3
#define BPF_MAP_GET_NEXT_KEY 4
#define BPF_PROG_LOAD 5
#define BPF_MAP_LOOKUP_AND_DELETE_ELEM 21
#define BPF_MAP_LOOKUP_BATCH 24
#define BPF_MAP_LOOKUP_AND_DELETE_BATCH 25
#define BPF_MAP_UPDATE_BATCH 26
#define BPF_MAP_DELETE_BATCH 27

static __always_inline bool is_map_batch(u32 command)
{
	return command >= BPF_MAP_LOOKUP_BATCH && command <= BPF_MAP_DELETE_BATCH;
}

static __always_inline bool puts_into_map(u32 command)
{
	return command == BPF_MAP_UPDATE_ELEM || command == BPF_MAP_DELETE_ELEM || command == BPF_MAP_UPDATE_BATCH ||
	       command == BPF_MAP_DELETE_BATCH;
}

static __always_inline bool takes_from_map(u32 command)
{
	return command == BPF_MAP_LOOKUP_ELEM || command == BPF_MAP_GET_NEXT_KEY ||
	       command == BPF_MAP_LOOKUP_AND_DELETE_ELEM || command == BPF_MAP_LOOKUP_BATCH ||
	       command == BPF_MAP_LOOKUP_AND_DELETE_BATCH;
}

/* Where a command's attributes have the descriptor of the map: union bpf_attr. */
static __always_inline u32 map_descriptor_at(u32 command)
{
	return is_map_batch(command) ? 36 : 0;
}

/* The id of the map that is open under `fd`; 0 if none is. */
static __always_inline u32 map_id(u32 fd)
{
	struct file *file = file_of(bpf_get_current_task_btf(), fd);
	struct bpf_map *map = file ? map_of_file(file) : NULL;

	return map ? BPF_CORE_READ(map, id) : 0;
}

/* ---- the kernel itself ---- */

/* uapi of syslog(2): the actions that give out what is in the log */
#define SYSLOG_ACTION_READ 2
#define SYSLOG_ACTION_READ_CLEAR 4

/*
 * The host's name is asked for by every other program, so it is an object only once somebody has set it: before, it joins
 * nothing.
 */
static __noinline int take_host_name(struct actor *who)
{
	struct inode_key key = object_key(OBJECT_HOST_NAME, NUMBERED, host_namespace());
	struct inode_object *object;

	if (!who)
		return 0;
	object = bpf_map_lookup_elem(&inodes, &key);
	if (object)
		flow_to_process(&object->object, who->process, OP_READ, 0, 0, -1, who->id);
	return 0;
}

/* Before unshare(flags): the name goes with the process into a new namespace, which begins with it. */
static __noinline int host_name_leaves(struct actor *who, u64 flags)
{
	return host_named && flags & CLONE_NEWUTS ? take_host_name(who) : 0;
}

/* After it. */
static __noinline int host_name_arrives(struct actor *who, u64 flags)
{
	return host_named && flags & CLONE_NEWUTS ? put_class(who, OBJECT_HOST_NAME, 0, host_namespace(), OP_WRITE) : 0;
}

/* Something goes into the kernel at the process's word: out of `file` if there is one, else out of its memory. */
static __noinline int load_into_kernel(struct actor *who, struct file *file, u32 loaded)
{
	struct inode_object *object;

	if (!who)
		return 0;
	if (file) {
		object = file_object(file, field(file, f_inode));
		if (object)
			flow_to_process(&object->object, who->process, OP_LOAD_FILE, 0, loaded, -1, who->id);
	}
	object = class_object(OBJECT_KERNEL, NUMBERED, 0);
	if (!object)
		return 0;
	put_out_always(who, object, OP_LOAD, loaded);
	return 0;
}

/* ---- mounts: in the caller's words ---- */

#define FSCONFIG_SET_STRING 1

static __noinline int record_mount(struct actor *who, struct paths_call *names)
{
	if (!who || !names)
		return 0;
	names->op = OP_MOUNT;
	names->task = who->id;
	names->process = who->process->object.id;
	if (who->process->mapped)
		share_in(who->process, who->id);
	record_paths(names);
	return 0;
}

/* True if the word in user memory is "source": the name of fsconfig(2)'s parameter. */
static __always_inline bool is_source(const void *word)
{
	u64 bytes = 0;

	return bpf_probe_read_user(&bytes, 7, word) == 0 && bytes == 0x656372756f73ULL;
}

/* The arguments of a call that mounts, as the registers have them; `number` is that of the call. */
static __noinline int mounted(struct actor *who, struct pt_regs *regs, u32 number)
{
	struct paths_call names = {
		.from = { .directory = AT_FDCWD },
		.to = { .directory = AT_FDCWD },
	};
	char first = 0;

	switch (number) {
	case 165:	/* mount(source, target, …) */
		names.from.path = (const char *)field(regs, di);
		names.to.path = (const char *)field(regs, si);
		break;
	case 166:	/* umount2(target, flags) */
	case 167:	/* swapon(path, flags) */
		names.to.path = (const char *)field(regs, di);
		break;
	case 155:	/* pivot_root(new_root, put_old) */
		names.from.path = (const char *)field(regs, di);
		names.to.path = (const char *)field(regs, si);
		break;
	case 429:	/* move_mount(from_dir, from, to_dir, to, flags) */
		names.from.directory = field(regs, di);
		names.from.path = (const char *)field(regs, si);
		names.to.directory = field(regs, dx);
		names.to.path = (const char *)field(regs, r10);
		/* What fsmount(2) made has no path. */
		bpf_probe_read_user(&first, 1, names.from.path);
		if (!first)
			names.from.path = NULL;
		break;
	case 431:	/* fsconfig(fd, command, key, value, …) */
		if (field(regs, si) != FSCONFIG_SET_STRING || !is_source((const void *)field(regs, dx)))
			return 0;
		names.from.path = (const char *)field(regs, r10);
		break;
	default:
		return 0;
	}
	return record_mount(who, &names);
}

#endif
