/* SPDX-License-Identifier: Apache-2.0 */
/* tell MODE SOURCE SINK: a process that has read SOURCE tells something of it, by a signal or its end. */
#include "page.h"
#include <signal.h>
#include <sys/resource.h>

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
	{ "kill", plain_signal }, { "core", core },
};

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: tell MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
