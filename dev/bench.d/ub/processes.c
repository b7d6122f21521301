// SPDX-License-Identifier: Apache-2.0
//
// Processes and signals.
#include "ub.h"
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t self;

static void op_getppid(void)
{
    expect(getppid() >= 0, "getppid");
}

static void ignore(int signal)
{
    (void)signal;
}

static void op_signal_install(void)
{
    static const struct sigaction action = { .sa_handler = ignore };

    expect(sigaction(SIGUSR1, &action, NULL) == 0, "sigaction");
}

static void op_signal_handle(void)
{
    expect(kill(self, SIGUSR1) == 0, "kill");
}

static void install(long count)
{
    (void)count;
    self = getpid();
    op_signal_install();
}

void await(pid_t pid, const char *call)
{
    int status;

    expect(pid > 0, call);
    expect(waitpid(pid, &status, 0) == pid, "waitpid");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail("child failed: call=%s, status=%d", call, status);
}

static void op_fork(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    await(pid, "fork");
}

static void execute(const char *program, char *const arguments[])
{
    static char *const environment[] = { NULL };
    pid_t pid = vfork();

    if (pid == 0) {
        execve(program, arguments, environment);
        _exit(127);
    }
    await(pid, "vfork or execve");
}

// The child is this program with the argument "exit": no dynamic loader, no other file.
static void op_vfork_exec(void)
{
    static char *const arguments[] = { (char *)"ub", (char *)"exit", NULL };

    execute(self_path, arguments);
}

// "; :" keeps the shell from becoming the program: it forks, executes, waits.
static void op_shell(void)
{
    static char line[PATH_MAX + 16];
    static char *const arguments[] = { (char *)"sh", (char *)"-c", line, NULL };

    if (line[0] == '\0')
        snprintf(line, sizeof(line), "%s exit; :", self_path);
    execute("/bin/sh", arguments);
}

const struct operation process_operations[] = {
    { "getppid", op_getppid, 100000, NULL, NULL },
    { "signal_install", op_signal_install, 50000, NULL, NULL },
    { "signal_handle", op_signal_handle, 20000, install, NULL },
    { "fork_exit_wait", op_fork, 500, NULL, NULL },
    { "vfork_exec_wait", op_vfork_exec, 500, NULL, NULL },
    { "shell", op_shell, 200, NULL, NULL },
    TABLE_END
};
