/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Inodes as objects: found by what the kernel says of them, introduced to the reader when they are first met. */
#ifndef HEADWATER_INODES_H
#define HEADWATER_INODES_H

#include "flow.h"
#include "names.h"
#include "lines.h"
#include "anonymous.h"
#include "read.h"
#include "terminals.h"
#include "uring.h"
#include "overlays.h"

static __always_inline struct inode_key inode_key(struct inode *inode)
{
	struct super_block *sb = field(inode, i_sb);
	struct inode_key key = {
		.ino = field(inode, i_ino),
		.dev = field(sb, s_dev),
		.generation = field(inode, i_generation),
	};

	return key;
}

/* Files that somebody has marked, and their marks: those in `inodes` bear them too, but may fall out of there. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 262144);
	__type(key, struct marked_key);
	__type(value, struct marking);
} marked_inodes SEC(".maps");

/*
 * What stands for a file system in marked_key: its UUID if it has one, so that a file bears its marks wherever it is mounted next; else its
 * device number. User space counts the same (MarkedFile).
 */
static __always_inline void marked_key(struct marked_key *key, struct inode *inode)
{
	struct super_block *sb;
	u64 halves[2];

	sb = BPF_CORE_READ(inode, i_sb);
	bpf_core_read(halves, sizeof(halves), &sb->s_uuid);
	if (halves[0] | halves[1])
		key->file_system = (halves[0] * 0x9e3779b97f4a7c15ULL ^ halves[1]) | 1ULL << 63;
	else
		key->file_system = BPF_CORE_READ(sb, s_dev);
	key->ino = BPF_CORE_READ(inode, i_ino);
	key->generation = BPF_CORE_READ(inode, i_generation);
	key->pad = 0;
}

/* `created`: the inode is new, so whatever was known by its number, if no generation tells the two apart, is gone. */
static __noinline struct marking *marking_of(struct inode *inode, bool created)
{
	struct marked_key key;

	marked_key(&key, inode);
	if (created && !key.generation)
		bpf_map_delete_elem(&marked_inodes, &key);
	return bpf_map_lookup_elem(&marked_inodes, &key);
}

/* Whether the current task is recorded, or touches what is tracked: actors.h. */
__noinline int admitted(struct object *object);

/*
 * Tells the reader which file system a device number is, once for each; again if it has become another. Global, so that it is
 * verified once in each program.
 */
__noinline int introduce_file_system(struct file_address *at)
{
	struct file_system_record *r;
	struct super_block *sb;
	struct inode *inode;
	u64 token, *known;
	uuid_t uuid;
	u32 dev;

	if (!at)
		return 0;
	inode = (struct inode *)at->inode;
	sb = BPF_CORE_READ(inode, i_sb);
	dev = BPF_CORE_READ(sb, s_dev);
	BPF_CORE_READ_INTO(&uuid, sb, s_uuid);
	token = ((u64)sb ^ *(u64 *)&uuid.b[0] ^ *(u64 *)&uuid.b[8]) * 0x9e3779b97f4a7c15ULL;
	known = bpf_map_lookup_elem(&file_systems, &dev);
	if (known && *known == token)
		return 0;
	r = record_open(struct file_system_record, RECORD_FILE_SYSTEM);
	if (!r)
		return 0;
	r->dev = dev;
	r->instance = (u64)sb * 0x9e3779b97f4a7c15ULL >> 48;
	r->magic = BPF_CORE_READ(sb, s_magic);
	__builtin_memcpy(r->uuid, &uuid, sizeof(r->uuid));
	__builtin_memset(r->type, 0, sizeof(r->type));
	bpf_probe_read_kernel_str(r->type, sizeof(r->type), BPF_CORE_READ(sb, s_type, name));
	/* Seen by others only after it was stamped: their inodes come later. */
	bpf_map_update_elem(&file_systems, &dev, &token, BPF_ANY);
	record_close(r);
	return 0;
}

/*
 * A file of /proc that shows one process; the inodes of what is below /proc/net and the like have none. `scratch`: the caller's
 * chain of calls has no stack left.
 */
static __always_inline bool shows_process(struct inode *inode, u64 *scratch)
{
	struct super_block *sb;
	struct proc_inode *shown = (void *)inode - bpf_core_field_offset(struct proc_inode, vfs_inode);
	bool shows;

	bpf_core_read(scratch, sizeof(*scratch), &inode->i_sb);
	sb = (void *)*scratch;
	bpf_core_read(scratch, sizeof(*scratch), &sb->s_magic);
	if (*scratch != PROC_SUPER_MAGIC)
		*scratch = 0;
	else
		bpf_core_read(scratch, sizeof(*scratch), &shown->pid);
	shows = *scratch;
	*scratch = 0;
	return shows;
}

/* How an introduction went: 0 if it could not be recorded. */
enum introduced { MET_MEANWHILE = 1, INTRODUCED = 2 };

/*
 * Introduces what is kept in `map` under `key`: an inode, or an object of a class. Of two CPUs that meet it at once, one wins; the
 * other throws its record away.
 */
static __always_inline int record_object(void *map, struct inode_key *key, struct inode *inode, u8 class, u32 flags)
{
	struct inode_object fresh = {};
	struct inode_record *r;
	struct lane *here = lane();
	/* Up to 6.1 a map takes no key out of memory that a global function was given. */
	struct inode_key own = *key;

	if (!here)
		return 0;
	r = record_open(struct inode_record, RECORD_INODE);
	if (!r)
		return 0;
	fresh.object.id = next_id(&here->objects);
	fresh.object.state = next_id(&here->states);
	fresh.object.shows_process = inode && shows_process(inode, &fresh.name);
	r->head.object = fresh.object.id;
	r->head.state = fresh.object.state;
	r->head.flags = flags;
	r->ino = own.ino;
	r->dev = own.dev;
	r->generation = own.generation;
	r->head.op = class;
	/* Its class is its name; what an anonymous file is, only its dentry tells. */
	if (!inode && class != OBJECT_ANONYMOUS)
		fresh.name = 1;
	r->mode = 0;
	r->uid = 0;
	r->gid = 0;
	r->links = 0;
	fresh.object.kind = kind_of_class[class & 31];
	if (inode) {
		/* Straight into the record: a chain of calls has no stack left here. */
		bpf_core_read(&r->mode, sizeof(inode->i_mode), &inode->i_mode);
		bpf_core_read(&r->uid, sizeof(r->uid), &inode->i_uid);
		bpf_core_read(&r->gid, sizeof(r->gid), &inode->i_gid);
		bpf_core_read(&r->links, sizeof(r->links), &inode->i_nlink);
		fresh.object.kind = kind_of_type[r->mode >> 12 & 15];
		/* Sockets have other marks there (lines.h). */
		if ((r->mode & S_IFMT) != S_IFSOCK)
			fresh.object.marks = (u32)own.ino << NUMBER_SHIFT;
	}
	if (bpf_map_update_elem(map, &own, &fresh, flags & FLAG_CREATED ? BPF_ANY : BPF_NOEXIST)) {
		record_drop(r);
		return MET_MEANWHILE;
	}
	/* What was known by this number was another's, or is not known any more. */
	if (inode)
		*last_state(own.ino) = fresh.object.state;
	record_close(r);
	return INTRODUCED;
}

/* `at`: the inode, or NULL for what is none (objects.h). */
__noinline int record_inode(struct inode_key *key, struct file_address *at, u32 flags)
{
	struct inode *inode = at ? (struct inode *)at->inode : NULL;

	return key ? record_object(&inodes, key, inode, inode ? 0 : (u8)key->dev, flags) : 0;
}

static __always_inline struct marking *owner_marking(struct inode *inode, u32 kind)
{
	struct target_key key = { .kind = kind };

	key.id = kind == TARGET_USER ? BPF_CORE_READ(inode, i_uid.val) : BPF_CORE_READ(inode, i_gid.val);
	return bpf_map_lookup_elem(&targets, &key);
}

/*
 * What an object bears from the start, because somebody has marked it or its owner. Both are asked for when it is met, so that what
 * fell out of the map of inodes meanwhile has its marks again. These are global, so that they are verified once.
 */
__noinline int first_marks(struct object *object, struct file_address *at, u32 flags)
{
	struct marking *marked;

	if (!object || !at || !at->inode)
		return 0;
	marked = marking_of((struct inode *)at->inode, flags & FLAG_CREATED);
	if (marked)
		change_marks(object, marked, 0);
	if (!(policy.targets & TARGETS_OF_FILES))
		return 0;
	marked = owner_marking((struct inode *)at->inode, TARGET_USER);
	if (marked)
		change_marks(object, marked, 0);
	marked = owner_marking((struct inode *)at->inode, TARGET_GROUP);
	if (marked)
		change_marks(object, marked, 0);
	return 0;
}

/* Whether the current task is recorded, or has touched what is tracked in the call at hand; as `admitted`, but introduces nobody. */
__noinline int is_recorded_now(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_state *state;

	if (task->tgid == config.self)
		return 1;
	state = bpf_task_storage_get(&tasks, task, NULL, 0);
	if (!state)
		return 0;
	if (state->admitted)
		return 1;
	if (task->pid != task->tgid)
		state = bpf_task_storage_get(&tasks, task->group_leader, NULL, 0);
	return state && is_selected(state->verdict);
}

static __always_inline bool tracks(struct marking *marking)
{
	return marking && marking->set & MARK_TRACKED;
}

/* Whether the policy lets an object be introduced that was never met: its kind, and who acts, or whether it is tracked. */
__noinline int may_introduce(struct inode_key *key, struct file_address *at)
{
	struct inode *inode;

	if (!key || !at)
		return 0;
	inode = (struct inode *)at->inode;
	if (has_kind(policy.kinds, at->inode ? kind_of_type[BPF_CORE_READ(inode, i_mode) >> 12 & 15] : kind_of_class[key->dev & 31]))
		return 0;
	if (policy.partial == PARTIAL_NOTHING)
		return 0;
	if (!policy.partial || is_recorded_now())
		return 1;
	if (!at->inode)
		return 0;
	if (tracks(marking_of(inode, false)))
		return 1;
	if (!(policy.targets & TARGETS_OF_FILES))
		return 0;
	return tracks(owner_marking(inode, TARGET_USER)) || tracks(owner_marking(inode, TARGET_GROUP));
}

/*
 * What is found, if the one who acts is recorded or it is tracked itself; else NULL. As long as everything is recorded, this is
 * one comparison.
 */
static __always_inline struct inode_object *admit(struct inode_object *object)
{
	if (!policy.partial || !object)
		return object;
	return admitted(&object->object) ? object : NULL;
}

/* What comes before an object is introduced: the policy is asked, and its file system is told. 0 if it is not to be. */
__noinline int introduction_begins(struct inode_key *key, struct file_address *at, u32 flags)
{
	if (!key || !at)
		return 0;
	if (policy.active && !may_introduce(key, at)) {
		/* Whatever had this number before is gone. */
		if (flags & FLAG_CREATED) {
			struct inode_key own = *key;

			bpf_map_delete_elem(&inodes, &own);
		}
		return 0;
	}
	if (at->inode)
		introduce_file_system(at);
	return 1;
}

/* What comes after: its marks, and whether the one who acts may touch it. */
__noinline int introduction_ends(struct object *object, struct file_address *at, u32 flags)
{
	if (!object)
		return 0;
	if (policy.objects)
		first_marks(object, at, flags);
	return !policy.partial || admitted(object);
}

/* One after the other, not one within the other: they share the stack. */
static __always_inline struct inode_object *introduce_inode(struct inode_key *key, struct inode *inode, u32 flags)
{
	struct file_address at = { .inode = (u64)inode };
	struct inode_object *kept;

	if (!introduction_begins(key, &at, flags) || !record_inode(key, &at, flags))
		return NULL;
	kept = bpf_map_lookup_elem(&inodes, key);
	if (!kept) {
		unwritten(LOSS_MAP_FULL, CLASS_OBJECT);
		return NULL;
	}
	return introduction_ends(&kept->object, &at, flags) ? kept : NULL;
}

static __always_inline struct inode_object *inode_object(struct inode *inode)
{
	struct inode_key key = inode_key(inode);
	struct inode_object *known = bpf_map_lookup_elem(&inodes, &key);

	return known ? admit(known) : introduce_inode(&key, inode, 0);
}

/* Stands for the name of a file: changes when the file or one of the directories next above it is renamed or moved. */
static __always_inline u64 name_token(struct dentry *dentry)
{
	u64 token = 0;
	int level;

	for (level = 0; level < 5; level++) {
		struct dentry *parent = field(dentry, d_parent);

		token = token * 31 + field(dentry, d_name.hash_len);
		if (parent == dentry)
			break;
		dentry = parent;
	}
	return token | 1;
}

/* Reports the name under which the file was reached, if it is not the one reported last. */
static __always_inline void name_inode(struct inode_object *object, struct dentry *dentry, struct vfsmount *vfsmount,
				       u32 flags)
{
	u64 token = name_token(dentry) + 2 * lines.generation;

	if (object->name == token)
		return;
	struct name_place place = { .dentry = (u64)dentry, .mount = (u64)vfsmount };

	if (lines.active && may_be_log(&object->object) && annotate(object->object.id, &place))
		is_log(object);
	if (record_name(object->object.id, &place, flags))
		object->name = token;
}

static __always_inline void name_file(struct inode_object *object, struct file *file, u32 flags)
{
	name_inode(object, field(file, f_path.dentry), field(file, f_path.mnt), flags);
}

/* A packet socket: what is mapped of one are its rings (rings.h). */
static __always_inline bool is_packet_socket(struct file *file, struct inode *inode)
{
	struct socket *socket;

	if ((field(inode, i_mode) & S_IFMT) != S_IFSOCK)
		return false;
	socket = field(file, private_data);
	return BPF_CORE_READ(socket, sk, __sk_common.skc_family) == AF_PACKET;
}

/* The key of what is mapped with a file, if mappings of it are to be remembered: files, maps of BPF, rings. */
static __always_inline bool mapped_key(struct file *file, struct inode *inode, struct inode_key *key)
{
	*key = inode_key(inode);
	if (special_key(file, inode, key))
		return key->dev == (OBJECT_DEVICE | OBJECT_BPF_MAP) || is_ring(file);
	return (field(inode, i_mode) & S_IFMT) == S_IFREG || is_packet_socket(file, inode);
}

/*
 * Introduces what an open file stands for, which its inode's key has not led to, or may have in error; puts the right key. Global, so that
 * it is verified once. `at`: inode 0 if the key is known to be that of something special.
 */
__noinline int meet_behind(struct file_address *at, struct inode_key *key, u32 flags)
{
	struct inode_object *object;
	struct inode_key found;
	struct inode *inode;
	struct file *file;

	if (!at || !key)
		return 0;
	file = (struct file *)at->file;
	inode = (struct inode *)at->inode;
	/* Linux 6.1 takes keys of maps from the stack only. */
	found = *key;
	if (inode && special_key(file, inode, &found)) {
		inode = NULL;
		*key = found;
	}
	if (at->inode && bpf_map_lookup_elem(&inodes, &found))
		return 0;
	object = introduce_inode(&found, inode, flags);
	if (!object || inode)
		return 0;
	/* What is read from one that watches comes from elsewhere too. */
	if (found.dev == (OBJECT_DEVICE | OBJECT_ANONYMOUS) && is_watching(file))
		object->object.shows_process = 1;
	/* The node's name is not that of what an open file of it holds. */
	if (is_tun(BPF_CORE_READ(file, f_inode)))
		object->name = 1;
	return 0;
}

/* Introduces what special_key has named. */
static __always_inline void introduce_special(struct file *file, struct inode_key *key, u32 flags)
{
	struct file_address at = { .file = (u64)file };

	meet_behind(&at, key, flags);
}

/* The object that an open file stands for; `inode` is its own, or the one that it holds. */
static __always_inline struct inode_object *object_behind(struct file *file, struct inode *inode)
{
	struct inode_key key = inode_key(inode);
	struct inode_object *object = bpf_map_lookup_elem(&inodes, &key);

	/* A node of TUN devices can have been met as a file, where it was made or renamed. */
	if (!object || (tuns_met && is_tun(inode))) {
		struct file_address at = address_of_file(file, inode);

		meet_behind(&at, &key, 0);
		object = bpf_map_lookup_elem(&inodes, &key);
	}
	return admit(object);
}

/* The object of an open file, named if it never was. */
static __always_inline struct inode_object *file_object(struct file *file, struct inode *inode)
{
	struct inode *held = held_inode(file, inode);
	/* The name of a master says nothing of the slave; a device has that of its node. */
	bool named = held == inode || (field(held, i_mode) & S_IFMT) == S_IFBLK;
	struct inode_object *object;

#ifdef BYTES_BELOW
	if (overlays_met)
		held = inode_below(file, held);
#endif
	object = object_behind(file, held);
	if (object && !object->name && named)
		name_file(object, file, 0);
	return object;
}

#endif
