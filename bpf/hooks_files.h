/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Files: opened, read, written, mapped, cut.
 *
 * Writes are reported by file_permission, which every form of write passes before it moves a byte (write, pwrite, writev,
 * aio, io_uring, sendfile, copy_file_range, fallocate). Reads pass it too, but *before* the call waits for data and
 * takes it: what another process writes meanwhile would be taken unseen. So reads are reported once more after the
 * bytes were taken, where each form of read returns: vfs_read, vfs_readv, __io_read, aio_read, iterate_dir. The earlier
 * report is kept for files that do not wait, as the net under the later one, which is a tracing program: the kernel
 * skips such a program while a task that it interrupted stands in it on the same CPU, and counts that as
 * recursion_misses. For pipes, sockets and terminals the earlier report would claim what was not read: there is none;
 * instead the task remembers what it asked for until the later hook clears it, and if that was skipped, the next flow
 * out of the task finds it and reports it first (catch_up).
 */
#ifndef HEADWATER_HOOKS_FILES_H
#define HEADWATER_HOOKS_FILES_H

#include "attributes.h"
#include "hook_flows.h"
#include "watches.h"
#include "rings.h"

/* What it does, it did before, or it is nobody's business. */
static __always_inline bool file_asked_in_passing(unsigned long long *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	volatile struct conclusion *place = conclusion_place(task->pid);
	struct file *file = (void *)ctx[0];
	u64 drawn = place->drawn, found = holds_of(place, drawn, task);

	return found == REPEATS ? repeats(place, drawn, file, (u32)ctx[1]) : passes_file_by(task, file, found);
}

FILE_HOOK(file_asked_in_passing, file_permission, struct file *file, int mask)
{
	u64 changes = conclusions_changed;
	struct actor who;
	struct inode *inode;
	u32 type;

	if (!acts_within(&who))
		return;
	inode = field(file, f_inode);
	type = type_of(inode);
	/* The kernel looks at a program before it runs it: execution and mappings are reported as such. */
	if (field(file, f_flags) & O_EXECUTE)
		return;
	if (in_copy(&who)) {
		copy_asks(&who, file, mask);
		return;
	}
	if (only_looks(&who, file, changes))
		return;
	/* What is sent has to pass socket_sendmsg, where the address is known. */
	if (mask & (MAY_WRITE | MAY_APPEND) && type != S_IFSOCK)
		put_into(&who, file);
	if (mask & MAY_READ && (type == S_IFREG || type == S_IFBLK || type == S_IFDIR))
		take_from(&who, file);
	if (mask & MAY_READ && type != S_IFDIR)
		reading_begins(&who, held_inode(file, inode), type == S_IFSOCK ? OP_RECEIVE : OP_READ);
	/* Anonymous files share an inode without a type. (From 6.16 on it has one; then the report above is the net.) */
	if (!type && mask & MAY_READ)
		special_key(file, inode, &who.task->under_way.reading);
}

static __noinline int was_read(struct file *file, s64 taken)
{
	struct actor who;

	if (!actor_within(&who))
		return 0;
	reading_ends(&who);
	if (taken > 0 && take_from(&who, file) && is_watching(file))
		watch_read(&who, file);
	return 0;
}

static __always_inline int read_file(struct file *file, s64 taken)
{
	struct task_struct *task = bpf_get_current_task_btf();
	volatile struct conclusion *place = conclusion_place(task->pid);
	u64 drawn = place->drawn, found = holds_of(place, drawn, task);

	if (found == REPEATS ? repeated(place, drawn, file, taken) : passes_file_by(task, file, found))
		return 0;
	return was_read(file, taken);
}

/* The file of a request is none that every verifier lets one look into. */
static __always_inline int read_by_request(struct file *file)
{
	return passes_by(bpf_get_current_task_btf()) ? 0 : was_read(file, 1);
}

AFTER(vfs_read, struct file *file, char *buffer, u64 count, s64 *position, s64 taken)
{
	return read_file(file, taken);
}

AFTER(vfs_readv, struct file *file, const void *vector, u64 vectors, s64 *position, int flags, s64 taken)
{
	return read_file(file, taken);
}

/* io_uring tells by other means than the result whether bytes were taken: assumed. */
AFTER(__io_read, struct io_kiocb *request)
{
	return read_by_request(field(request, file));
}

AFTER(aio_read, struct kiocb *request)
{
	return read_by_request(field(request, ki_filp));
}

AFTER(iterate_dir, struct file *file, void *context, int result)
{
	return read_file(file, result >= 0);
}

/*
 * Fires when the inode is known and the mode of the open file is complete. A file that this very open made has been
 * introduced by d_instantiate, except on file systems that make and open it in one step.
 */
static __always_inline bool file_opened_in_passing(unsigned long long *ctx)
{
	return opens_and_passes_by(bpf_get_current_task_btf(), (void *)ctx[0]);
}

FILE_HOOK(file_opened_in_passing, file_open, struct file *file)
{
	struct inode_object *object;
	struct inode *inode;
	struct actor who;
	u32 mode;

	if (!acts_within(&who))
		return;
	inode = field(file, f_inode);
	mode = field(file, f_mode);
	if (mode & FMODE_CREATED && who.task->under_way.opened_new != (u64)field(file, f_path.dentry)) {
		struct inode_key key = inode_key(inode);

		object = introduce_inode(&key, inode, FLAG_CREATED);
		if (!object)
			return;
		name_file(object, file, 0);
		opened_by(&who, object);
		put_out(&who, object, OP_CREATE, 0, mode, 0);
		return;
	}
	met_device(inode);
	object = object_behind(file, inode);
	if (!object)
		return;
	name_file(object, file, 0);
	/* A program is executed, not opened. */
	if (!(field(file, f_flags) & O_EXECUTE))
		opened_by(&who, object);
	if (is_opaque_file(inode, mode))
		leave(&who, object);
	else if (mode & FMODE_CREATED)
		who.task->under_way.opened_new = 0;
	else if (mode & FMODE_READ && type_of(inode) == S_IFREG && !(field(file, f_flags) & O_EXECUTE))
		flow_to_process(&object->object, who.process, OP_OPEN, 0, mode, 0, who.id);
}

/* Numbers of terminals are given out again: a master's opening makes a new one. file_open comes before the terminal is there. */
AFTER(ptmx_open, struct inode *inode, struct file *file, int result)
{
	struct inode_key key;
	struct inode *slave;
	struct actor who;

	if (result || !actor(&who))
		return 0;
	slave = held_inode(file, inode);
	if (slave == inode)
		return 0;
	key = inode_key(slave);
	introduce_inode(&key, slave, FLAG_CREATED);
	bpf_map_delete_elem(&attributes, &key);
	return 0;
}

/* truncate(2); up to Linux 6.1 also ftruncate(2) and open(2) with O_TRUNC, which have a hook of their own since. */
HOOK(path_truncate, struct path *path)
{
	struct inode_object *object;
	struct dentry *dentry;
	struct actor who;

	if (!acts(&who))
		return;
	dentry = field(path, dentry);
	object = inode_object(field(dentry, d_inode));
	if (!object)
		return;
	if (!object->name)
		name_inode(object, dentry, field(path, mnt), 0);
	put_out(&who, object, OP_TRUNCATE, 0, 0, -1);
}

HOOK(file_truncate, struct file *file)
{
	struct actor who;
	struct inode_object *object = acts_on(&who, file);

	if (object)
		put_out(&who, object, OP_TRUNCATE, 0, 0, -1);
}

/* A mapping gives access from now on; what is loaded and stored through it later is not seen. */
static __noinline int map_file(struct file *file, u32 protection, u32 flags)
{
	struct inode_object *object;
	struct inode_key key;
	struct actor who;

	if (!acts(&who))
		return 0;
	/* By the flags: there is no file then, but some verifiers take the hook's word that there is, and drop a test for NULL. */
	if (flags & MAP_ANONYMOUS) {
		if (flags & MAP_SHARED)
			remember_anonymous(who.process);
		return 0;
	}
	if (!file)
		return 0;
	if (flags & MAP_SHARED && is_segment(file)) {
		u32 access = field(file, f_mode) & FMODE_WRITE ? 0 : SHM_RDONLY;

		return segment_attached(&who, field(field(file, f_inode), i_ino),
					ipc_namespace(), !access, access);
	}
	object = file_object(file, field(file, f_inode));
	if (!object)
		return 0;
	if (fuse_met)
		fuse_source(file, field(file, f_inode), object, who.id);
	if (!(flags & MAP_SHARED)) {
		flow_to_process(&object->object, who.process, OP_MMAP_PRIVATE, 0, protection, 0, who.id);
		return 0;
	}
	flow_to_process(&object->object, who.process, OP_MMAP_SHARED, 0, protection, 0, who.id);
	if (type_of(field(file, f_inode)) == S_IFCHR && field(field(file, f_inode), i_rdev) == DEV_ZERO) {
		remember_anonymous(who.process);
		return 0;
	}
	if (protection & PROT_WRITE)
		put_out(&who, object, OP_MMAP_WRITE, 0, protection, 0);
	if (mapped_key(file, field(file, f_inode), &key))
		remember_mapping(who.process, &key, is_writable(file));
	if (is_packet_socket(file, field(file, f_inode)))
		ring_mapped(who.process, file);
	return 0;
}

SEC("lsm/mmap_file")
int BPF_PROG(lsm_mmap_file, struct file *file, u64 asked, u64 protection, u64 flags)
{
	u64 before = unwritten_so_far();

	if (refuse_at_once())
		return -EAGAIN;
	map_file(file, protection, flags);
	return verdict_since(before);
}

SEC("fexit/security_mmap_file")
int BPF_PROG(fexit_mmap_file, struct file *file, u64 protection, u64 flags, int verdict)
{
	return verdict ? 0 : map_file(file, protection, flags);
}

/* A shared mapping that becomes writable. */
HOOK(file_mprotect, struct vm_area_struct *vma, u64 asked, u64 protection)
{
	struct file *file;

	if (!(protection & PROT_WRITE) || !(vma_flags(vma) & VM_SHARED))
		return;
	file = field(vma, vm_file);
	if (file)
		map_file(file, protection, MAP_SHARED);
}

#endif
