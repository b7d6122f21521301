/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Directories: entries made, moved, linked and removed.
 *
 * Three kinds of hooks see one such call. path_* comes first and is the only one that is handed the mount, which a name
 * needs: it is kept for the others. inode_* comes when the permissions of the directories have been checked, just before
 * the file system acts: there the flow is reported. The new name is reported when it is true: for a new inode in
 * d_instantiate, before anyone else can find it; for a renamed or linked one after vfs_rename or vfs_link succeeded.
 */
#ifndef HEADWATER_HOOKS_DIRECTORIES_H
#define HEADWATER_HOOKS_DIRECTORIES_H

#include "hook.h"
#include "hooks_files.h"
#include "inodes.h"
#include "actors.h"

static __always_inline void keep_mount(struct path *directory)
{
	struct actor who;

	if (actor(&who))
		who.task->under_way.mount = (u64)field(directory, mnt);
}

HOOK(path_unlink, struct path *directory, struct dentry *dentry)
{
	keep_mount(directory);
}

HOOK(path_rmdir, struct path *directory, struct dentry *dentry)
{
	keep_mount(directory);
}

HOOK(path_mkdir, struct path *directory, struct dentry *dentry, u32 mode)
{
	keep_mount(directory);
}

/* Also when open(2) is about to make a file. */
HOOK(path_mknod, struct path *directory, struct dentry *dentry, u32 mode, u32 device)
{
	keep_mount(directory);
}

HOOK(path_symlink, struct path *directory, struct dentry *dentry, const char *target)
{
	keep_mount(directory);
}

HOOK(path_link, struct dentry *from, struct path *directory, struct dentry *dentry)
{
	keep_mount(directory);
}

HOOK(path_rename, struct path *from_directory, struct dentry *from, struct path *directory,
     struct dentry *dentry, u32 flags)
{
	keep_mount(directory);
}

/* Names a dentry below the mount that was kept; a file system below a stacked one is not below it. */
static __noinline void name_entry(struct actor *who, struct inode_object *object, struct dentry *dentry)
{
	struct vfsmount *mount;

	if (!who || !object)
		return;
	mount = (void *)who->task->under_way.mount;
	if (mount && field(mount, mnt_sb) == field(dentry, d_sb))
		name_inode(object, dentry, mount, 0);
}

/* Reports the name of an inode that is about to lose its entry, or to get one in it, if it has none yet. */
static __always_inline struct inode_object *entry_object(struct actor *who, struct dentry *dentry, struct inode *inode)
{
	struct inode_object *object = inode_object(inode);

	if (object && !object->name)
		name_entry(who, object, dentry);
	return object;
}

/* What a process chooses as a name goes into the directory: whoever lists that has it. */
static __noinline void into_directory(struct actor *who, struct dentry *dentry, struct inode *directory, u32 op)
{
	struct inode_object *object;

	if (!who)
		return;
	if (who->process->mapped)
		share_in(who->process, who->id);
	object = entry_object(who, field(dentry, d_parent), directory);
	if (object)
		put_out(who, object, OP_ENTRY, 0, op, 0);
}

static __always_inline void entry_begins(struct inode *directory, struct dentry *dentry, u32 op)
{
	u64 super_block = (u64)field(dentry, d_sb);
	struct entry_made *outer, *made;
	struct actor who;

	if (!acts(&who))
		return;
	into_directory(&who, dentry, directory, op);
	outer = &who.task->under_way.made[0];
	made = outer->dentry && outer->super_block != super_block ? &who.task->under_way.made[1] : outer;
	made->dentry = (u64)dentry;
	made->super_block = super_block;
	made->op = op;
}

HOOK(inode_create, struct inode *directory, struct dentry *dentry, u32 mode)
{
	entry_begins(directory, dentry, OP_CREATE);
}

HOOK(inode_mkdir, struct inode *directory, struct dentry *dentry, u32 mode)
{
	entry_begins(directory, dentry, OP_MKDIR);
}

HOOK(inode_mknod, struct inode *directory, struct dentry *dentry, u32 mode, u32 device)
{
	entry_begins(directory, dentry, OP_MKNOD);
}

HOOK(inode_symlink, struct inode *directory, struct dentry *dentry, const char *target)
{
	entry_begins(directory, dentry, OP_SYMLINK);
}

static __noinline void entry_made(struct actor *who, struct dentry *dentry, struct inode *inode, u32 op)
{
	struct inode_object *object;
	struct inode_key key;

	if (!who)
		return;
	key = inode_key(inode);
	object = introduce_inode(&key, inode, FLAG_CREATED);
	if (!object)
		return;
	name_entry(who, object, dentry);
	put_out(who, object, op, 0, field(inode, i_mode), 0);
	if (op == OP_CREATE)
		who->task->under_way.opened_new = (u64)dentry;
}

/* An inode gets its first dentry: because it was looked up, or because this task has just made it. */
HOOK_VOID(d_instantiate, struct dentry *dentry, struct inode *inode)
{
	struct entry_made *made;
	struct actor who;
	u32 op;

	if (!inode || !acts(&who))
		return;
	made = &who.task->under_way.made[0];
	if (made->dentry != (u64)dentry)
		made = &who.task->under_way.made[1];
	if (made->dentry != (u64)dentry)
		return;
	op = made->op;
	made->dentry = 0;
	entry_made(&who, dentry, inode, op);
}

/* A flow into an inode that has an entry, or is about to lose or get one. */
static __noinline void entry_flow(struct inode *directory, struct dentry *dentry, u32 op)
{
	struct inode *inode = field(dentry, d_inode);
	struct inode_object *object;
	struct actor who;
	u32 links;

	if (!inode || !acts(&who))
		return;
	if (op != OP_LINK)
		into_directory(&who, dentry, directory, op);
	object = entry_object(&who, dentry, inode);
	if (!object)
		return;
	links = field(inode, i_nlink);
	put_out_always(&who, object, op, op == OP_UNLINK && links ? links - 1 : 0);
}

HOOK(inode_unlink, struct inode *directory, struct dentry *dentry)
{
	entry_flow(directory, dentry, OP_UNLINK);
}

HOOK(inode_rmdir, struct inode *directory, struct dentry *dentry)
{
	entry_flow(directory, dentry, OP_RMDIR);
}

HOOK(inode_link, struct dentry *from, struct inode *directory, struct dentry *dentry)
{
	struct actor who;

	entry_flow(directory, from, OP_LINK);
	if (acts(&who))
		into_directory(&who, dentry, directory, OP_LINK);
}

/* The target, if there is one, is replaced or exchanged: which of the two, is known when it is done. */
static __noinline int rename_begins(struct inode *from_directory, struct dentry *from, struct inode *directory,
				    struct dentry *target)
{
	struct inode *inode = field(target, d_inode);
	struct actor who;

	entry_flow(from_directory, from, OP_RENAME);
	if (!actor(&who))
		return 0;
	if (inode)
		entry_object(&who, target, inode);
	if (directory != from_directory)
		into_directory(&who, target, directory, OP_RENAME);
	return 0;
}

SEC("lsm/inode_rename")
int BPF_PROG(lsm_inode_rename, struct inode *from_directory, struct dentry *from, struct inode *directory,
	     struct dentry *target)
{
	u64 before = unwritten_so_far();

	if (refuse_at_once())
		return -EAGAIN;
	rename_begins(from_directory, from, directory, target);
	return verdict_since(before);
}

SEC("fexit/security_inode_rename")
int BPF_PROG(fexit_inode_rename, struct inode *from_directory, struct dentry *from, struct inode *directory,
	     struct dentry *target, u32 flags, int verdict)
{
	return verdict ? 0 : rename_begins(from_directory, from, directory, target);
}

/* `dentry` has a new name; or, if it was replaced, none. */
static __noinline void renamed(struct dentry *dentry, bool replaced)
{
	struct inode *inode = field(dentry, d_inode);
	struct inode_object *object;
	struct actor who;

	if (!inode || !acts(&who))
		return;
	object = inode_object(inode);
	if (!object)
		return;
	if (replaced)
		put_out_always(&who, object, OP_UNLINK, field(inode, i_nlink));
	else
		name_entry(&who, object, dentry);
}

/* By now the dentries have been moved: the old one has the new name, the new one is what was replaced. */
AFTER(vfs_rename, struct renamedata *renaming, int result)
{
	if (result)
		return 0;
	renamed(field(renaming, old_dentry), false);
	renamed(field(renaming, new_dentry), !(field(renaming, flags) & RENAME_EXCHANGE));
	return 0;
}

AFTER(vfs_link, struct dentry *from, void *mapping, struct inode *directory, struct dentry *dentry, void *delegated,
      int result)
{
	if (!result)
		renamed(dentry, false);
	return 0;
}

#endif
