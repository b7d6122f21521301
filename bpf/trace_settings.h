/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Calls that set what another process asks for (settings.h): of processes, of sockets. */
#ifndef HEADWATER_TRACE_SETTINGS_H
#define HEADWATER_TRACE_SETTINGS_H

#include "trace.h"
#include "settings.h"

static __noinline int on_set_process(struct call *call)
{
	u32 number = call->regs->orig_ax;
	int pid = process_set(call->regs, number);

	/* prlimit64(pid, resource, new, old) */
	if (!pid || (number == 302 && !ARG3(call)))
		return 0;
	return with_process(&call->who, pid, OP_PTRACE_WRITE, number);
}

static __noinline int on_exit_asked_process(struct call *call)
{
	u32 number = call->regs->orig_ax;
	int pid = process_set(call->regs, number);

	if (!pid || call->result < 0 || (number == 302 && !ARG4(call)))
		return 0;
	return with_process(&call->who, pid, OP_PROC_READ, number);
}

static __noinline int on_set_option(struct call *call)
{
	struct opened at = {};
	struct socket *socket;

	if (!opened(ARG1(call), &at) || at.type != S_IFSOCK)
		return 0;
	socket = socket_of(at.file);
	if (makes_ring(ARG2(call), ARG3(call)))
		ring_made(BPF_CORE_READ(socket, sk));
	return option_set(&call->who, at.object, option_number(ARG2(call), ARG3(call)));
}

/* A function of its own, so that its stack is given back. */
static __noinline int option_answered(struct call *call)
{
	struct opened at = {};

	if (!call || !opened(ARG1(call), &at) || at.type != S_IFSOCK)
		return 0;
	return option_asked(&call->who, at.object, option_number(ARG2(call), ARG3(call)));
}

static __noinline int on_exit_asked_option(struct call *call)
{
	if (call->result < 0)
		return 0;
	/* Pages of what was received, mapped. */
	if (ARG2(call) == SOL_TCP && ARG3(call) == TCP_ZEROCOPY_RECEIVE)
		return in_from(call, ARG1(call), NULL);
	return is_kernels(ARG2(call), ARG3(call)) ? 0 : option_answered(call);
}

#endif
