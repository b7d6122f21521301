/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * One body, two ways to attach it. HOOK(file_open, struct file *file) { … } makes
 *
 *   lsm_file_open    at the LSM hook file_open: runs after the kernel's other security modules have agreed;
 *   fexit_file_open  after security_file_open, for kernels without `bpf` in their list of security modules: runs the body
 *                    only if the verdict was "go on".
 *
 * Both fire at the same point of the call, before the operation itself. The loader loads one family and leaves the other
 * out; programs of neither prefix belong to both. An LSM program returns 0, unless the policy is to refuse what cannot be
 * recorded (refuse.h). (The trampoline ends the chain at the first program that does refuse, so one that runs was not refused
 * before; programs that enforce have to be attached before these, or what they refuse is recorded.)
 *
 * AFTER and BEFORE attach to kernel functions that are no LSM hooks. Not every kernel has each of them: the loader leaves
 * out those that its BTF does not name.
 */
#ifndef HEADWATER_HOOK_H
#define HEADWATER_HOOK_H

#include "flow.h"
#include "refuse.h"
#include <bpf/bpf_tracing.h>

/* The arguments lie in an array of u64, whatever their types. */
#define CONVERSIONS_BEGIN								\
	_Pragma("GCC diagnostic push")							\
	_Pragma("GCC diagnostic ignored \"-Wint-conversion\"")
#define CONVERSIONS_END _Pragma("GCC diagnostic pop")

#define LSM_PROGRAM(name)								\
SEC("lsm/" #name)									\
int lsm_##name(unsigned long long *ctx)

#define FEXIT_PROGRAM(name)								\
SEC("fexit/security_" #name)								\
int fexit_##name(unsigned long long *ctx)

#define BODY(name, args...)								\
	CONVERSIONS_BEGIN								\
	on_##name(___bpf_ctx_cast(args));						\
	CONVERSIONS_END

/* The body as an LSM program's, which refuses what cannot be recorded, if that is the policy. */
#define GUARDED_BODY(name, args...)							\
	u64 before_ = unwritten_so_far();						\
	if (refuse_at_once())								\
		return -EAGAIN;								\
	BODY(name, args)								\
	return verdict_since(before_);

/* `allowed` says of the fexit program's context whether the verdict was to go on. */
#define HOOK_IF(allowed, name, args...)							\
static __always_inline void on_##name(unsigned long long *ctx, ##args);		\
LSM_PROGRAM(name)									\
{											\
	GUARDED_BODY(name, args)							\
}											\
FEXIT_PROGRAM(name)									\
{											\
	if (allowed) {									\
		BODY(name, args)							\
	}										\
	return 0;									\
}											\
static __always_inline void on_##name(unsigned long long *ctx, ##args)

/*
 * The same for a hook of open files that is passed all the time: who passes by leaves before anything else. The body is of a task that
 * is known not to pass by; it is in a function of its own, so that the others save no registers for it. `passes` says of the context who
 * passes by, with which files.
 */
#define FILE_HOOK(passes, name, args...)						\
static __always_inline void on_##name(unsigned long long *ctx, ##args);		\
static __noinline int lsm_##name##_within(unsigned long long *ctx)			\
{											\
	GUARDED_BODY(name, args)							\
}											\
LSM_PROGRAM(name)									\
{											\
	return passes(ctx) ? 0 : lsm_##name##_within(ctx);	\
}											\
static __noinline int fexit_##name##_within(unsigned long long *ctx)			\
{											\
	if ((int)ctx[___bpf_narg(args)] == 0) {						\
		BODY(name, args)							\
	}										\
	return 0;									\
}											\
FEXIT_PROGRAM(name)									\
{											\
	return passes(ctx) ? 0 : fexit_##name##_within(ctx);	\
}											\
static __always_inline void on_##name(unsigned long long *ctx, ##args)

/* The verdict lies behind the arguments. */
#define HOOK(name, args...) HOOK_IF((int)ctx[___bpf_narg(args)] == 0, name, ##args)

/* A hook that returns nothing, as nothing can be refused there any more. */
#define HOOK_VOID(name, args...)							\
static __always_inline void on_##name(unsigned long long *ctx, ##args);		\
LSM_PROGRAM(name)									\
{											\
	BODY(name, args)								\
	return 0;									\
}											\
FEXIT_PROGRAM(name)									\
{											\
	BODY(name, args)								\
	return 0;									\
}											\
static __always_inline void on_##name(unsigned long long *ctx, ##args)

/*
 * An operation of which nothing is recorded before it is done, though something will be then: all that there is to do is to
 * refuse it, under ON_LOSS_BLOCK. With any other policy the loader leaves such a program out (its name says so).
 */
#define GATE(name)									\
SEC("lsm/" #name)									\
int gate_##name(unsigned long long *ctx)						\
{											\
	return refuse_at_once() ? -EAGAIN : 0;						\
}

#define BEFORE(function, args...) SEC("fentry/" #function) int BPF_PROG(before_##function, ##args)
#define AFTER(function, args...) SEC("fexit/" #function) int BPF_PROG(after_##function, ##args)

/* What the function returned, where kernels differ in the number of its arguments. */
static __always_inline s64 returned(void *ctx)
{
	u64 value = 0;

	bpf_get_func_ret(ctx, &value);
	return value;
}

#endif
