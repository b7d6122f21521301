/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Objects that hold information and are no inodes: a message queue, a key, memory that two processes share. They are kept with
 * the inodes, under a device number that no file system has (major 4095), so that all that holds for inodes holds for them.
 */
#ifndef HEADWATER_OBJECTS_H
#define HEADWATER_OBJECTS_H

#include "flow.h"
#include "inodes.h"

/* `id` among those of its class, `scope` if it is so only there: a namespace, a generation; otherwise 0. */
static __always_inline struct inode_key object_key(enum object_class class, u64 id, u32 scope)
{
	struct inode_key key = { .ino = id, .dev = OBJECT_DEVICE | class, .generation = scope };

	return key;
}

static __always_inline struct inode_object *class_object(enum object_class class, u64 id, u32 scope)
{
	struct inode_key key = object_key(class, id, scope);
	struct inode_object *known = bpf_map_lookup_elem(&inodes, &key);

	return known ? admit(known) : introduce_inode(&key, NULL, 0);
}

/* The same, whoever is recorded: of what stands beside an object that was let in already. */
static __always_inline struct inode_object *object_beside(struct inode_key *key)
{
	struct inode_object *known = bpf_map_lookup_elem(&inodes, key);

	if (known || !record_inode(key, NULL, 0))
		return known;
	return bpf_map_lookup_elem(&inodes, key);
}

/* As class_object, for one that was made just now: whatever had this id before is gone. */
static __always_inline struct inode_object *new_class_object(enum object_class class, u64 id, u32 scope)
{
	struct inode_key key = object_key(class, id, scope);

	return introduce_inode(&key, NULL, FLAG_CREATED);
}

#endif
