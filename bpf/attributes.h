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
#include "tasks.h"

#define ATTRIBUTES_MAX 131072

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, ATTRIBUTES_MAX);
	__type(key, struct inode_key);
	__type(value, struct inode_object);
} attributes SEC(".maps");

/* How many objects were made so far: zero spares every stat(2) the look-up. */
u64 attributes_known;

/* Introduces the attributes of an inode that the reader has been told of. Of two CPUs that do so at once, one wins. */
static __noinline struct inode_object *introduce_attributes(struct inode_key *key)
{
	struct inode_object fresh = {};
	struct inode_object *kept;
	struct inode_record *r;
	struct lane *here = lane();

	if (!here || !key)
		return NULL;
	r = record_open(struct inode_record, RECORD_INODE);
	if (!r)
		return NULL;
	fresh.object.id = next_id(&here->objects);
	fresh.object.state = next_id(&here->states);
	fresh.object.kind = KIND_IATTR;
	r->head.op = OBJECT_ATTRIBUTES;
	r->head.object = fresh.object.id;
	r->head.state = fresh.object.state;
	r->ino = key->ino;
	r->dev = key->dev;
	r->generation = key->generation;
	r->mode = 0;
	r->uid = 0;
	r->gid = 0;
	r->links = 0;
	if (bpf_map_update_elem(&attributes, key, &fresh, BPF_NOEXIST)) {
		record_drop(r);
	} else {
		record_close(r);
		/*
		 * Those whose turn comes when the map is full are forgotten, and their readers then not seen. Half a map early,
		 * because the map's free entries are shared out among the CPUs.
		 */
		if ((__sync_fetch_and_add(&attributes_known, 1) + 1) % (ATTRIBUTES_MAX / 2) == 0)
			lost_of(LOSS_MAP_FULL, CLASS_OBJECT);
	}
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
