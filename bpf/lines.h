/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Logs whose lines annotate what a process was doing (docs/annotation.md): which files and sockets these are. A rule names a file, or all
 * in a directory, by the directory's inode and the name in it: so a log that is made anew, in whatever mount namespace, is known before
 * its first byte is written, and nobody can have one there who cannot make files in that directory. What a rule has once meant stays
 * annotated when it is renamed.
 *
 * A log bears MARK_LINES, which its writer finds where it has looked the object up already. What was written is copied when the call is
 * over: line_records.h.
 */
#ifndef HEADWATER_LINES_H
#define HEADWATER_LINES_H

#include "flow.h"
#include "names.h"
#include "read.h"

#define LINE_NAME_WORDS 32
#define LINE_NAME_BYTES (8 * LINE_NAME_WORDS)
#define LINE_PLACES 1024
#define LINE_LOGS 16384

/* Not of the policy: never told, nor kept, nor handed on. */
#define MARK_LINES (1u << 8)
#define MARKS_PLAIN (0x7fffffffu & ~0x1ffu)

/* Where a log is: in which directory, under which name. A socket that is sent to by its path: directory 0. */
struct line_place {
	u64 directory;
	u32 dev;
	u32 hash;		/* of the name; 0: whatever is in the directory */
};

struct line_rules {
	u64 rules;		/* a bit for each */
	u32 length;
	u32 pad;
	u64 name[LINE_NAME_WORDS];	/* zero behind its end: two names may have one hash */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, LINE_PLACES);
	__type(key, struct line_place);
	__type(value, struct line_rules);
} line_places SEC(".maps");

/* The rules of a log, by its object's id; they hold as long as the generation does. */
struct line_log {
	u64 rules;
	u64 generation;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, LINE_LOGS);
	__type(key, u64);
	__type(value, struct line_log);
} line_logs SEC(".maps");

/* Set by the loader while the programs run. All zero: nothing is annotated. */
struct lines {
	u32 active;
	u32 sockets;		/* sockets come into question */
	u32 generation;		/* of the rules; a name is looked at again when it has changed */
	u32 plain;		/* the bit of MARKS_PLAIN that a socket bears which leads to no log under this generation */
};

volatile struct lines lines SEC(".data.lines") = {};

/* For the iterator line_directory: which of Headwater's descriptors; and what the kernel knows that directory by. */
struct line_request {
	u64 directory;
	u32 dev;
	int fd;
};

volatile struct line_request line_request SEC(".data.line_request") = {};

KEEP_TYPE(line_small);
KEEP_TYPE(line_large);
KEEP_TYPE(lines);
KEEP_TYPE(line_place);
KEEP_TYPE(line_rules);
KEEP_TYPE(line_request);

/* A name, and what has become of it so far. */
struct line_name {
	u64 at;
	/* One after the other in one place: a chain of calls has 512 bytes of stack. */
	union {
		u64 hash;
		struct line_rules *rules;	/* with which it is compared */
	};
	u32 length;
	u32 user;		/* 1: it is in the caller's memory */
};

/* Eight bytes of the name; what is behind its end is 0. */
static __always_inline u64 name_word(struct line_name *name, u32 word)
{
	u32 bytes = name->length - 8 * word - 1;
	u64 value = 0;

	if (bytes > 7)
		bytes = 7;
	/* The verifier has to see that it is 1 to 8. */
	barrier_var(bytes);
	bytes = (bytes & 7) + 1;
	if (name->user)
		bpf_probe_read_user(&value, bytes, (const void *)(name->at + 8 * word));
	else
		bpf_probe_read_kernel(&value, bytes, (const void *)(name->at + 8 * word));
	return value;
}

static long hash_word(u32 word, struct line_name *name)
{
	if (8 * word >= name->length)
		return 1;
	name->hash = (name->hash ^ name_word(name, word)) * 0x9e3779b97f4a7c15ULL;
	name->hash ^= name->hash >> 32;
	return 0;
}

static long compare_word(u32 word, struct line_name *name)
{
	struct line_rules *rules = name->rules;

	/* The verifier does not see that no word is compared after one that differs. */
	if (!rules || 8 * word >= name->length)
		return 1;
	if (rules->name[word & (LINE_NAME_WORDS - 1)] == name_word(name, word))
		return 0;
	name->rules = NULL;
	return 1;
}

/*
 * The rules of what is called so in a directory; 0 if no rule means it. headwater.capture.KernelLines hashes the same. Loops are the
 * kernel's: a loop that is written out is verified for each length that a name can have, in each program.
 */
static __always_inline u64 rules_of_name_in(struct line_place *place, struct line_name *name)
{
	name->hash = name->length;
	bpf_loop(LINE_NAME_WORDS, hash_word, name, 0);
	place->hash = (u32)name->hash | 1;
	name->rules = bpf_map_lookup_elem(&line_places, place);
	if (!name->rules || name->rules->length != name->length)
		return 0;
	bpf_loop(LINE_NAME_WORDS, compare_word, name, 0);
	return name->rules ? name->rules->rules : 0;
}

/* Which rules mean what is in this place; 0 if none does. */
static __always_inline u64 rules_of(struct name_place *place)
{
	struct line_name name = {};
	struct line_place key = {};
	struct line_rules *all;
	struct dentry *dentry, *parent;
	u64 rules;

	dentry = (struct dentry *)place->dentry;
	parent = BPF_CORE_READ(dentry, d_parent);
	if (parent == dentry)
		return 0;
	key.directory = BPF_CORE_READ(parent, d_inode, i_ino);
	key.dev = BPF_CORE_READ(parent, d_sb, s_dev);
	name.length = BPF_CORE_READ(dentry, d_name.len);
	name.at = (u64)BPF_CORE_READ(dentry, d_name.name);
	rules = name.length < LINE_NAME_BYTES ? rules_of_name_in(&key, &name) : 0;
	key.hash = 0;
	all = bpf_map_lookup_elem(&line_places, &key);
	return all ? rules | all->rules : rules;
}

/* Its name's place may not have its inode yet: a file is named before it can be opened. */
static __always_inline bool may_be_log(struct object *object)
{
	return object->kind == KIND_FILE || object->kind == KIND_PIPE;
}

/*
 * An object is met under a name, or under another than before. One that no rule means any more stays annotated: somebody may still write
 * to a log that was renamed. `id`: of the object, which the caller marks if this is not 0.
 */
__noinline int annotate(u64 id, struct name_place *place)
{
	u64 rules;

	if (!place)
		return 0;
	rules = rules_of(place);
	if (!rules)
		return 0;
	{
		struct line_log log = { .rules = rules, .generation = lines.generation };

		bpf_map_update_elem(&line_logs, &id, &log, BPF_ANY);
	}
	return 1;
}

/* From now on what is written there is looked at. */
static __always_inline void is_log(struct inode_object *object)
{
	__sync_fetch_and_or(&object->object.marks, MARK_LINES);
	is_otherwise(&object->object);
}

/* A process whose lines are annotated copies: what its line before was about is to be seen again for the next. */
static __always_inline void forget_copied(struct inode_object *from, struct inode_object *to)
{
	to->seen[seen_slot(from->object.state, SEEN_INODE)] = 0;
}

/* How a call hands over bytes that can be copied when it is over, by its number. */
enum line_call {
	LINE_OF_NONE,		/* what it writes is elsewhere, or was written when it is over */
	LINE_OF_BYTES,		/* (fd, bytes, ...) */
	LINE_OF_PARTS,		/* (fd, iovec, count) */
	LINE_OF_MESSAGE,	/* (fd, msghdr, flags) */
	LINE_OF_MESSAGES,	/* (fd, mmsghdr, count, flags) */
};

static __always_inline enum line_call line_call(u64 number)
{
	switch (number) {
	case 1:		/* write */
	case 18:	/* pwrite64 */
	case 44:	/* sendto */
		return LINE_OF_BYTES;
	case 20:	/* writev */
	case 296:	/* pwritev */
	case 328:	/* pwritev2 */
		return LINE_OF_PARTS;
	case 46:	/* sendmsg */
		return LINE_OF_MESSAGE;
	case 307:	/* sendmmsg */
		return LINE_OF_MESSAGES;
	}
	return LINE_OF_NONE;
}

/* Bytes go where lines are taken: to be looked at when the call is over, if its end will be. The end of no other may find this one's. */
__noinline int line_begins_at(u64 *line, u64 object)
{
	struct pt_regs *regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());

	if (line && line_call(BPF_CORE_READ(regs, orig_ax)) != LINE_OF_NONE)
		*line = object;
	return 0;
}

/* Bytes are about to go into an object: whether they may be lines. */
static __always_inline void line_begins(u64 *line, struct object *object, bool is_socket)
{
	if (object->marks & MARK_LINES || (is_socket && lines.sockets && !(object->marks & lines.plain)))
		line_begins_at(line, object->id);
}

#endif
