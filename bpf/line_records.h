/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What a process has written to a log that is annotated: copied out of its memory when the call is over, so that it says how much was
 * written and the flow into the log comes before. Another thread of the process may have changed the bytes meanwhile: they are what the
 * process says, whatever it says.
 *
 * Lines make way for everything else: when a quarter of the ring is in use they are counted and left out.
 */
#ifndef HEADWATER_LINE_RECORDS_H
#define HEADWATER_LINE_RECORDS_H

#include "lines.h"
#include "actors.h"
#include "sockets.h"

#define PARTS_MAX 1024		/* UIO_MAXIOV: the kernel takes no more */
#define PART_BYTES 16		/* struct iovec */
#define SENT_MAX 1024		/* messages of one sendmmsg */
#define SENT_BYTES 64		/* struct mmsghdr */
#define SENT_LENGTH 56		/* msg_len in it */

/* With room behind, for the verifier: parts are put behind each other. */
struct line_gathered {
	union {
		struct record_head head;
		struct line_small line;
	};
	char more[2 * LINE_LARGE - LINE_SMALL];
};

/* One call, or one message of it: where the bytes are, and whose log it is. */
struct line {
	u64 object;
	u64 rules;
	u64 task;
	u64 bytes_at;		/* in the caller's memory: the bytes, or the parts that hold them */
	u32 parts;		/* 0: the bytes themselves */
	u32 bytes;		/* written */
	u32 message;		/* 1: each call is a message of its own */
	u32 recorded;		/* 1: it is in the ring */
};

struct gathering {
	char *text;
	u64 parts;
	u32 count;
	u32 used;
	u32 wanted;
	u32 unreadable;
};

static __always_inline bool line_has_room(void)
{
	void *ring = ring_here();

	if (ring && bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) < bpf_ringbuf_query(ring, BPF_RB_RING_SIZE) / 4)
		return true;
	lost_of(LOSS_SHED, CLASS_LINE);
	return false;
}

static __always_inline void fill_line(struct line_small *r, struct line *line)
{
	struct task_struct *task = bpf_get_current_task_btf();

	line->recorded = 1;
	r->head.object = line->object;
	r->head.op = line->message;
	r->head.arg = line->bytes;
	r->task = line->task;
	r->rules = line->rules;
	r->cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
	r->uid = bpf_get_current_uid_gid();
}

/* Copies what was written, up to `room`, a power of two; evaluates to how much that was. */
#define copy_line(to, line, room)								\
({												\
	u32 last_ = (line)->bytes - 1;								\
												\
	if (last_ > (room) - 1)									\
		last_ = (room) - 1;								\
	/* The verifier has to see that it is 1 to `room`. */					\
	barrier_var(last_);									\
	last_ = (last_ & ((room) - 1)) + 1;							\
	bpf_probe_read_user(to, last_, (const void *)(line)->bytes_at) ? 0 : last_;		\
})

static long gather_part(u32 index, struct gathering *all)
{
	u32 used = all->used, bytes;
	u64 part[2];

	if (index >= all->count || used >= all->wanted)
		return 1;
	if (bpf_probe_read_user(part, sizeof(part), (const void *)(all->parts + (u64)index * PART_BYTES))) {
		all->unreadable = 1;
		return 1;
	}
	if (!part[1])
		return 0;
	bytes = all->wanted - used;
	if (part[1] < bytes)
		bytes = part[1];
	bytes--;
	barrier_var(bytes);
	bytes = (bytes & (LINE_LARGE - 1)) + 1;
	used &= LINE_LARGE - 1;
	if (bpf_probe_read_user(all->text + used, bytes, (const void *)part[0])) {
		all->unreadable = 1;
		return 1;
	}
	all->used = used + bytes;
	return 0;
}

static __noinline int record_gathered(struct line *line)
{
	struct gathering all = {};
	struct line_gathered *r;

	if (!line)
		return 0;
	r = record_open(struct line_gathered, RECORD_LINE);
	if (!r)
		return 0;
	fill_line(&r->line, line);
	all.text = r->line.text;
	all.parts = line->bytes_at;
	all.count = line->parts;
	all.wanted = line->bytes < LINE_LARGE ? line->bytes : LINE_LARGE;
	bpf_loop(PARTS_MAX, gather_part, &all, 0);
	r->line.captured = all.used;
	if (all.unreadable)
		lost_of(LOSS_UNREADABLE, CLASS_LINE);
	record_close(r);
	return 0;
}

static __noinline int record_line(struct line *line)
{
	u32 captured;

	if (!line || !line->bytes || !line_has_room())
		return 0;
	if (line->parts)
		return record_gathered(line);
	if (line->bytes <= LINE_SMALL) {
		struct line_small *r = record_open(struct line_small, RECORD_LINE);

		if (!r)
			return 0;
		fill_line(r, line);
		captured = copy_line(r->text, line, LINE_SMALL);
		r->captured = captured;
		record_close(r);
	} else {
		struct line_large *r = record_open(struct line_large, RECORD_LINE);

		if (!r)
			return 0;
		fill_line((struct line_small *)r, line);
		captured = copy_line(r->text, line, LINE_LARGE);
		r->captured = captured;
		record_close(r);
	}
	if (!captured)
		lost_of(LOSS_UNREADABLE, CLASS_LINE);
	return 0;
}

/* ---- sockets ---- */

/* The rules of a path that a message is sent to, in the caller's words; 0 if it names none, or none that a rule means. */
static __noinline u64 rules_of_name(u64 address, u32 length)
{
	struct line_name name = { .user = 1 };
	struct line_place key = {};
	u16 family = 0;

	/* A path may be ended by a NUL, which belongs to the address, or by the address's end. */
	if (!address || length <= 2 || length > 110 || bpf_probe_read_user(&family, sizeof(family), (const void *)address) ||
	    family != AF_UNIX)
		return 0;
	length -= 2;
	address += 2;
	u8 last = 0;

	bpf_probe_read_user(&last, 1, (const void *)(address + length - 1));
	if (!last)
		length--;
	name.at = address;
	name.length = length;
	return rules_of_name_in(&key, &name);
}

/* The rules of what the peer is bound to: one that was accepted has the path of the socket that listens. */
static __noinline u64 rules_of_peer(u64 socket)
{
	struct sock *peer = BPF_CORE_READ((struct unix_sock *)socket, peer);
	struct name_place place = {};

	if (!peer)
		return 0;
	place.dentry = (u64)BPF_CORE_READ((struct unix_sock *)peer, path.dentry);
	return place.dentry ? rules_of(&place) : 0;
}

/* What the call sends to, if it has named that: sendto, sendmsg, the first message of sendmmsg. */
static __noinline u64 rules_of_target(struct pt_regs *regs)
{
	u64 message[2] = {}, number = BPF_CORE_READ(regs, orig_ax);

	switch (number) {
	case 44:	/* sendto(fd, bytes, length, flags, address, length) */
		return rules_of_name(BPF_CORE_READ(regs, r8), BPF_CORE_READ(regs, r9));
	case 46:	/* sendmsg(fd, msghdr, flags) */
	case 307:	/* sendmmsg(fd, mmsghdrs, count, flags) */
		bpf_probe_read_user(message, sizeof(message), (const void *)BPF_CORE_READ(regs, si));
		return rules_of_name(message[0], (u32)message[1]);
	}
	return 0;
}

/* The rules of the socket that the call has sent by; the object is the one that was looked up when it began, or the descriptor is another. */
static __noinline u64 rules_of_socket(struct pt_regs *regs, struct line *line)
{
	struct file *file = file_of(bpf_get_current_task_btf(), BPF_CORE_READ(regs, di));
	struct inode *inode = file ? field(file, f_inode) : NULL;
	struct inode_object *object;
	struct inode_key key;
	struct sock *sk;
	u64 rules;
	u32 plain;

	if (!line || !inode || (field(inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	key = inode_key(inode);
	object = bpf_map_lookup_elem(&inodes, &key);
	if (!object || object->object.id != line->object)
		return 0;
	sk = BPF_CORE_READ(socket_of(file), sk);
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_UNIX) {
		rules = rules_of_target(regs);
		if (!rules)
			rules = rules_of_peer((u64)sk);
		line->message = BPF_CORE_READ(sk, sk_type) != SOCK_STREAM;
		/* Only a stream has the same peer for good. */
		if (rules || line->message)
			return rules;
	}
	plain = lines.plain;
	__sync_fetch_and_and(&object->object.marks, ~MARKS_PLAIN);
	__sync_fetch_and_or(&object->object.marks, plain);
	return 0;
}

/* ---- the end of a call ---- */

/* Whether the call by which the task is in the kernel has begun to write to what may be a log. */
static __always_inline bool line_under_way(void)
{
	struct task_state *state = task_state(bpf_get_current_task_btf(), 0);

	return state && state->under_way.line;
}

struct sent {
	struct line line;
	u64 vector;
	u32 count;
	u32 pad;
};

static long sent_one(u32 index, struct sent *all)
{
	u64 at = all->vector + (u64)index * SENT_BYTES, parts[2];

	if (index >= all->count)
		return 1;
	/* struct msghdr: name, its length, parts, how many. */
	if (bpf_probe_read_user(&all->line.bytes, 4, (const void *)(at + SENT_LENGTH)) ||
	    bpf_probe_read_user(parts, sizeof(parts), (const void *)(at + 16))) {
		lost_of(LOSS_UNREADABLE, CLASS_LINE);
		return 1;
	}
	all->line.bytes_at = parts[0];
	all->line.parts = parts[1] < PARTS_MAX ? parts[1] : PARTS_MAX;
	if (all->line.parts)
		record_line(&all->line);
	return 0;
}

static __noinline int sent_several(struct line *line, u64 vector, u32 count)
{
	struct sent all = { .vector = vector, .count = count };

	if (!line)
		return 0;
	all.line = *line;
	bpf_loop(SENT_MAX, sent_one, &all, 0);
	line->recorded = all.line.recorded;
	return 0;
}

static __noinline int line_of_call(struct pt_regs *regs, struct line *line, s64 result)
{
	u64 parts[2];

	if (!line)
		return 0;
	line->bytes = result;
	line->bytes_at = BPF_CORE_READ(regs, si);
	switch (line_call(BPF_CORE_READ(regs, orig_ax))) {
	case LINE_OF_PARTS:
		line->parts = BPF_CORE_READ(regs, dx);
		return record_line(line);
	case LINE_OF_MESSAGE:
		if (bpf_probe_read_user(parts, sizeof(parts), (const void *)(line->bytes_at + 16))) {
			lost_of(LOSS_UNREADABLE, CLASS_LINE);
			return 0;
		}
		line->bytes_at = parts[0];
		line->parts = parts[1];
		return record_line(line);
	case LINE_OF_MESSAGES:
		return sent_several(line, line->bytes_at, result);
	case LINE_OF_BYTES:
		return record_line(line);
	case LINE_OF_NONE:
		break;
	}
	return 0;
}

/*
 * The call is over by which the task wrote to what may be a log. A line ends a unit of work: what the process takes in for its next line
 * is to be seen again, though it may have taken the same before. To forget what was taken leads to more records, never to fewer; so a
 * line that had to make way ends no unit, or a flood of lines would become one of flows.
 */
static __noinline int line_ends(struct pt_regs *regs, s64 result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_state *state = task_state(task, 0), *leader = task_state(task->group_leader, 0);
	struct line line = {};
	struct line_log *log;

	if (!state || !leader || !state->under_way.line)
		return 0;
	line.object = state->under_way.line;
	line.task = state->object.id;
	state->under_way.line = 0;
	if (result <= 0)
		return 0;
	log = bpf_map_lookup_elem(&line_logs, &line.object);
	if (log)
		/* Those of before hold until all that is open was looked at again; the reader knows until when it takes them. */
		line.rules = log->generation + 1 >= lines.generation ? log->rules : 0;
	else if (lines.sockets)
		line.rules = rules_of_socket(regs, &line);
	if (!line.rules)
		return 0;
	line_of_call(regs, &line, result);
	if (!line.recorded)
		return 0;
	if (!leader->process.lines) {
		leader->process.lines = 1;
		conclusions_change();
	}
	__builtin_memset(leader->process.seen, 0, sizeof(leader->process.seen));
	return 0;
}

#endif
