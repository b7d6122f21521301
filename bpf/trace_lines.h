/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The ends of the calls that write to logs: line_records.h. */
#ifndef HEADWATER_TRACE_LINES_H
#define HEADWATER_TRACE_LINES_H

#include "trace.h"
#include "line_records.h"

static __always_inline bool line_under_way(void)
{
	struct task_state *state = task_state(bpf_get_current_task_btf(), 0);

	return state && state->under_way.line;
}

#endif
