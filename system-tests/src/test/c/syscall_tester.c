/* SPDX-License-Identifier: Apache-2.0 */
/*
 * syscall_tester NAME background|foreground: prepares for one system call, and in the foreground makes it. What the record of the
 *     foreground has more than that of the background is what the call adds; the method and the calls are ProvMark's.
 * syscall_tester all: each name of `calls` in the background and then in the foreground, each time in a process and a folder of its
 *     own (NAME.MODE, with a file test.txt), and prints "NAME MODE PID" of each. "nothing" comes first: what happens once only
 *     happens there.
 */
#include "tester.h"
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define NOBODY 65534

static int fd, first[2], second[2];
static pid_t child;
static char byte;

static void none(void) { }
static void with_reader(void) { fd = TRY(open("test.txt", O_RDONLY)); }
static void with_writer(void) { fd = TRY(open("test.txt", O_RDWR)); }

static void with_pipes(void)
{
	TRY(pipe(first));
	TRY(pipe(second));
	MUST(TRY(write(first[1], "x", 1)) == 1);
}

/* A child that sleeps until it is killed or its parent ends. */
static void with_child(void)
{
	pid_t parent = getpid();

	child = TRY(fork());
	if (child)
		return;
	TRY(prctl(PR_SET_PDEATHSIG, SIGKILL));
	while (getppid() == parent)
		pause();
	_exit(0);
}

static void do_open(void) { TRY(syscall(SYS_open, "test.txt", O_RDWR)); }
static void do_openat(void) { TRY(syscall(SYS_openat, AT_FDCWD, "test.txt", O_RDWR)); }
static void do_creat(void) { TRY(syscall(SYS_creat, "new.txt", 0644)); }
static void do_close(void) { TRY(syscall(SYS_close, fd)); }
static void do_dup(void) { TRY(syscall(SYS_dup, fd)); }
static void do_dup2(void) { TRY(syscall(SYS_dup2, fd, 50)); }
static void do_dup3(void) { TRY(syscall(SYS_dup3, fd, 50, 0)); }
static void do_read(void) { MUST(TRY(syscall(SYS_read, fd, &byte, 1)) == 1); }
static void do_pread(void) { MUST(TRY(syscall(SYS_pread64, fd, &byte, 1, 0)) == 1); }
static void do_write(void) { MUST(TRY(syscall(SYS_write, fd, "x", 1)) == 1); }
static void do_pwrite(void) { MUST(TRY(syscall(SYS_pwrite64, fd, "x", 1, 0)) == 1); }
static void do_chmod(void) { TRY(syscall(SYS_chmod, "test.txt", 0600)); }
static void do_fchmod(void) { TRY(syscall(SYS_fchmod, fd, 0600)); }
static void do_fchmodat(void) { TRY(syscall(SYS_fchmodat, AT_FDCWD, "test.txt", 0600)); }
static void do_chown(void) { TRY(syscall(SYS_chown, "test.txt", NOBODY, NOBODY)); }
static void do_fchown(void) { TRY(syscall(SYS_fchown, fd, NOBODY, NOBODY)); }
static void do_fchownat(void) { TRY(syscall(SYS_fchownat, AT_FDCWD, "test.txt", NOBODY, NOBODY, 0)); }
static void do_truncate(void) { TRY(syscall(SYS_truncate, "test.txt", 1)); }
static void do_ftruncate(void) { TRY(syscall(SYS_ftruncate, fd, 1)); }
static void do_link(void) { TRY(syscall(SYS_link, "test.txt", "new.txt")); }
static void do_linkat(void) { TRY(syscall(SYS_linkat, AT_FDCWD, "test.txt", AT_FDCWD, "new.txt", 0)); }
static void do_symlink(void) { TRY(syscall(SYS_symlink, "test.txt", "new.txt")); }
static void do_symlinkat(void) { TRY(syscall(SYS_symlinkat, "test.txt", AT_FDCWD, "new.txt")); }
static void do_mknod(void) { TRY(syscall(SYS_mknod, "new.txt", S_IFIFO | 0644, 0)); }
static void do_mknodat(void) { TRY(syscall(SYS_mknodat, AT_FDCWD, "new.txt", S_IFIFO | 0644, 0)); }
static void do_rename(void) { TRY(syscall(SYS_rename, "test.txt", "new.txt")); }
static void do_renameat(void) { TRY(syscall(SYS_renameat, AT_FDCWD, "test.txt", AT_FDCWD, "new.txt")); }
static void do_unlink(void) { TRY(syscall(SYS_unlink, "test.txt")); }
static void do_unlinkat(void) { TRY(syscall(SYS_unlinkat, AT_FDCWD, "test.txt", 0)); }
static void do_setuid(void) { TRY(syscall(SYS_setuid, NOBODY)); }
static void do_setreuid(void) { TRY(syscall(SYS_setreuid, NOBODY, NOBODY)); }
static void do_setresuid(void) { TRY(syscall(SYS_setresuid, NOBODY, NOBODY, NOBODY)); }
static void do_setgid(void) { TRY(syscall(SYS_setgid, NOBODY)); }
static void do_setregid(void) { TRY(syscall(SYS_setregid, NOBODY, NOBODY)); }
static void do_setresgid(void) { TRY(syscall(SYS_setresgid, NOBODY, NOBODY, NOBODY)); }
static void do_pipe(void) { TRY(syscall(SYS_pipe, first)); }
static void do_pipe2(void) { TRY(syscall(SYS_pipe2, first, 0)); }
static void do_tee(void) { MUST(TRY(syscall(SYS_tee, first[0], second[1], 1, 0)) == 1); }
static void do_exit(void) { syscall(SYS_exit, 0); }

static void do_kill(void)
{
	TRY(syscall(SYS_kill, child, SIGKILL));
	TRY(waitpid(child, NULL, 0));
}

static void do_execve(void)
{
	char *arguments[] = { "syscall_tester", "nothing", "background", NULL }, *environment[] = { NULL };

	TRY(syscall(SYS_execve, "/proc/self/exe", arguments, environment));
}

static void ended(pid_t made)
{
	if (!made)
		_exit(0);
	wait_for(made);
}

static void do_clone(void) { ended(TRY(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0))); }
static void do_fork(void) { ended(TRY(syscall(SYS_fork))); }
static void do_vfork(void) { ended(TRY(vfork())); }

static const struct call {
	const char *name;
	void (*prepare)(void), (*make)(void);
} calls[] = {
	{ "nothing", none, none }, { "open", none, do_open }, { "openat", none, do_openat }, { "creat", none, do_creat },
	{ "close", with_reader, do_close }, { "dup", with_reader, do_dup }, { "dup2", with_reader, do_dup2 },
	{ "dup3", with_reader, do_dup3 }, { "read", with_reader, do_read }, { "pread", with_reader, do_pread },
	{ "write", with_writer, do_write }, { "pwrite", with_writer, do_pwrite }, { "chmod", none, do_chmod },
	{ "fchmod", with_reader, do_fchmod }, { "fchmodat", none, do_fchmodat }, { "chown", none, do_chown },
	{ "fchown", with_reader, do_fchown }, { "fchownat", none, do_fchownat }, { "truncate", none, do_truncate },
	{ "ftruncate", with_writer, do_ftruncate }, { "link", none, do_link }, { "linkat", none, do_linkat },
	{ "symlink", none, do_symlink }, { "symlinkat", none, do_symlinkat }, { "mknod", none, do_mknod },
	{ "mknodat", none, do_mknodat }, { "rename", none, do_rename }, { "renameat", none, do_renameat },
	{ "unlink", none, do_unlink }, { "unlinkat", none, do_unlinkat }, { "execve", none, do_execve },
	{ "clone", none, do_clone }, { "fork", none, do_fork }, { "vfork", none, do_vfork }, { "exit", none, do_exit },
	{ "kill", with_child, do_kill }, { "setuid", none, do_setuid }, { "setreuid", none, do_setreuid },
	{ "setresuid", none, do_setresuid }, { "setgid", none, do_setgid }, { "setregid", none, do_setregid },
	{ "setresgid", none, do_setresgid }, { "pipe", none, do_pipe }, { "pipe2", none, do_pipe2 },
	{ "tee", with_pipes, do_tee },
};
#define CALLS ((int)(sizeof(calls) / sizeof(*calls)))

/* One run in a process of its own, beside whose folder stands nothing of another run. */
static void apart(const char *name, const char *mode)
{
	char folder[64], file[80];
	pid_t run;

	snprintf(folder, sizeof(folder), "%s.%s", name, mode);
	snprintf(file, sizeof(file), "%s/test.txt", folder);
	TRY(mkdir(folder, 0755));
	give(file, "some text\n", 10);
	run = TRY(fork());
	if (!run) {
		TRY(chdir(folder));
		TRY(execl("/proc/self/exe", "syscall_tester", name, mode, NULL));
	}
	printf("%s %s %d\n", name, mode, run);
	wait_for(run);
	/* What the run left behind: a child whose parent has ended is this process's. */
	while (waitpid(-1, NULL, 0) > 0)
		;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "all")) {
		TRY(prctl(PR_SET_CHILD_SUBREAPER, 1));
		for (int i = 0; i < CALLS; i++) {
			apart(calls[i].name, "background");
			apart(calls[i].name, "foreground");
		}
		return 0;
	}
	for (int i = 0; argc == 3 && i < CALLS; i++) {
		if (!strcmp(argv[1], calls[i].name)) {
			calls[i].prepare();
			if (!strcmp(argv[2], "foreground"))
				calls[i].make();
			return 0;
		}
	}
	fprintf(stderr, "usage: syscall_tester NAME background|foreground | syscall_tester all\n");
	return 2;
}
