/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloned MODE SOURCE SINK: one process reads SOURCE, another that shares its memory or its descriptors, or has a copy of them, writes
 * SINK.
 */
#include "page.h"
#include <linux/sched.h>
#include <sched.h>
#include <sys/syscall.h>

#define STACK 65536

static int reads_for_other(void *at)
{
	(void)at;
	take_to(bytes);
	/* Not exit(): that would run what is the parent's. */
	syscall(SYS_exit, 0);
	return 0;
}

/* The parent has written before: what it writes later is more than what it wrote then. */
static void clone_memory(char **arguments)
{
	static char stack[STACK] __attribute__((aligned(16)));
	int out;
	pid_t child;

	paths = arguments;
	out = open_sink(paths[1]);
	MUST(write(out, "-", 1) == 1);
	child = TRY(clone(reads_for_other, stack + STACK, CLONE_VM | SIGCHLD, NULL));
	wait_for(child);
	MUST(*bytes && write(out, bytes, strlen(bytes)) > 0);
	close(out);
}

static int writes_for_other(void *turn)
{
	char token;

	MUST(read(*(int *)turn, &token, 1) == 1);
	give_from(bytes);
	syscall(SYS_exit, 0);
	return 0;
}

/* The other way: what the parent reads when the child is there already. */
static void clone_memory_back(char **arguments)
{
	static char stack[STACK] __attribute__((aligned(16)));
	int turn[2];
	pid_t child;

	paths = arguments;
	TRY(pipe(turn));
	child = TRY(clone(writes_for_other, stack + STACK, CLONE_VM | SIGCHLD, &turn[0]));
	take_to(bytes);
	MUST(write(turn[1], "", 1) == 1);
	wait_for(child);
}

static char *volatile mapped_by_other;

static int maps_for_other(void *unused)
{
	int fd = TRY(open(paths[1], O_RDWR | O_CREAT | O_CLOEXEC, 0600));

	(void)unused;
	TRY(ftruncate(fd, ROOM));
	mapped_by_other = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	MUST(mapped_by_other != MAP_FAILED);
	syscall(SYS_exit, 0);
	return 0;
}

/* What either of them maps, both have: the child maps the sink, its parent stores what it reads then. */
static void clone_mapped(char **arguments)
{
	static char stack[STACK] __attribute__((aligned(16)));

	paths = arguments;
	wait_for(TRY(clone(maps_for_other, stack + STACK, CLONE_VM | SIGCHLD, NULL)));
	take_to(mapped_by_other);
}

static void vfork_mapped(char **arguments)
{
	pid_t child;

	paths = arguments;
	child = TRY(vfork());
	if (!child)
		maps_for_other(NULL);
	wait_for(child);
	take_to(mapped_by_other);
}

static pid_t clone3(unsigned long long flags)
{
	struct clone_args how = { .flags = flags, .exit_signal = SIGCHLD };

	return TRY_HERE(syscall(SYS_clone3, &how, sizeof(how)), "clone3");
}

/* The memory is copied: the child has what its parent had read. */
static void clone3_copy(char **arguments)
{
	pid_t child;

	paths = arguments;
	take_to(bytes);
	child = clone3(0);
	if (!child) {
		give_from(bytes);
		_exit(0);
	}
	wait_for(child);
}

/* One table of descriptors: what the child opens there its parent reads. */
static void clone_files(char **arguments)
{
	pid_t child;

	paths = arguments;
	child = clone3(CLONE_FILES);
	if (!child) {
		int fd = TRY(open(paths[0], O_RDONLY));

		TRY(dup3(fd, 100, 0));
		_exit(0);
	}
	wait_for(child);
	MUST(read(100, bytes, ROOM - 1) > 0);
	give_from(bytes);
}

/* Opened by the parent, duplicated by the child, read by the grandchild. */
static void inherited(char **arguments)
{
	int in = open(arguments[0], O_RDONLY);
	pid_t child = TRY(fork());

	paths = arguments;
	MUST(in >= 0);
	if (!child) {
		int copy = TRY(dup(in));
		pid_t grandchild = TRY(fork());

		if (!grandchild) {
			MUST(read(copy, bytes, ROOM - 1) > 0);
			give_from(bytes);
			_exit(0);
		}
		wait_for(grandchild);
		_exit(0);
	}
	wait_for(child);
}

static const struct mode modes[] = {
	{ "clone-memory", clone_memory }, { "clone-memory-back", clone_memory_back },
	{ "clone-mapped", clone_mapped }, { "vfork-mapped", vfork_mapped }, { "clone3", clone3_copy },
	{ "clone-files", clone_files }, { "inherited", inherited },
};

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: cloned MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
