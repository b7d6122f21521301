/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process MODE SOURCE SINK: one process reads SOURCE, another writes SINK, and what joins them is what MODE names: memory that
 * both share, a reach into the other's memory, a descriptor. Who comes second waits for the end or the stop of the first, or for
 * its turn; the process that tells it to begin has nothing of the source.
 */
#include "tester.h"
#include <linux/sched.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>

#define ROOM 4096
#define STACK 65536
#define FILES 40
static char bytes[ROOM] __attribute__((aligned(ROOM)));
static char **paths;

static char *mapped_shared(void)
{
	char *at = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	MUST(at != MAP_FAILED);
	return at;
}

/* Takes the source to `at`, a zero behind it. */
static void take_to(char *at)
{
	at[take(paths[0], at, ROOM - 1)] = 0;
}

static void give_from(const char *at)
{
	MUST(*at);
	give(paths[1], at, strlen(at));
}

/* ---- shared memory ---- */

/* A child of its own for each: the one that writes was there before the other read, and their parent does neither. */
static void siblings(char **arguments)
{
	char *at = mapped_shared();
	pid_t second, first;
	int turn[2];

	paths = arguments;
	TRY(pipe(turn));
	second = TRY(fork());
	if (!second) {
		char token;

		MUST(read(turn[0], &token, 1) == 1);
		give_from(at);
		_exit(0);
	}
	first = TRY(fork());
	if (!first) {
		take_to(at);
		_exit(0);
	}
	wait_for(first);
	MUST(write(turn[1], "", 1) == 1);
	wait_for(second);
}

/* Memory that was mapped when the one who writes was there already: nothing of it gets there. `bytes` is not shared. */
static void mapped_later(char **arguments)
{
	char *before = mapped_shared(), *after;
	pid_t second, first;
	int turn[2];

	paths = arguments;
	strcpy(bytes, "nothing of it");
	TRY(pipe(turn));
	second = TRY(fork());
	if (!second) {
		char token;

		MUST(munmap(before, ROOM) == 0 && read(turn[0], &token, 1) == 1);
		give_from(bytes);
		_exit(0);
	}
	MUST(munmap(before, ROOM) == 0);
	after = mapped_shared();
	first = TRY(fork());
	if (!first) {
		TRY(execl("/proc/self/exe", "process", "take", paths[0], NULL));
	}
	wait_for(first);
	MUST(!*after && write(turn[1], "", 1) == 1);
	wait_for(second);
}

static void take_only(char **arguments)
{
	paths = arguments;
	take_to(bytes);
}

/* A segment by its key, attached by two children one after the other, the second for reading only. */
static void segment(char **arguments)
{
	key_t key = 0x48000000 ^ getpid();
	int id = TRY_HERE(shmget(key, ROOM, IPC_CREAT | IPC_EXCL | 0600), "System V shared memory");
	pid_t child = TRY(fork());
	char *at;

	paths = arguments;
	if (!child) {
		at = shmat(TRY(shmget(key, ROOM, 0)), NULL, 0);
		MUST(at != (void *)-1);
		take_to(at);
		_exit(0);
	}
	wait_for(child);
	child = TRY(fork());
	if (!child) {
		at = shmat(TRY(shmget(key, ROOM, 0)), NULL, SHM_RDONLY);
		MUST(at != (void *)-1);
		give_from(at);
		_exit(0);
	}
	wait_for(child);
	TRY(shmctl(id, IPC_RMID, NULL));
}

/* More files mapped shared than are kept with a process; the last of them, in a child, is the one that matters. */
static void many_mappings(char **arguments)
{
	char *at = NULL, name[32];
	pid_t child;

	paths = arguments;
	for (int i = 0; i < FILES; i++) {
		int fd;

		snprintf(name, sizeof(name), "mapped.%d", i);
		fd = TRY(open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
		TRY(ftruncate(fd, ROOM));
		at = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		MUST(at != MAP_FAILED);
		close(fd);
	}
	child = TRY(fork());
	if (!child) {
		take_to(at);
		_exit(0);
	}
	wait_for(child);
	/* Nothing that this process has mapped may join them: another reads the last file. */
	child = TRY(fork());
	if (!child)
		TRY(execl("/proc/self/exe", "process", "copy", name, paths[1], NULL));
	wait_for(child);
}

static void copy(char **arguments)
{
	paths = arguments;
	take_to(bytes);
	give_from(bytes);
}

/* A child stores the source in memory that its parent has mapped too. What the parent does then shows what it found there. */
static char *stored_by_child(void)
{
	char *at = mapped_shared();
	pid_t child = TRY(fork());

	if (!child) {
		take_to(at);
		_exit(0);
	}
	wait_for(child);
	MUST(*at);
	return at;
}

static void shared_size(char **arguments)
{
	int out;

	paths = arguments;
	out = open_sink(paths[1]);
	TRY(ftruncate(out, *stored_by_child()));
}

static void shared_creation(char **arguments)
{
	paths = arguments;
	if (*stored_by_child())
		close(open_sink(paths[1]));
}

/* ---- processes that share all of their memory, or their descriptors ---- */

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

/* ---- one process in another's memory ---- */

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

/* ---- what tells ---- */

/* How often a signal was sent is the source's first letter; nothing else reaches the receiver. */
static volatile sig_atomic_t counted;

static void count(int signal)
{
	(void)signal;
	counted++;
}

static void plain_signal(char **arguments)
{
	struct sigaction action = { .sa_handler = count, .sa_flags = SA_RESTART };
	pid_t child;

	paths = arguments;
	TRY(sigaction(SIGUSR1, &action, NULL));
	child = TRY(fork());
	if (!child) {
		take_to(bytes);
		TRY(kill(getppid(), SIGUSR1));
		_exit(0);
	}
	wait_for(child);
	MUST(counted == 1);
	give(paths[1], "one", 3);
}

static void core(char **arguments)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	pid_t child;
	int status;

	paths = arguments;
	child = TRY(fork());
	if (!child) {
		TRY(setrlimit(RLIMIT_CORE, &all));
		take_to(bytes);
		abort();
	}
	TRY(waitpid(child, &status, 0));
	MUST(WIFSIGNALED(status));
	if (!WCOREDUMP(status) || access("core", F_OK)) {
		errno = 0;
		not_here("core files in the folder of the process (kernel.core_pattern)");
	}
	TRY(rename("core", paths[1]));
}

static const struct mode modes[] = {
	{ "siblings", siblings }, { "mapped-later", mapped_later }, { "take", take_only }, { "segment", segment },
	{ "many-mappings", many_mappings }, { "copy", copy }, { "clone-memory", clone_memory },
	{ "clone-memory-back", clone_memory_back }, { "clone-mapped", clone_mapped }, { "vfork-mapped", vfork_mapped },
	{ "shared-size", shared_size }, { "shared-creation", shared_creation },
	{ "clone3", clone3_copy }, { "clone-files", clone_files },
	{ "inherited", inherited }, { "poke", poked }, { "registers", registers }, { "process-vm-writev", vm_write },
	{ "mem", memory_file }, { "mem-write", memory_file_write }, { "name", name }, { "pidfd-getfd", get_descriptor },
	{ "userfaultfd", fault }, { "kill", plain_signal }, { "core", core },
};

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: process MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
