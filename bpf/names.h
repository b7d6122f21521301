/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Path names, walked from the dentry cache. bpf_d_path and bpf_path_d_path are not to be had in every program type nor in
 * Linux 6.1; this walk is, and it sees what no caller can forge.
 */
#ifndef HEADWATER_NAMES_H
#define HEADWATER_NAMES_H

#include "flow.h"

#define NAME_LEVELS 48		/* directories (and mounts) that a walk climbs */
#define NAME_COMPONENT 256	/* NAME_MAX and its NUL */
/* A record is as long as it is reserved. Most names are short, and how many fit into a ring is what a burst of new files may be. */
#define NAME_BYTES_SHORT 224
#define NAME_COMPONENT_SHORT 64
#define NAME_BYTES_SMALL 960
#define NAME_BYTES_LARGE 4032

struct name_short {
	struct record_head head;
	struct root_key root;
	char text[NAME_BYTES_SHORT];
};

struct name_small {
	struct record_head head;
	struct root_key root;
	char text[NAME_BYTES_SMALL];
};

struct name_large {
	struct record_head head;
	struct root_key root;
	char text[NAME_BYTES_LARGE];
};

/* The root directory that Headwater itself sees: a dentry, which its being there holds. Names below any other carry that root's key. */
u64 own_root;

struct walk {
	struct dentry *dentry;
	struct vfsmount *vfsmount;
	struct dentry *root;	/* of the mount that holds all that was appended: what "/" is where the walk ends */
	char *text;
	u32 used;
	bool done;	/* the root was reached */
	bool pseudo;	/* a root of its own: no directory holds it */
};

KEEP_TYPE(name_short);
KEEP_TYPE(name_small);
KEEP_TYPE(name_large);

static __always_inline struct mount *mount_of(struct vfsmount *vfsmount)
{
	return (struct mount *)((void *)vfsmount - bpf_core_field_offset(struct mount, mnt));
}

/* One step towards the root: appends the component here, or crosses into the mount below. */
static __always_inline long walk_step(struct walk *walk, u32 capacity, u32 component)
{
	struct dentry *dentry = walk->dentry;
	struct vfsmount *vfsmount = walk->vfsmount;
	struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
	struct dentry *root = BPF_CORE_READ(vfsmount, mnt_root);
	u32 used = walk->used;
	long copied;

	if (dentry == root) {
		struct mount *mount = mount_of(vfsmount);
		struct mount *below = BPF_CORE_READ(mount, mnt_parent);

		if (!walk->root)
			walk->root = dentry;
		if (below == mount) {
			u64 space = (u64)BPF_CORE_READ(mount, mnt_ns);

			walk->done = true;
			/*
			 * A mount that only the kernel has (NULL, or an error in its place), of a file system that it has for itself, as
			 * that of POSIX message queues.
			 */
			walk->pseudo = space - 1 >= (u64)-4096 && BPF_CORE_READ(vfsmount, mnt_sb, s_flags) & SB_KERNMOUNT;
			/* The layers of an overlay are such mounts too, but of what others see: nobody has such a root. */
			if (space >= (u64)-4095)
				walk->root = NULL;
			return 1;
		}
		walk->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		walk->vfsmount = (void *)below + bpf_core_field_offset(struct mount, mnt);
		return 0;
	}
	/* A root of its own: a pipe, a socket, a memfd; its one name is all there is. */
	if (capacity) {
		if (used > capacity - component)
			return 1;
		copied = bpf_probe_read_kernel_str(walk->text + used, component, BPF_CORE_READ(dentry, d_name.name));
		if (copied <= 0 || copied > component)
			return 1;
		/* It may have been cut. */
		if (component < NAME_COMPONENT && copied == component)
			return 1;
		walk->used = used + copied;
	}
	walk->root = NULL;
	if (dentry == parent) {
		walk->done = true;
		walk->pseudo = true;
		return 1;
	}
	walk->dentry = parent;
	return 0;
}

/* Bytes needed for the name, summed over the same steps; cheap, and spares names a large reservation. */
static __always_inline bool name_is_small(struct dentry *dentry)
{
	u32 total = 0;
	int level;

	for (level = 0; level < NAME_LEVELS / 2; level++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);

		total += BPF_CORE_READ(dentry, d_name.len) + 1;
		if (parent == dentry)
			break;
		dentry = parent;
	}
	/* A mount point's own path comes on top; when in doubt the name is cut and reported so. */
	return total < NAME_BYTES_SMALL - 2 * NAME_COMPONENT;
}

/* bpf_loop verifies its body once, not once for each level; the bound must be a constant there. */
static long walk_short(u32 level, struct walk *walk)
{
	return walk_step(walk, NAME_BYTES_SHORT, NAME_COMPONENT_SHORT);
}

static long walk_small(u32 level, struct walk *walk)
{
	return walk_step(walk, NAME_BYTES_SMALL, NAME_COMPONENT);
}

static long walk_large(u32 level, struct walk *walk)
{
	return walk_step(walk, NAME_BYTES_LARGE, NAME_COMPONENT);
}

/* What the walk's path is below: all zero if that is what Headwater sees as "/", or if there is no such thing. */
static __noinline int root_of(struct walk *walk, struct root_key *key)
{
	struct dentry *root;

	if (!walk || !key)
		return 0;
	root = walk->root;
	key->ino = 0;
	key->dev = 0;
	key->pad = 0;
	if (!root || walk->pseudo || !own_root || (u64)root == own_root)
		return 0;
	key->ino = BPF_CORE_READ(root, d_inode, i_ino);
	key->dev = BPF_CORE_READ(root, d_sb, s_dev);
	return 0;
}

/* Where a name is read from: kernel pointers, as numbers. */
struct name_place {
	u64 dentry;
	u64 mount;
};

/* Never written. */
volatile u32 nothing = 0;

/* 1: recorded; 0: it does not fit, and `cut` names are not wanted; -1: there was no room in the ring, which is counted. */
#define record_name_sized(type_of, step, cut)						\
({											\
	type_of *r_ = record_open(type_of, RECORD_NAME);				\
	int recorded_ = -1;								\
	if (r_) {									\
		struct walk walk_ = { .text = r_->text };				\
		walk_.dentry = (struct dentry *)place->dentry;				\
		walk_.vfsmount = (struct vfsmount *)place->mount;			\
		/* 0, which the verifier does not know: so it need not go through the first steps again for what they began with. */ \
		walk_.used = nothing;							\
		walk_.root = (struct dentry *)(u64)nothing;				\
		bpf_loop(NAME_LEVELS, step, &walk_, 0);					\
		recorded_ = walk_.done || (cut);					\
		if (recorded_) {							\
			r_->head.object = object;					\
			r_->head.flags = walk_.done ? flags : flags | FLAG_CUT;		\
			r_->head.arg = walk_.used;					\
			r_->head.op = walk_.pseudo;					\
			root_of(&walk_, &r_->root);					\
			record_close(r_);						\
		} else {								\
			record_drop(r_);						\
		}									\
	}										\
	recorded_;									\
})

/* Reports the path of an object. 0 if the ring was full. Global, so that it is verified once. */
__noinline int record_name(u64 object, struct name_place *place, u32 flags)
{
	int recorded;

	if (!place)
		return 0;
	recorded = record_name_sized(struct name_short, walk_short, false);
	if (!recorded && name_is_small((struct dentry *)place->dentry))
		recorded = record_name_sized(struct name_small, walk_small, true);
	else if (!recorded)
		recorded = record_name_sized(struct name_large, walk_large, true);
	return recorded > 0;
}

#endif
