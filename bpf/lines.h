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

/* Eight bytes of a name; what is behind its end is 0. */
static __always_inline u64 name_word(u64 name, u32 length, u32 word, bool user)
{
	u32 bytes = length - 8 * word - 1;
	u64 value = 0;

	if (bytes > 7)
		bytes = 7;
	/* The verifier has to see that it is 1 to 8. */
	barrier_var(bytes);
	bytes = (bytes & 7) + 1;
	if (user)
		bpf_probe_read_user(&value, bytes, (const void *)(name + 8 * word));
	else
		bpf_probe_read_kernel(&value, bytes, (const void *)(name + 8 * word));
	return value;
}

/* headwater.capture.LinePlaces counts the same. */
static __always_inline u32 hash_of(u64 name, u32 length, bool user)
{
	u64 hash = length;
	u32 word;

	for (word = 0; word < LINE_NAME_WORDS; word++) {
		if (8 * word >= length)
			break;
		hash = (hash ^ name_word(name, length, word, user)) * 0x9e3779b97f4a7c15ULL;
		hash ^= hash >> 32;
	}
	return (u32)hash | 1;
}

static __always_inline bool is_same_name(struct line_rules *rules, u64 name, u32 length, bool user)
{
	u32 word;

	if (!rules || rules->length != length)
		return false;
	for (word = 0; word < LINE_NAME_WORDS; word++) {
		if (8 * word >= length)
			break;
		if (rules->name[word] != name_word(name, length, word, user))
			return false;
	}
	return true;
}

/* Functions of their own, and not one for both memories: a chain of calls has 512 bytes of stack. */
static __noinline u32 name_hash(u64 name, u32 length)
{
	return hash_of(name, length, false);
}

static __noinline bool is_name(struct line_rules *rules, u64 name, u32 length)
{
	return is_same_name(rules, name, length, false);
}

/* Which rules mean what is in this place; 0 if none does. */
static __always_inline u64 rules_of(struct name_place *place)
{
	struct line_place key = {};
	struct line_rules *found;
	struct dentry *dentry, *parent;
	u64 rules = 0, name;
	u32 length;

	dentry = (struct dentry *)place->dentry;
	parent = BPF_CORE_READ(dentry, d_parent);
	if (parent == dentry)
		return 0;
	key.directory = BPF_CORE_READ(parent, d_inode, i_ino);
	key.dev = BPF_CORE_READ(parent, d_sb, s_dev);
	found = bpf_map_lookup_elem(&line_places, &key);
	if (found)
		rules = found->rules;
	length = BPF_CORE_READ(dentry, d_name.len);
	name = (u64)BPF_CORE_READ(dentry, d_name.name);
	if (length >= LINE_NAME_BYTES)
		return rules;
	key.hash = name_hash(name, length);
	found = bpf_map_lookup_elem(&line_places, &key);
	return is_name(found, name, length) ? rules | found->rules : rules;
}

/*
 * An object is met under a name, or under another than before. One that no rule means any more stays annotated: somebody may still write
 * to a log that was renamed. `id`: of the object, which the caller marks if this is not 0.
 */
__noinline int annotate(u64 id, struct name_place *place)
{
	struct line_log log = {};
	struct dentry *dentry;
	u32 type;

	if (!place)
		return 0;
	dentry = (struct dentry *)place->dentry;
	type = BPF_CORE_READ(dentry, d_inode, i_mode) & S_IFMT;
	if (type != S_IFREG && type != S_IFIFO)
		return 0;
	log.rules = rules_of(place);
	log.generation = lines.generation;
	if (!log.rules)
		return 0;
	bpf_map_update_elem(&line_logs, &id, &log, BPF_ANY);
	return 1;
}

/* A process whose lines are annotated copies: what its line before was about is to be seen again for the next. */
static __always_inline void forget_copied(struct inode_object *from, struct inode_object *to)
{
	to->seen[seen_slot(from->object.state, SEEN_INODE)] = 0;
}

/* Bytes are about to go into an object: whether they may be lines. The object is looked at when the call is over. */
static __always_inline void line_begins(u64 *line, struct object *object, bool is_socket)
{
	if (object->marks & MARK_LINES || (is_socket && lines.sockets && !(object->marks & lines.plain)))
		*line = object->id;
}

#endif
