/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What inotify and fanotify tell: the names that come into the directories they watch, and go. What a descriptor of theirs
 * watches stands in the kernel's list of its marks, which is looked at when something was read from it: the entries of each
 * directory there have gone into the descriptor's object. So nothing has to be noted when a watch is set, and who watches nothing pays
 * nothing. Directories only: which files were read or written a watch tells too, and that is not followed; nor is a
 * watch of a whole mount or file system.
 */
#ifndef HEADWATER_WATCHES_H
#define HEADWATER_WATCHES_H

#include "flow.h"
#include "read.h"
#include "inodes.h"

#define FSNOTIFY_OBJ_TYPE_INODE 0

/* How many watches of a descriptor are looked at; more are counted as lost. */
#define WATCHES_MAX 8192

/* How far the list was walked. */
struct watches {
	u64 next;
	u64 head;
	struct inode_object *told;
	struct inode_object *claims;	/* where names are that were given by path (claims.h); NULL if there are none */
	u64 task;
};

/* The inode that is watched; NULL if it is a mount, a file system, or nothing any more. */
static __always_inline struct inode *inode_watched(struct fsnotify_mark *mark)
{
	struct fsnotify_mark_connector *connector = BPF_CORE_READ(mark, connector);
	void *watched;

	if (!connector || BPF_CORE_READ(connector, type) != FSNOTIFY_OBJ_TYPE_INODE)
		return NULL;
	watched = BPF_CORE_READ(connector, obj);
	if (watched && !bpf_core_type_exists(struct fsnotify_sb_info))
		watched -= bpf_core_field_offset(struct inode___marked, i_fsnotify_marks);
	return watched;
}

static __noinline int directory_tells(struct inode *inode, struct watches *at)
{
	struct inode_object *directory;
	struct inode_key key;

	if (!inode || !at || !at->told || (BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFDIR)
		return 0;
	key = inode_key(inode);
	directory = bpf_map_lookup_elem(&inodes, &key);
	if (!directory && at->claims)
		directory = introduce_inode(&key, inode, 0);
	if (!directory)
		return 0;
	if (at->claims)
		flow_to_inode(&at->claims->object, directory, OP_CLAIM, 0, 0, 0, at->task);
	flow_to_inode(&directory->object, at->told, OP_COPY, 0, 0, 0, at->task);
	return 0;
}

static __noinline long watch_tells(u32 i, struct watches *at)
{
	struct fsnotify_mark *mark;
	u64 next;

	if (!at || !at->next || at->next == at->head) {
		at->next = 0;
		return 1;
	}
	mark = (void *)at->next - bpf_core_field_offset(struct fsnotify_mark, g_list);
	next = (u64)BPF_CORE_READ(mark, g_list.next);
	/* One that was taken off the list meanwhile leads to itself. */
	if (next == at->next)
		next = 0;
	at->next = next;
	directory_tells(inode_watched(mark), at);
	return 0;
}

/* Something was read from a descriptor that watches: the process has it. */
static __noinline int watch_read(struct actor *who, struct file *file)
{
	struct watches at = {};
	struct inode_key key;
	struct fsnotify_group *group;

	if (!who || !special_key(file, field(file, f_inode), &key))
		return 0;
	at.told = bpf_map_lookup_elem(&inodes, &key);
	if (!at.told)
		return 0;
	group = BPF_CORE_READ(file, private_data);
	at.head = (u64)group + bpf_core_field_offset(struct fsnotify_group, marks_list);
	at.next = (u64)BPF_CORE_READ(group, marks_list.next);
	at.task = who->id;
#ifdef HEADWATER_CLAIMS_H
	if (entries_claimed)
		at.claims = claimed();
#endif
	bpf_loop(WATCHES_MAX, watch_tells, &at, 0);
	if (at.next)
		lost_of(LOSS_MAP_FULL, CLASS_NAME);
	flow_to_process(&at.told->object, who->process, OP_READ, 0, 0, 0, who->id);
	return 0;
}

#endif
