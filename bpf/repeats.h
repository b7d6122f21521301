/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What a recorded task did last to a file and does again: most reads and writes of most programs. Nothing is looked up for them. They
 * add nothing as long as
 *
 *   read   the file has come to no new state since the process took the last one;
 *   write  the process has come to no new state since the file took the last one, and the file is the same still.
 *
 * Both are seen in last_states (conclusions.h): whoever gives an object a new state says so there after the object has it, before bytes
 * can be seen that belong to it (rules 2 and 3 of flow.h), and what else a suppressed flow depends on does as if it were a new state: a
 * process begins to share memory, a file turns out to be a log. Remembered is only what has no other consequence than the flow: of plain
 * files, directories and the devices of memory; of processes that are recorded by the policy, not for what they touch.
 *
 * A read is asked for before it takes bytes and reported after (hooks_files.h). The first of the two notes the open file, the second
 * finds it there and has to look at nothing else. If the second was skipped, the next flow out of the task finds it too and catches up.
 */
#ifndef HEADWATER_REPEATS_H
#define HEADWATER_REPEATS_H

#include "actors.h"
#include "fuse.h"

static __always_inline bool is_of(volatile struct repeat *repeat, struct inode *inode)
{
	return repeat->key.ino == inode->i_ino && repeat->key.generation == inode->i_generation &&
	       repeat->key.dev == inode->i_sb->s_dev;
}

static __always_inline bool file_is_as_before(volatile struct repeat *repeat)
{
	return repeat->file_state == *last_state(repeat->key.ino);
}

static __always_inline bool process_is_as_before(volatile struct repeat *repeat)
{
	return repeat->process_state == *last_state(repeat->process_number);
}

/*
 * Whether a task of which REPEATS was drawn does again what it did last. Here and below: who finds the same drawn at the end was there
 * alone all the time.
 */
static __always_inline bool repeats_write(volatile struct conclusion *place, u64 drawn, struct inode *inode)
{
	return is_of(&place->written, inode) && file_is_as_before(&place->written) && process_is_as_before(&place->written) &&
	       place->drawn == drawn;
}

static __always_inline bool repeats_read(volatile struct conclusion *place, u64 drawn, struct inode *inode)
{
	return is_of(&place->read, inode) && file_is_as_before(&place->read) && place->drawn == drawn;
}

/* The same when it asks for permission to `mask`. */
static __always_inline bool repeats(volatile struct conclusion *place, u64 drawn, struct file *file, u32 mask)
{
	/* A read was not reported yet. */
	if (place->reading)
		return false;
	if (mask == MAY_WRITE)
		return repeats_write(place, drawn, file->f_inode);
	if (mask != MAY_READ || !repeats_read(place, drawn, file->f_inode))
		return false;
	place->reading = (u64)file;
	return true;
}

/* Whether the read that is over is one that repeats. */
static __always_inline bool repeated(volatile struct conclusion *place, u64 drawn, struct file *file, s64 taken)
{
	if (place->reading != (u64)file)
		return false;
	place->reading = 0;
	return taken <= 0 || (file_is_as_before(&place->read) && place->drawn == drawn);
}

/* In the place of the open file: the read that is under way may bring what is new. The task's state says what it is of. */
#define READS_OTHERWISE 1

/* Until the current task's read was reported, nothing of what it does leaves as what repeats. */
static __always_inline void reads_otherwise(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	volatile struct conclusion *place = conclusion_place(task->pid);

	if (place->started == task->start_boottime)
		place->reading = READS_OTHERWISE;
}

/* What the current task reads again and has not reported; it is not under way any more. False if there is none. */
static __always_inline bool unreported_read(struct inode_key *key)
{
	struct task_struct *task = bpf_get_current_task_btf();
	volatile struct conclusion *place = conclusion_place(task->pid);
	u64 reading = place->reading;

	if (!reading || place->started != task->start_boottime)
		return false;
	place->reading = 0;
	if (reading == READS_OTHERWISE)
		return false;
	key->ino = place->read.key.ino;
	key->dev = place->read.key.dev;
	key->generation = place->read.key.generation;
	return true;
}

/* Whether there may be one. */
static __always_inline bool reads_again(void)
{
	return conclusion_place(bpf_get_current_task_btf()->pid)->reading;
}

/* Whether nothing but the flow comes of it if the process does something with this file. */
static __always_inline bool may_repeat(struct actor *who, struct inode *inode, struct inode_object *object)
{
	struct task_state *leader = (void *)who->process - __builtin_offsetof(struct task_state, process);
	u32 type = field(inode, i_mode) & S_IFMT;

	/* The number: the object is that of this inode, not one that is found by what the file holds. */
	return leader->verdict == policy.selected && !is_fuse(inode) && !object->object.shows_process &&
	       (type == S_IFREG || type == S_IFDIR || (type == S_IFCHR && field(inode, i_rdev) >> 20 == MAJOR_MEMORY)) &&
	       !(object->object.marks & MARK_LINES) && object->object.marks >> NUMBER_SHIFT == (field(inode, i_ino) & (NUMBERS - 1));
}

/*
 * Takes the current task's place, and makes it one for what repeats: what it concluded before is forgotten, unless it was of this sort.
 * False if it is taken, or if what is about to be concluded rested on has changed since `changes`.
 */
static __always_inline bool place_taken(volatile struct conclusion *place, u64 changes)
{
	struct task_struct *task = bpf_get_current_task_btf();

	if (!take_place(place))
		return false;
	if (conclusions_changed != changes) {
		leave_place(place);
		return false;
	}
	if (concluded(place, task) != REPEATS)
		draw(place, task, changes, REPEATS);
	return true;
}

static __always_inline void remember_file(volatile struct repeat *repeat, struct inode *inode, u64 state)
{
	struct super_block *sb = field(inode, i_sb);

	repeat->key.ino = field(inode, i_ino);
	repeat->key.dev = field(sb, s_dev);
	repeat->key.generation = field(inode, i_generation);
	repeat->file_state = state;
}

/*
 * A read was not recorded: the process has taken what the file holds, if it remembers that it has; not if there was no room to tell. (What
 * was recorded is noted when it comes again: what is always new does not pay for it.)
 */
static __noinline void note_read(struct actor *who, struct inode *inode, struct inode_object *object)
{
	volatile struct conclusion *place = conclusion_place(bpf_get_current_task_btf()->pid);
	u64 changes = conclusions_changed;
	/* Before the object's own. */
	u64 last = *last_state(object->object.marks >> NUMBER_SHIFT);
	u64 state = *(volatile u64 *)&object->object.state;

	/* Who writes to logs has to be seen to read again what a line is about. */
	if (!may_repeat(who, inode, object) || *(volatile u32 *)&who->process->lines ||
	    *(volatile u64 *)&who->process->seen[seen_slot(state, SEEN_PROCESS)] != state || !place_taken(place, changes))
		return;
	remember_file(&place->read, inode, last);
	leave_place(place);
}

/* The same of a write, which the file has taken. What a process shares it takes in before each. */
static __noinline void note_write(struct actor *who, struct inode *inode, struct inode_object *object)
{
	volatile struct conclusion *place = conclusion_place(bpf_get_current_task_btf()->pid);
	u32 number = number_of(&who->process->object);
	u64 changes = conclusions_changed;
	u64 last = *last_state(object->object.marks >> NUMBER_SHIFT), last_of_process = *last_state(number);
	u64 state = *(volatile u64 *)&who->process->object.state;

	if (!may_repeat(who, inode, object) || *(volatile u32 *)&who->process->mapped ||
	    *(volatile u64 *)&object->seen[seen_slot(state, SEEN_INODE)] != state || !place_taken(place, changes))
		return;
	remember_file(&place->written, inode, last);
	place->written.process_number = number;
	place->written.process_state = last_of_process;
	leave_place(place);
}

#endif
