/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Attributes of inodes: set, asked for, taken away. A change is reported by its LSM hook, before it can be seen. What is asked for
 * is reported by the hook before, and once more after it was taken, as the function that takes it returns; as long as no
 * followed process has changed any attribute, both cost one load.
 */
#ifndef HEADWATER_HOOKS_ATTRIBUTES_H
#define HEADWATER_HOOKS_ATTRIBUTES_H

#include "hook.h"
#include "attributes.h"
#include "words.h"
#include "hooks_files.h"

/* include/linux/fs.h: what of a change is the caller's own choice. A size is a truncation; the time now is nobody's choice. */
#define ATTR_MODE 0x1
#define ATTR_UID 0x2
#define ATTR_GID 0x4
#define ATTR_ATIME_SET 0x80
#define ATTR_MTIME_SET 0x100
#define ATTR_CHOSEN (ATTR_MODE | ATTR_UID | ATTR_GID | ATTR_ATIME_SET | ATTR_MTIME_SET)

static __always_inline int change(struct dentry *dentry, u32 op, u32 how, const char *name)
{
	struct actor who;

	if (!acts(&who))
		return 0;
	if (name && (!policy.partial || is_recorded_now())) {
		struct word_record *r = record_open(struct word_record, RECORD_WORD);

		if (r) {
			long length = bpf_probe_read_kernel_str(r->text, WORD_BYTES, name);

			r->head.object = who.id;
			r->head.arg = length > 0 ? length : 0;
			record_close(r);
		}
	}
	attributes_change(&who, field(dentry, d_inode), op, how);
	return 0;
}

static __always_inline int asked(struct dentry *dentry, u32 op)
{
	struct actor who;

	if (!attributes_known || !actor(&who))
		return 0;
	attributes_asked(&who, field(dentry, d_inode), op);
	return 0;
}

/* The last two arguments are dentry and change; newer kernels have the mount's mapping of ids before them. */
static __always_inline int inode_changes(void *ctx)
{
	u64 count = bpf_get_func_arg_cnt(ctx);
	u64 dentry = 0, attr = 0;
	u32 valid;

	if (bpf_get_func_arg(ctx, count - 2, &dentry) || bpf_get_func_arg(ctx, count - 1, &attr))
		return 0;
	valid = field((struct iattr *)attr, ia_valid);
	return valid & ATTR_CHOSEN ? change((struct dentry *)dentry, OP_SETATTR, valid & ATTR_CHOSEN, NULL) : 0;
}

SEC("lsm/inode_setattr")
int lsm_inode_setattr(unsigned long long *ctx)
{
	u64 before = unwritten_so_far();

	if (refuse_at_once())
		return -EAGAIN;
	inode_changes(ctx);
	return verdict_since(before);
}

SEC("fexit/security_inode_setattr")
int fexit_inode_setattr(unsigned long long *ctx)
{
	return returned(ctx) ? 0 : inode_changes(ctx);
}

HOOK(inode_setxattr, void *mapping, struct dentry *dentry, const char *name, const void *value, u64 size, int flags)
{
	change(dentry, OP_SETXATTR, 0, name);
}

HOOK(inode_removexattr, void *mapping, struct dentry *dentry, const char *name)
{
	change(dentry, OP_REMOVEXATTR, 0, name);
}

/* From 6.2 on; before, access control lists are set as the extended attributes that they are kept in. */
HOOK(inode_set_acl, void *mapping, struct dentry *dentry, const char *name, void *list)
{
	change(dentry, OP_SETXATTR, 0, name);
}

HOOK(inode_remove_acl, void *mapping, struct dentry *dentry, const char *name)
{
	change(dentry, OP_REMOVEXATTR, 0, name);
}

HOOK(inode_getattr, struct path *path)
{
	if (attributes_known)
		asked(field(path, dentry), OP_GETATTR);
}

HOOK(inode_getxattr, struct dentry *dentry, const char *name)
{
	asked(dentry, OP_GETXATTR);
}

HOOK(inode_get_acl, void *mapping, struct dentry *dentry, const char *name)
{
	asked(dentry, OP_GETXATTR);
}

HOOK(inode_listxattr, struct dentry *dentry)
{
	asked(dentry, OP_LISTXATTR);
}

AFTER(vfs_getattr, struct path *path)
{
	return attributes_known ? asked(field(path, dentry), OP_GETATTR) : 0;
}

AFTER(vfs_getxattr, void *mapping, struct dentry *dentry)
{
	return asked(dentry, OP_GETXATTR);
}

AFTER(vfs_get_acl, void *mapping, struct dentry *dentry)
{
	return asked(dentry, OP_GETXATTR);
}

AFTER(vfs_listxattr, struct dentry *dentry)
{
	return asked(dentry, OP_LISTXATTR);
}

/* access(2) tells of the mode; it walks its path with the caller's real ids, and the hook of that walk is not told why. */

/* The task is in readlink(2) or readlinkat(2). */
static __always_inline bool in_readlink(void)
{
	struct pt_regs *regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	u64 call = BPF_CORE_READ(regs, orig_ax);

	return call == 89 /* readlink */ || call == 267 /* readlinkat */;
}

/*
 * A symbolic link holds its target, which never changes: the hook before is as good as one after. An overlay asks for the link
 * below also when a path only leads through it, which is no flow, as with a directory.
 */
HOOK(inode_readlink, struct dentry *dentry)
{
	struct inode_object *object;
	struct actor who;

	if (!actor(&who) || !in_readlink())
		return;
	object = inode_object(field(dentry, d_inode));
	if (object)
		flow_to_process(&object->object, who.process, OP_READ_LINK, 0, 0, 0, who.id);
}

#endif
