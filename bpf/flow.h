/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The flow core: what an object is, which state it is in, and whether a flow adds anything. Front-ends say only *from
 * this object, to that one, by this operation*; docs/flow-core.md gives the argument in full.
 *
 * Three rules make the stream that leaves here exact:
 *
 *  1. Reserve, then stamp. A record takes its time after its place in the ring is reserved, so a reader that has emptied
 *     a ring at time T has seen every record older than T.
 *  2. Stamp, then publish. The time is taken before the new state can be seen, so whoever sees the state has a later time.
 *  3. Front-ends report a flow into an object before the bytes can be seen there, and a flow out of it after they were
 *     taken. So a reader that got the bytes also finds the state that they brought.
 *
 * A flow is left out if the object has already taken this very state of the source: whatever the source held then, the
 * object has. States are unique, so one comparison of 64 bits decides.
 */
#ifndef HEADWATER_FLOW_H
#define HEADWATER_FLOW_H

#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "record.h"
#include "classes.h"
#include "select.h"
#include "bystanders.h"

#define CPUS_MAX 512

/* How many states a sink remembers having taken; powers of two. A process alternates between more sources than a file. */
#define SEEN_PROCESS 32
#define SEEN_INODE 4

struct object {
	u64 id;
	u64 state;
	u64 taint;		/* what it may hold: 64 sorts, never taken away */
	u32 marks;		/* enum mark; of an inode also a part of its number (conclusions.h) */
	u8 kind : 7;		/* enum kind */
	/* Of an inode. */
	u8 options : 1;		/* 1 if options of the socket were set; nothing else in this byte changes */
	u8 address;		/* 1 if the socket's addresses were reported */
	u8 shows_process;	/* 1 if it is a file of /proc that shows a process (processes.h), or one that watches (watches.h) */
	u8 pairing;		/* enum pairing (connections.h): of a TCP connection */
};

struct inode_object {
	struct object object;
	u64 seen[SEEN_INODE];
	u64 name;		/* stands for the name last reported: see names.h; 0 if none was */
};

/* Memory that a process shares, with files or with other processes: see shared.h. */
struct mapping {
	struct inode_key key;	/* dev 0: the place is empty */
	u32 writable;
	u32 pad;
};

#define MAPPINGS_NEAR 9		/* kept with the process; the first place is for a whole memory */
#define MAPPINGS_FURTHER 55	/* kept beside it, of those few processes that have so many */
#define MAPPINGS_MAX (MAPPINGS_NEAR + MAPPINGS_FURTHER)

struct process {
	struct object object;
	u64 seen[SEEN_PROCESS];
	struct mapping mappings[MAPPINGS_NEAR];
	u32 mapped;		/* how many places are in use; one more than there are, if some further on are */
	u32 anonymous;		/* 1 if memory was mapped that the next child will share */
	u32 lines;		/* 1 if it has written to a log: what it has copied is copied anew for the next line */
	u32 pad;
};

/* An entry of a directory that the task is about to make: its dentry, and by which operation. */
struct entry_made {
	u64 dentry;
	u64 super_block;
	u64 op;
};

/*
 * What the call that the task is in has shown so far, for hooks that see only a part of it. Kernel pointers, as numbers:
 * valid while that call lasts, and only ever read through.
 */
struct under_way {
	u64 mount;		/* of the directory whose entries change */
	struct entry_made made[2];	/* [1]: of the file system below a stacked one */
	u64 opened_new;		/* dentry of a file made by this open, introduced already */
	u64 from;		/* the files of a copy inside the kernel */
	u64 to;
	u64 sending;		/* the socket's object, while it sends; trace: 1 if it had no name when it began */
	u64 receiving;		/* the socket that the task has asked to take from last */
	struct inode_key reading;	/* asked for, and not yet reported as taken; ino 0: nothing */
	u64 reading_op;
	u64 line;		/* id of what is written to, if that may be a log (lines.h); 0: it is none */
};

/* What the flow core keeps of a task; `process` is in use in thread group leaders only. */
struct task_state {
	struct object object;	/* id 0: not followed */
	u32 opaque;		/* not followed any more, nor its children: Headwater itself; the leader's counts */
	u16 shares_memory;	/* with its parent, until it executes or ends (vfork) */
	u16 ended;		/* the whole process, which may stay for long as a zombie; the leader's counts */
	u32 verdict;		/* whether the process is recorded, and under which policy; the leader's counts */
	u32 admitted;		/* it is not, but in this call has touched something that is tracked */
	u32 read_in;		/* what it had before it was followed has been read in, by this run of the iterators */
	u32 forgotten;		/* how often the verdict was taken back */
	u64 process_id;		/* a copy of the leader's, for an exec that is not made by the leader */
	struct process process;
	struct under_way under_way;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_state);
} tasks SEC(".maps");

/*
 * An object that falls out of this map is met again under a new id; the reader joins the two by their inode, so eviction
 * costs records, never paths.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 262144);
	__type(key, struct inode_key);
	__type(value, struct inode_object);
} inodes SEC(".maps");

/* Which file system each device number is, as the reader was told: a number that stands for device, address and UUID. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u32);
	__type(value, u64);
} file_systems SEC(".maps");

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);	/* the loader makes rings of the size that it was asked for */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, CPUS_MAX);
	__type(key, u32);
	__array(values, struct ring);
} rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct lane);
} lanes SEC(".maps");

/* Never set: keeps the record types in the object's BTF, against which the reader's layout is tested. */
#define KEEP_TYPE(type) struct type *type##_kept_
KEEP_TYPE(record_head);
KEEP_TYPE(flow_record);
KEEP_TYPE(inode_record);
KEEP_TYPE(file_system_record);
KEEP_TYPE(task_record);
KEEP_TYPE(address_record);
KEEP_TYPE(config);
KEEP_TYPE(policy);
KEEP_TYPE(target_key);
KEEP_TYPE(marking);
KEEP_TYPE(address_target);
KEEP_TYPE(marking_request);
KEEP_TYPE(marked_key);
KEEP_TYPE(security_request);

/* Set by the loader before the programs are loaded; a section of its own, so that the loader need not search for it. */
const volatile struct config config SEC(".rodata.config") = {};

/* Whether the environment of programs is wanted; set like config. */
const volatile u32 environment_wanted SEC(".rodata.environment") = 0;

/* Set by the loader while the programs run. */
volatile struct control control SEC(".data.control") = {};
volatile struct opaque_request opaque_request SEC(".data.opaque") = {};

/*
 * Whether a record wakes the reader: BPF_RB_FORCE_WAKEUP while it sleeps, BPF_RB_NO_WAKEUP while it looks at the rings by itself, which
 * costs who is recorded nothing. Written by the reader, who has mapped the section.
 */
volatile u64 wakes SEC(".data.wakes") = BPF_RB_NO_WAKEUP;

/* The file that makes opaque: who opens it for writing leaves the record (actors.h). ino 0: there is none. */
volatile struct inode_key opaque_key = {};

/* The one key of maps with one entry: not on the stack, of which a chain of calls has 512 bytes. */
static const u32 only_key = 0;

static __always_inline struct lane *lane(void)
{
	return bpf_map_lookup_elem(&lanes, &only_key);
}

/*
 * Global functions, here and elsewhere, are verified once in each program; a static one, once for each way to each of its calls. They
 * take numbers and memory: a kernel pointer only in memory, as a number.
 */
__noinline int lost_of(u32 cause, u32 class)
{
	struct lane *here = lane();

	if (here && cause < LOSS_CAUSES)
		__sync_fetch_and_add(&here->lost[cause][class & (RECORD_CLASSES - 1)], 1);
	return 0;
}

/* Nobody knows what. */
#define lost(cause) lost_of(cause, CLASS_OTHER)

/* As lost_of, where an operation that can still be refused must be (refuse.h). */
static __always_inline void unwritten(enum loss cause, u32 class)
{
	struct lane *here = lane();

	if (!here)
		return;
	__sync_fetch_and_add(&here->unwritten, 1);
	__sync_fetch_and_add(&here->lost[cause][class & (RECORD_CLASSES - 1)], 1);
}

/*
 * Counts an entry that was made in a map of `room` entries, whose oldest make way when it is full: what those join is then not seen.
 * Counted half a map early, because the map's free entries are shared out among the CPUs; and whether or not those entries were still
 * of use, which is not known.
 */
static __always_inline void count_entry(u64 *made, u32 room, u32 class)
{
	if ((__sync_fetch_and_add(made, 1) + 1) % (room / 2) == 0)
		lost_of(LOSS_MAP_FULL, class);
}

/* What stands for an object where last_states are kept: a part of its inode's number, or of its id if it is none's. */
static __always_inline u32 number_of(struct object *object)
{
	return object->kind == KIND_PROCESS_MEMORY ? (u32)(object->id ^ object->id >> 48) : object->marks >> NUMBER_SHIFT;
}

/* Rule 2: the caller has stamped the record. What repeats (repeats.h) asks for the last state before it asks for the object's. */
static __always_inline void publish_state(struct object *object, u64 state)
{
	__sync_lock_test_and_set(&object->state, state);
	*last_state(number_of(object)) = state;
}

static __always_inline void *ring_here(void)
{
	u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&rings, &cpu);
}

/* The next id of this CPU's lane. Atomic, because some programs may be preempted by others on the same CPU. */
static __always_inline u64 next_id(u64 *counter)
{
	return (u64)bpf_get_smp_processor_id() << 48 | (__sync_fetch_and_add(counter, 1) + 1);
}

/* What is to be done with an object has changed, though it has no new state: nothing of before repeats (repeats.h). */
static __always_inline void is_otherwise(struct object *object)
{
	struct lane *here = lane();

	if (here)
		*last_state(number_of(object)) = next_id(&here->states);
}

static __always_inline u64 new_object_id(void)
{
	struct lane *here = lane();

	return here ? next_id(&here->objects) : 0;
}

/* Whether a record of this class has to give way to more important ones. Another policy's programs have no such question. */
static __always_inline bool must_give_way(void *ring, u32 class)
{
	return config.on_loss == ON_LOSS_SHED &&
	       bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) > config.backlog_max[class & (RECORD_CLASSES - 1)];
}

/*
 * Opens a record: reserves its place, then stamps it. NULL (and counted) if the ring is full or the policy gives the room to
 * others. A macro because the verifier wants the size of a reservation to be a constant.
 */
#define record_open_as(type_of, record_kind, record_class)				\
({											\
	void *ring_ = ring_here();							\
	bool shed_ = ring_ && must_give_way(ring_, record_class);			\
	type_of *r_ = ring_ && !shed_ ? bpf_ringbuf_reserve(ring_, sizeof(type_of), 0) : NULL;	\
	if (r_) {									\
		r_->head.type = record_kind;						\
		r_->head.op = 0;							\
		r_->head.flags = 0;							\
		r_->head.arg = 0;							\
		r_->head.object = 0;							\
		r_->head.state = 0;							\
		r_->head.time = bpf_ktime_get_boot_ns();				\
	} else {									\
		unwritten(shed_ ? LOSS_SHED : LOSS_RING_FULL, record_class);		\
	}										\
	r_;										\
})

/* The same for all records but flows. */
#define record_open(type_of, record_kind) record_open_as(type_of, record_kind, class_of_type(record_kind))

#define record_close(r) bpf_ringbuf_submit(r, wakes)
#define record_drop(r) bpf_ringbuf_discard(r, BPF_RB_NO_WAKEUP)

/* Which of `slots` remembers this state. States count up on each CPU, so neighbours fall into different slots. */
static __always_inline u32 seen_slot(u64 state, u32 slots)
{
	return (u32)(state ^ state >> 48) & (slots - 1);
}

/* One flow, about to be recorded. A struct, because a BPF function takes no more than five arguments. */
struct flow {
	u64 from;
	u64 from_state;
	u64 remember;		/* what the sink is to remember of it */
	u64 extra;
	u64 task;
	u32 arg;
	u16 flags;
	u8 op;
	u8 pad;
};

/* Fills what tells the marks that an object bears now. */
static __always_inline void fill_marks(struct flow_record *r, struct object *object, u64 task)
{
	r->head.object = object->id;
	r->head.arg = object->marks & MARKS_TOLD;
	r->from = object->id;
	r->from_state = 0;
	r->extra = object->taint;
	r->task = task;
}

/* The functions of selection are global, so that they are verified once and not for each place. */

/* The id of the current task, for one that was introduced only when it touched something that is tracked. */
static __always_inline u64 acting_task(void)
{
	struct task_state *state = bpf_task_storage_get(&tasks, bpf_get_current_task_btf(), NULL, 0);

	return state ? state->object.id : 0;
}

/*
 * Whether the policy lets a flow be recorded: the task that acts, or 0. If so, marks go along it, before the state that it brings can
 * be seen: who finds the state also finds them. They only grow, so a source that hands on nothing new is one comparison; if the source's
 * marks grow later, that gives it a new state.
 */
__noinline u64 select_flow(struct object *from, struct object *to, u32 op, u64 task)
{
	/* Before the marks, as where a process is judged. */
	u32 partial = policy.partial, marks;
	struct flow_record *r;
	bool newly;
	u64 taint;

	if (!from || !to)
		return 0;
	marks = *(volatile u32 *)&from->marks | *(volatile u32 *)&to->marks;
	if (marks & MARKS_OPAQUE || (partial && !(marks & MARK_TRACKED)) || is_set(policy.operations, op) ||
	    has_kind(policy.kinds, from->kind) || has_kind(policy.kinds, to->kind))
		return 0;
	if (!task)
		task = acting_task();
	taint = from->taint;
	if ((from->marks & MARKS_SPREADING) != MARKS_SPREADING ||
	    ((to->marks & MARKS_SPREADING) == MARKS_SPREADING && !(taint & ~to->taint)) ||
	    is_set(policy.spread_operations, op) || has_kind(policy.spread_kinds, to->kind))
		return task;
	newly = !(to->marks & MARK_TRACKED);
	if (newly)
		to_be_tracked(to->kind, to->marks);
	__sync_fetch_and_or(&to->taint, taint);
	__sync_fetch_and_or(&to->marks, MARKS_SPREADING);
	if (newly)
		tracked_now(to->kind);
	r = record_open(struct flow_record, RECORD_MARK);
	if (!r)
		return task;
	fill_marks(r, to, task);
	record_close(r);
	return task;
}

/* Before record_flow, not in it: a chain of calls has 512 bytes of stack. As long as there is neither mark nor filter, one comparison. */
static __always_inline bool lets_through(struct object *from, struct object *to, struct flow *flow)
{
	if (!(((from->marks | to->marks) & MARKS_TOLD) | policy.active))
		return true;
	flow->task = select_flow(from, to, flow->op, flow->task);
	return flow->task;
}

/*
 * Marks an object otherwise than by a flow. A new state, so that those who have taken what it holds take its marks too; nobody finds it
 * before the record is written. `task`: who did it, 0 if user space.
 */
__noinline int change_marks(struct object *object, struct marking *marking, u64 task)
{
	struct flow_record *r;
	struct lane *here = lane();
	bool newly;
	u64 before;

	if (!object || !marking || !here ||
	    (!(marking->set & ~object->marks) && !(marking->clear & object->marks) && !(marking->taint & ~object->taint)))
		return 0;
	before = *(volatile u64 *)&object->state;
	newly = marking->set & ~object->marks & MARK_TRACKED;
	if (newly)
		to_be_tracked(object->kind, object->marks);
	__sync_fetch_and_or(&object->taint, marking->taint);
	__sync_fetch_and_or(&object->marks, marking->set);
	__sync_fetch_and_and(&object->marks, ~marking->clear);
	if (newly)
		tracked_now(object->kind);
	/* One that the reader does not know yet: its introduction tells. */
	if (!object->id)
		return 1;
	r = record_open(struct flow_record, RECORD_MARK);
	if (!r)
		return 1;
	fill_marks(r, object, task);
	r->from_state = before;
	r->head.state = next_id(&here->states);
	publish_state(object, r->head.state);
	record_close(r);
	return 1;
}

/*
 * Records a flow and gives `to` a new state. False if the ring is full: nothing has changed then. `seen`: where `to` remembers having
 * taken it.
 */
__noinline int record_flow(struct flow *flow, struct object *to, u64 *seen)
{
	struct flow_record *r;
	struct lane *here = lane();
	u64 state;

	if (!here || !flow || !to || !seen)
		return false;
	r = record_open_as(struct flow_record, RECORD_FLOW, class_of_operation[flow->op]);
	if (!r)
		return false;
	state = next_id(&here->states);
	r->head.op = flow->op;
	r->head.flags = flow->flags;
	r->head.arg = flow->arg;
	r->head.object = to->id;
	r->head.state = state;
	r->from = flow->from;
	r->from_state = flow->from_state;
	r->extra = flow->extra;
	r->task = flow->task;
	/*
	 * Published after the time was taken (rule 2), and remembered after it was published: another thread that finds the
	 * flow remembered, and therefore leaves its own out, must not send on the state from before.
	 */
	publish_state(to, state);
	*(volatile u64 *)seen = flow->remember;
	record_close(r);
	return true;
}

/*
 * What is remembered of an open, and of an accept: not that the bytes were taken, only that the sink has had the object open in
 * this state.
 */
#define OPENED (1ULL << 63)

/*
 * What is remembered beside the state, 0 where it is that the bytes were taken. What only tells (a signal, an exit status) must
 * not keep out a later flow of the bytes, nor another kind of telling. CPUs take the lower nine of a state's upper 16 bits; there are
 * three to tell the kinds apart.
 */
#define told_by(op) ((op) == OP_OPEN || (op) == OP_ACCEPT ? OPENED : (op) >= OP_TELLING_FIRST && (op) <= OP_TELLING_LAST ?	\
		     OPENED | (u64)((op) - OP_TELLING_FIRST + 1) << 60 : 0)

/* Information flows from one object to another that remembers `slots` sources. True if it was recorded. */
#define flow_into(source, sink, slots, how_op, how_flags, how_arg, how_extra, actor_id)		\
({												\
	struct object *from_ = (source);							\
	u64 state_ = *(volatile u64 *)&from_->state, remember_ = state_;			\
	u64 *seen_ = &(sink)->seen[seen_slot(state_, slots)];					\
	bool new_ = *(volatile u64 *)seen_ != state_;						\
	if (new_ && told_by(how_op)) {								\
		remember_ |= told_by(how_op);							\
		seen_ = &(sink)->seen[seen_slot(state_ + slots / 2, slots)];			\
		new_ = *(volatile u64 *)seen_ != remember_;					\
	}											\
	if (new_) {										\
		struct flow flow_ = {								\
			.from = from_->id, .from_state = state_, .remember = remember_, .op = how_op,	\
			.flags = how_flags, .arg = how_arg, .extra = how_extra, .task = actor_id,	\
		};										\
		new_ = lets_through(from_, &(sink)->object, &flow_) &&				\
		       record_flow(&flow_, &(sink)->object, seen_);				\
	}											\
	new_;											\
})

int share_out(struct process *process, u64 task);

/* The same for an act that is worth a record whether or not it brings anything new: a rename, a removal. */
#define act_on_inode(source, sink, how_op, how_arg, actor_id)					\
({												\
	struct object *from_ = (source);							\
	struct flow flow_ = { .from = from_->id, .op = how_op, .arg = how_arg, .task = actor_id };	\
	flow_.from_state = *(volatile u64 *)&from_->state;					\
	flow_.remember = flow_.from_state;							\
	lets_through(from_, &(sink)->object, &flow_) &&						\
		record_flow(&flow_, &(sink)->object, &(sink)->seen[seen_slot(flow_.from_state, SEEN_INODE)]);	\
})

#define flow_to_process(source, sink, op, flags, arg, extra, actor_id)				\
({												\
	bool took_ = flow_into(source, sink, SEEN_PROCESS, op, flags, arg, extra, actor_id);	\
	if (took_ && (sink)->mapped)								\
		share_out(sink, actor_id);							\
	took_;											\
})
#define flow_to_inode(source, sink, op, flags, arg, extra, actor_id) \
	flow_into(source, sink, SEEN_INODE, op, flags, arg, extra, actor_id)

#endif
