/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach MODE SOURCE SINK: one process reaches into another, for its memory, registers or descriptors. One of them reads SOURCE, the
 * other writes SINK.
 */
#include "page.h"
#include <linux/userfaultfd.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>

/* A child that has read the source and stopped. */
static pid_t stopped(void (*before)(void))
{
	pid_t child = TRY(fork());
	int status;

	if (!child) {
		before();
		TRY(raise(SIGSTOP));
		if (*bytes)
			give_from(bytes);
		_exit(0);
	}
	TRY(waitpid(child, &status, WUNTRACED));
	MUST(WIFSTOPPED(status));
	return child;
}

static void with_source(void)
{
	take_to(bytes);
	/* What it writes at the end is not what is looked for. */
	paths[1] = "/dev/null";
}

static void with_nothing(void)
{
}

static void let_go(pid_t child)
{
	TRY(kill(child, SIGCONT));
	wait_for(child);
}

static void attach(pid_t child)
{
	int status;

	TRY(ptrace(PTRACE_ATTACH, child, NULL, NULL));
	TRY(waitpid(child, &status, 0));
}

/* The word that the child will write comes from its tracer. */
static void poked(char **arguments)
{
	pid_t child;
	long word;

	paths = arguments;
	child = stopped(with_nothing);
	take_to(bytes);
	memcpy(&word, bytes, sizeof(word));
	attach(child);
	TRY(ptrace(PTRACE_POKEDATA, child, bytes, word));
	TRY(ptrace(PTRACE_DETACH, child, NULL, NULL));
	let_go(child);
}

/* A child that asks to be traced has the source's first bytes in a register of its call that stops it. */
static void registers(char **arguments)
{
	struct user_regs_struct regs;
	pid_t child;
	int status;

	paths = arguments;
	child = TRY(fork());
	if (!child) {
		long word;

		take_to(bytes);
		memcpy(&word, bytes, sizeof(word));
		TRY(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
		syscall(SYS_kill, getpid(), SIGSTOP, word);
		_exit(0);
	}
	TRY(waitpid(child, &status, 0));
	MUST(WIFSTOPPED(status));
	TRY(ptrace(PTRACE_GETREGS, child, NULL, &regs));
	TRY(ptrace(PTRACE_DETACH, child, NULL, NULL));
	wait_for(child);
	give(paths[1], (char *)&regs.rdx, sizeof(regs.rdx));
}

static void vm_write(char **arguments)
{
	struct iovec at = { bytes, ROOM };
	pid_t child;

	paths = arguments;
	child = stopped(with_nothing);
	take_to(bytes);
	MUST(TRY_HERE(process_vm_writev(child, &at, 1, &at, 1, 0), "process_vm_writev") == ROOM);
	let_go(child);
}

static int open_of(pid_t pid, const char *file, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	return TRY(open(path, flags | O_CLOEXEC));
}

/* Opened before the child has read anything. */
static void memory_file(char **arguments)
{
	char copy[ROOM];
	int mem, turn[2];
	pid_t child;

	paths = arguments;
	TRY(pipe(turn));
	child = TRY(fork());
	if (!child) {
		char token;

		MUST(read(turn[0], &token, 1) == 1);
		take_to(bytes);
		TRY(raise(SIGSTOP));
		_exit(0);
	}
	mem = open_of(child, "mem", O_RDWR);
	MUST(write(turn[1], "", 1) == 1);
	TRY(waitpid(child, NULL, WUNTRACED));
	MUST(pread(mem, copy, ROOM, (off_t)(uintptr_t)bytes) == ROOM && *copy);
	let_go(child);
	give(paths[1], copy, strlen(copy));
}

static void memory_file_write(char **arguments)
{
	pid_t child;
	int mem;

	paths = arguments;
	child = stopped(with_nothing);
	take_to(bytes);
	mem = open_of(child, "mem", O_RDWR);
	MUST(pwrite(mem, bytes, ROOM, (off_t)(uintptr_t)bytes) == ROOM);
	let_go(child);
}

/* The child's name, which it took from the source, as /proc shows it. */
static void with_name(void)
{
	with_source();
	TRY(prctl(PR_SET_NAME, bytes));
	*bytes = 0;
}

static void name(char **arguments)
{
	char *sink = arguments[1];
	pid_t child;
	int comm;

	paths = arguments;
	child = stopped(with_name);
	comm = open_of(child, "comm", O_RDONLY);
	MUST(read(comm, bytes, ROOM - 1) > 1);
	let_go(child);
	give(sink, bytes, strlen(bytes));
}

/* A descriptor of the child's own table; the child has nothing of what it refers to but the descriptor. */
static void get_descriptor(char **arguments)
{
	pid_t child = TRY(fork());
	int pidfd, fd;

	paths = arguments;
	if (!child) {
		TRY(dup3(open_source(paths[0]), 100, 0));
		TRY(raise(SIGSTOP));
		_exit(0);
	}
	TRY(waitpid(child, NULL, WUNTRACED));
	pidfd = TRY_HERE(syscall(SYS_pidfd_open, child, 0), "pidfd_open");
	fd = TRY_HERE(syscall(SYS_pidfd_getfd, pidfd, 100, 0), "pidfd_getfd");
	MUST(read(fd, bytes, ROOM - 1) > 0);
	let_go(child);
	give_from(bytes);
}

/* The child's page is filled by its parent, at the child's first touch of it. */
static void fault(char **arguments)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffdio_copy page;
	char *at = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int pidfd, faults;
	pid_t child;

	paths = arguments;
	MUST(at != MAP_FAILED);
	child = TRY(fork());
	if (!child) {
		faults = TRY_HERE(syscall(SYS_userfaultfd, 0), "userfaultfd");
		TRY(ioctl(faults, UFFDIO_API, &api));
		range.range.start = (uintptr_t)at;
		range.range.len = ROOM;
		TRY(ioctl(faults, UFFDIO_REGISTER, &range));
		TRY(dup2(faults, 100));
		TRY(raise(SIGSTOP));
		give_from(at);
		_exit(0);
	}
	TRY(waitpid(child, &faults, WUNTRACED));
	if (WIFEXITED(faults))
		_exit(WEXITSTATUS(faults));
	pidfd = TRY_HERE(syscall(SYS_pidfd_open, child, 0), "pidfd_open");
	faults = TRY_HERE(syscall(SYS_pidfd_getfd, pidfd, 100, 0), "pidfd_getfd");
	TRY(kill(child, SIGCONT));
	take_to(bytes);
	page = (struct uffdio_copy){ .dst = (uintptr_t)at, .src = (uintptr_t)bytes, .len = ROOM };
	TRY(ioctl(faults, UFFDIO_COPY, &page));
	wait_for(child);
}

static const struct mode modes[] = {
	{ "poke", poked }, { "registers", registers }, { "process-vm-writev", vm_write }, { "mem", memory_file },
	{ "mem-write", memory_file_write }, { "name", name }, { "pidfd-getfd", get_descriptor },
	{ "userfaultfd", fault },
};

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: reach MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
