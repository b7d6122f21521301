/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Where an operation can be refused that is recorded only when it is done: for ON_LOSS_BLOCK (refuse.h). */
#ifndef HEADWATER_HOOKS_GATES_H
#define HEADWATER_HOOKS_GATES_H

#include "hook.h"

GATE("lsm/task_alloc", task_alloc)
GATE("lsm/socket_accept", socket_accept)

/* Bytes that go from pipe to pipe, or between a pipe and memory, pass no LSM hook. */
GATE("fmod_ret/__x64_sys_splice", splice)
GATE("fmod_ret/__x64_sys_tee", tee)
GATE("fmod_ret/__x64_sys_vmsplice", vmsplice)

#endif
