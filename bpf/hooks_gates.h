/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Where an operation can be refused that is recorded only when it is done: for ON_LOSS_BLOCK (refuse.h). Bytes that go from
 * pipe to pipe, or between a pipe and memory (splice, tee, vmsplice), pass no LSM hook, and Debian's kernels let nobody refuse
 * these calls either: they live on the reserve.
 */
#ifndef HEADWATER_HOOKS_GATES_H
#define HEADWATER_HOOKS_GATES_H

#include "hook.h"

GATE(task_alloc)
GATE(socket_accept)

#endif
