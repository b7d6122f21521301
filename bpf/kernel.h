/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The kernel types that the programs look into: only the fields that are used, found by name at load time (CO-RE), so
 * that one object serves every kernel from 6.1 on. Order and size say nothing here.
 */
#ifndef HEADWATER_KERNEL_H
#define HEADWATER_KERNEL_H

#include "kernel/basics.h"
#include "kernel/files.h"
#include "kernel/tasks.h"
#include "kernel/ipc.h"
#include "kernel/sockets.h"
#include "kernel/uring.h"
#include "kernel/watches.h"
#include "kernel/iterators.h"

#endif
