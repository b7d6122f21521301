/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The attributes of an inode (mode, owner, set times, extended attributes, access control lists, flags) as an object of their own:
 * who asks for them does not depend on who wrote the bytes. The object exists from the first change by a followed process on;
 * until then, what stat(2) tells is from before the capture, and asking is no flow.
 */
#ifndef HEADWATER_ATTRIBUTES_H
#define HEADWATER_ATTRIBUTES_H

#include "flow.h"
#include "inodes.h"
#include "actors.h"

#define ATTRIBUTES_MAX 131072

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, ATTRIBUTES_MAX);
	__type(key, struct inode_key);
	__type(value, struct inode_object);
} attributes SEC(".maps");

/* How many objects were made so far: zero spares every stat(2) the look-up. */
u64 attributes_known;

__noinline int record_attributes(struct inode_key *key)
{
	return key ? record_object(&attributes, key, NULL, OBJECT_ATTRIBUTES, 0) : 0;
}

/*
 * Introduces the attributes of an inode that the reader has been told of. Those whose turn comes when the map is full are forgotten,
 * and their readers then not seen.
 */
static __noinline struct inode_object *introduce_attributes(struct inode_key *key)
{
	struct inode_object *kept;

	int recorded = key ? record_attributes(key) : 0;

	if (!recorded)
		return NULL;
	if (recorded == INTRODUCED)
		count_entry(&attributes_known, ATTRIBUTES_MAX, CLASS_OBJECT);
	kept = bpf_map_lookup_elem(&attributes, key);
	if (!kept)
		unwritten(LOSS_MAP_FULL, CLASS_OBJECT);
	return kept;
}

/* The attributes' object, made now if there is none. The reader knows the inode by then. */
static __noinline struct inode_object *attributes_of(struct inode *inode)
{
	struct inode_key key = inode_key(inode);
	struct inode_object *known = bpf_map_lookup_elem(&attributes, &key);

	if (known)
		return known;
	/* All anonymous files share that inode: its attributes are nobody's. */
	if (BPF_CORE_READ(inode, i_sb, s_magic) == ANON_INODE_FS_MAGIC || !inode_object(inode))
		return NULL;
	return introduce_attributes(&key);
}

/* A process is about to change attributes. Always recorded: that it did so matters, even if it brings nothing new. */
static __noinline void attributes_change(struct actor *who, struct inode *inode, u32 op, u32 how)
{
	struct inode_object *object;

	if (!who)
		return;
	object = attributes_of(inode);
	if (!object)
		return;
	put_out_always(who, object, op, how);
}

/* A process has asked for attributes. */
static __noinline void attributes_asked(struct actor *who, struct inode *inode, u32 op)
{
	struct inode_key key = inode_key(inode);
	struct inode_object *object = bpf_map_lookup_elem(&attributes, &key);

	if (object && who)
		flow_to_process(&object->object, who->process, op, 0, 0, 0, who->id);
}

#endif
