/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The ends of the calls that write to logs (line_records.h). Only loaded where lines may be asked for, and only attached while they are:
 * the loader knows these programs by their names. Writes of io_uring, splice, sendfile and mappings end elsewhere: docs/annotation.md.
 */
#ifndef HEADWATER_HOOKS_LINES_H
#define HEADWATER_HOOKS_LINES_H

#include "hook.h"
#include "line_records.h"

#define LINE_WRITTEN_BY(call)								\
SEC("fexit/__x64_sys_" #call)								\
int BPF_PROG(line_##call, struct pt_regs *registers, s64 result)			\
{											\
	return line_under_way() ? line_ends(registers, result) : 0;			\
}

LINE_WRITTEN_BY(write)
LINE_WRITTEN_BY(pwrite64)
LINE_WRITTEN_BY(writev)
LINE_WRITTEN_BY(pwritev)
LINE_WRITTEN_BY(pwritev2)
LINE_WRITTEN_BY(sendto)
LINE_WRITTEN_BY(sendmsg)
LINE_WRITTEN_BY(sendmmsg)

#endif
