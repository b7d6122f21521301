/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Descriptors of inotify and fanotify, and what they watch. See kernel.h. */
#ifndef HEADWATER_KERNEL_WATCHES_H
#define HEADWATER_KERNEL_WATCHES_H

#include "files.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head {
	struct list_head *next;
};

struct fsnotify_group {
	struct list_head marks_list;
};

struct fsnotify_mark_connector {
	unsigned char type;	/* enum fsnotify_obj_type; u16 up to 6.9 */
	void *obj;
};

struct fsnotify_mark {
	struct list_head g_list;
	struct fsnotify_mark_connector *connector;
};

/* Since 6.10, when `obj` became the inode; before, it is the place of i_fsnotify_marks in it. */
struct fsnotify_sb_info {
	struct fsnotify_mark_connector *sb_marks;
};

struct inode___marked {
	void *i_fsnotify_marks;
};

#pragma clang attribute pop

#endif
