/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Values that one process sets and another asks for. Those of another process (its limits, priority, processors) are a way into it,
 * as ptrace is: OP_PTRACE_WRITE, with the number of the call. Options of a socket go into the socket, and come out of it
 * for whoever asks, once somebody has set one; what the kernel alone sets (SO_ERROR, SO_PEERCRED, …) is no answer of anybody's.
 */
#ifndef HEADWATER_SETTINGS_H
#define HEADWATER_SETTINGS_H

#include "processes.h"
#include "sockets.h"
#include "rings.h"

/* ---- of another process ---- */

/* setpriority(2) and ioprio_set(2) name a process only if they say so; sets of processes are not followed by number. */
#define PRIO_PROCESS 0
#define IOPRIO_WHO_PROCESS 1

/* The process that a call names by its number, whose setting it changes or asks for; 0 if it is the caller itself, or not one process. */
static __always_inline int process_set(struct pt_regs *regs, u32 number)
{
	u64 first = field(regs, di);

	switch (number) {
	case 140:	/* getpriority(which, who) */
	case 141:	/* setpriority(which, who, priority) */
		return first == PRIO_PROCESS ? field(regs, si) : 0;
	case 251:	/* ioprio_set(which, who, priority) */
	case 252:	/* ioprio_get(which, who) */
		return first == IOPRIO_WHO_PROCESS ? field(regs, si) : 0;
	}
	return first;
}

/* ---- options of sockets ---- */

/* include/uapi/asm-generic/socket.h, include/uapi/linux/tcp.h */
#define SOL_SOCKET 1
#define SOL_TCP 6
#define TCP_INFO 11
#define TCP_ZEROCOPY_RECEIVE 35

/* What getsockopt(2) tells is the kernel's own. */
static __always_inline bool is_kernels(u32 level, u32 name)
{
	if (level == SOL_TCP)
		return name == TCP_INFO;
	if (level != SOL_SOCKET)
		return false;
	switch (name) {
	case 3: case 4:			/* SO_TYPE, SO_ERROR */
	case 17: case 28: case 30:	/* SO_PEERCRED, SO_PEERNAME, SO_ACCEPTCONN */
	case 31: case 38: case 39:	/* SO_PEERSEC, SO_PROTOCOL, SO_DOMAIN */
	case 55: case 56: case 57:	/* SO_MEMINFO, SO_INCOMING_NAPI_ID, SO_COOKIE */
	case 59: case 77:		/* SO_PEERGROUPS, SO_PEERPIDFD */
		return true;
	}
	return false;
}

/* In the record: which option. */
static __always_inline u32 option_number(u32 level, u32 name)
{
	return level << 16 | (name & 0xffff);
}

/* An option is about to be set. */
static __noinline int option_set(struct actor *who, struct inode_object *object, u32 option)
{
	if (!who || !object)
		return 0;
	object->object.options = 1;
	put_out(who, object, OP_WRITE_IOCTL, 0, option, 0);
	return 0;
}

/* One was asked for. */
static __noinline int option_asked(struct actor *who, struct inode_object *object, u32 option)
{
	if (who && object && object->object.options)
		flow_to_process(&object->object, who->process, OP_READ_IOCTL, 0, option, 0, who->id);
	return 0;
}

#endif
