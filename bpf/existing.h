/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What was there before the capture began, read in by iterators: tasks, their open files, their mappings. Run once the
 * hooks are attached, so that nothing falls between; what both report is the same object.
 */
#ifndef HEADWATER_EXISTING_H
#define HEADWATER_EXISTING_H

#include "actors.h"
#include "processes.h"
#include "sockets.h"
#include "rings.h"

static __always_inline bool wanted(struct task_struct *task)
{
	u32 tgid = control.adopt_tgid;

	/* All that are in the tree: after a change of the policy. */
	if (tgid == ALL_FOLLOWED)
		return config.whole_system || task_state(task, 0);
	return tgid ? task->tgid == tgid : config.whole_system;
}

SEC("iter/task")
int existing_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_state *leader;

	if (!task || !wanted(task))
		return 0;
	if (control.adopt_tgid && control.adopt_tgid != ALL_FOLLOWED) {
		/* A command that Headwater itself has started, to follow it. */
		struct task_state *state = task_state(task, 0);

		if (state) {
			state->opaque = 0;
			conclusions_change();
		}
	}
	leader = judged(task);
	if (!leader || !is_selected(leader->verdict))
		return 0;
	if (!leader->read_in)
		leader->read_in = control.run;
	adopt(task, FLAG_BEFORE);
	return 0;
}

/* Only where the walk ends, without its text. */
static long walk_to_root(u32 level, struct walk *walk)
{
	return walk_step(walk, 0, 0);
}

/* What Headwater itself sees as "/", before anything is reported. */
SEC("iter/task")
int root_of_headwater(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct walk walk = {};

	if (!task || task->pid != config.self)
		return 0;
	walk.dentry = BPF_CORE_READ(task, fs, root.dentry);
	walk.vfsmount = BPF_CORE_READ(task, fs, root.mnt);
	bpf_loop(NAME_LEVELS, walk_to_root, &walk, 0);
	own_root = (u64)walk.root;
	return 0;
}

/* What Headwater holds open under this descriptor, else 0: that tells the inode, whatever stat(2) would say. */
static __always_inline struct file *held_file(struct bpf_iter__task_file *ctx, int fd)
{
	struct task_struct *task = ctx->task;

	return task && task->tgid == config.self && ctx->fd == fd ? ctx->file : 0;
}

/* Headwater holds the file that makes opaque open. */
SEC("iter/task_file")
int opaque_file(struct bpf_iter__task_file *ctx)
{
	struct file *file = held_file(ctx, opaque_request.fd);
	struct inode_key key;

	if (!file)
		return 0;
	key = inode_key(file->f_inode);
	opaque_key.dev = key.dev;
	opaque_key.generation = key.generation;
	opaque_key.ino = key.ino;
	return 0;
}

/* Headwater holds a directory open that rules of lines name: what the kernel knows it by. */
SEC("iter/task_file")
int line_directory(struct bpf_iter__task_file *ctx)
{
	struct file *file = held_file(ctx, line_request.fd);
	struct inode_key key;

	if (!file)
		return 0;
	key = inode_key(file->f_inode);
	line_request.dev = key.dev;
	line_request.directory = key.ino;
	return 0;
}

/* Other logs are to be annotated: what is open already is looked at again under the name that it has. */
SEC("iter/task_file")
int line_files(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct inode_object *object;
	struct name_place place = {};
	struct inode_key key;
	struct inode *inode;

	if (!ctx->task || !file)
		return 0;
	inode = file->f_inode;
#ifdef BYTES_BELOW
	inode = inode_below(file, inode);
#endif
	key = inode_key(inode);
	object = bpf_map_lookup_elem(&inodes, &key);
	if (!object)
		return 0;
	place.dentry = (u64)field(file, f_path.dentry);
	if (may_be_log(&object->object) && annotate(object->object.id, &place))
		is_log(object);
	return 0;
}

/* The policy has changed. Run over any one task. */
SEC("iter/task")
int policy_changed(struct bpf_iter__task *ctx)
{
	if (ctx->task)
		conclusions_change();
	return 0;
}

/* The process that marking_request names is marked, recorded or not. */
SEC("iter/task")
int mark_process(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct marking marking = {};
	struct task_state *state, *leader;

	if (!task || task->tgid != marking_request.process || task->pid != task->tgid || task->tgid == config.self)
		return 0;
	/* In a capture of one tree, what has no state does not belong to it. */
	state = task_state(task, config.whole_system ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0);
	if (!state || state->opaque)
		return 0;
	marking.taint = marking_request.marking.taint;
	marking.set = marking_request.marking.set;
	marking.clear = marking_request.marking.clear;
	if (marking.set | marking.clear | marking.taint) {
		change_marks(&state->process.object, &marking, 0);
		take_verdict_back(state);
		conclusions_change();
	}
	leader = judged(task);
	marking_request.recorded = leader && leader->verdict == policy.selected && !has_kind(policy.kinds, KIND_PROCESS_MEMORY);
	marking_request.marks = state->process.object.marks & MARKS_TOLD;
	marking_request.taint = state->process.object.taint;
	marking_request.done = 1;
	return 0;
}

/* Keeps the marks of a file, met or not. False if there is no room. */
static __always_inline bool keep_marks(struct marked_key *key, struct marking *marking)
{
	struct marking *before = bpf_map_lookup_elem(&marked_inodes, key);

	if (!(marking->set | marking->clear | marking->taint)) {
		if (before)
			*marking = *before;
		return true;
	}
	if (before) {
		marking->set |= before->set & ~marking->clear;
		marking->taint |= before->taint;
	}
	marking->clear = 0;
	if (!(marking->set | marking->taint)) {
		bpf_map_delete_elem(&marked_inodes, key);
		return true;
	}
	return !bpf_map_update_elem(&marked_inodes, key, marking, BPF_ANY);
}

static __always_inline void describe_file_system(struct inode *inode)
{
	struct super_block *sb = field(inode, i_sb);

	bpf_probe_read_kernel((void *)marking_request.uuid, sizeof(marking_request.uuid), &sb->s_uuid);
	bpf_probe_read_kernel_str((void *)marking_request.type, sizeof(marking_request.type), BPF_CORE_READ(sb, s_type, name));
}

/* What its owner's being a target will give a file when it is met. */
static __always_inline void add_owner(struct marking *marks, struct inode *inode)
{
	u32 kind;

	if (!(policy.targets & TARGETS_OF_FILES))
		return;
	for (kind = TARGET_USER; kind <= TARGET_GROUP; kind++) {
		struct marking *target = owner_marking(inode, kind);

		if (!target)
			continue;
		marks->set |= target->set;
		marks->taint |= target->taint;
	}
}

/* The file that Headwater has open under the descriptor in marking_request is marked, met or not. */
SEC("iter/task_file")
int mark_file(struct bpf_iter__task_file *ctx)
{
	struct file *file = held_file(ctx, marking_request.fd);
	struct marking marking = {};
	struct inode_object *object;
	struct marked_key marked;
	struct inode_key key;
	struct inode *inode;

	if (!file)
		return 0;
	inode = file->f_inode;
#ifdef BYTES_BELOW
	inode = inode_below(file, inode);
#endif
	key = inode_key(inode);
	marked_key(&marked, inode);
	marking.taint = marking_request.marking.taint;
	marking.set = marking_request.marking.set;
	marking.clear = marking_request.marking.clear;
	if (marking.set & MARK_TRACKED)
		number_tracked(marked.ino);
	object = bpf_map_lookup_elem(&inodes, &key);
	if (object)
		change_marks(&object->object, &marking, 0);
	marking_request.done = keep_marks(&marked, &marking) ? 1 : 2;
	if (!object)
		add_owner(&marking, inode);
	/* What it bears itself may have come by spreading. */
	marking_request.marks = object ? object->object.marks & MARKS_TOLD : marking.set;
	marking_request.taint = object ? object->object.taint : marking.taint;
	marking_request.key.file_system = marked.file_system;
	marking_request.key.ino = marked.ino;
	marking_request.key.generation = marked.generation;
	describe_file_system(inode);
	return 0;
}

/* Where a security module keeps its own in struct cred, and what SELinux calls a context. */
SEC("iter/task")
int security_module(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct cred_security_struct *of_cred;
	struct task_security_struct *of_task;
	u32 offset = 0;

	if (!task || task->tgid != config.self || task->pid != security_request.thread)
		return 0;
	if (bpf_probe_read_kernel(&offset, sizeof(offset), (void *)security_request.sizes))
		return 0;
	security_request.offset = offset;
	if (security_request.module != SECURITY_SELINUX)
		return 0;
	of_cred = BPF_CORE_READ(task, cred, security) + offset;
	of_task = (void *)of_cred;
	if (bpf_core_field_exists(of_cred->create_sid))
		security_request.created = BPF_CORE_READ(of_cred, create_sid);
	else if (bpf_core_field_exists(of_task->create_sid))
		security_request.created = BPF_CORE_READ(of_task, create_sid);
	return 0;
}

/* An open file may have been read already: a flow, as if it had been opened just now. */
SEC("iter/task_file")
int existing_files(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct task_state *state;
	struct inode_object *object;
	struct inode *inode;
	u32 mode;

	if (!task || !file || !wanted(task) || task->pid != task->tgid)
		return 0;
	state = task_state(task, 0);
	if (!state || !state->object.id || state->read_in != control.run)
		return 0;
	inode = file->f_inode;
	met_device(inode);
#ifdef BYTES_BELOW
	if (is_overlay(inode))
		overlay_met();
#endif
	object = file_object(file, inode);
	if (!object)
		return 0;
	mode = inode->i_mode & S_IFMT;
	if (mode == S_IFSOCK) {
		struct socket *socket = socket_of(file);

		join(object, inode, BPF_CORE_READ(socket, sk), state->object.id, OP_NONE);
	}
	if (file->f_mode & FMODE_READ && mode == S_IFREG)
		flow_to_process(&object->object, &state->process, OP_OPEN, FLAG_BEFORE, file->f_mode, 0,
				state->object.id);
	return 0;
}

static __always_inline unsigned long vma_flags(struct vm_area_struct *vma)
{
	struct vm_area_struct___7 *newer = (void *)vma;

	if (bpf_core_field_exists(vma->vm_flags))
		return BPF_CORE_READ(vma, vm_flags);
	return BPF_CORE_READ(newer, __vm_flags);
}

SEC("iter/task_vma")
int existing_mappings(struct bpf_iter__task_vma *ctx)
{
	struct task_struct *task = ctx->task;
	struct vm_area_struct *vma = ctx->vma;
	struct task_state *state;
	struct inode_object *object;
	struct inode *inode;
	struct inode_key key;
	struct file *file;
	unsigned long flags;

	if (!task || !vma || !wanted(task) || task->pid != task->tgid)
		return 0;
	file = BPF_CORE_READ(vma, vm_file);
	if (!file)
		return 0;
	state = task_state(task, 0);
	if (!state || !state->object.id || state->read_in != control.run)
		return 0;
	inode = field(file, f_inode);
	object = file_object(file, inode);
	if (!object)
		return 0;
	struct actor who = { .task = state, .process = &state->process, .id = state->object.id };

	flags = vma_flags(vma);
	if (flags & VM_SHARED && is_segment(file)) {
		segment_attached(&who, field(inode, i_ino), ipc_namespace_of(task), flags & VM_WRITE, 0);
		return 0;
	}
	if (flags & VM_SHARED) {
		flow_to_process(&object->object, &state->process, OP_MMAP_SHARED, FLAG_BEFORE, flags, 0,
				state->object.id);
		if (flags & VM_WRITE)
			put_out(&who, object, OP_MMAP_WRITE, FLAG_BEFORE, flags, 0);
		if (mapped_key(file, inode, &key))
			remember_mapping(&state->process, &key, is_writable(file));
		if (is_packet_socket(file, inode))
			ring_mapped(&state->process, file);
	} else {
		flow_to_process(&object->object, &state->process, OP_MMAP_PRIVATE, FLAG_BEFORE, flags, 0,
				state->object.id);
	}
	return 0;
}

#endif
