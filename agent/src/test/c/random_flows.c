/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carries out a plan of flows, one after the other, by several processes on several CPUs: random_flows PLAN FOLDER FILES
 * PIPES. A line of the plan is "OP WORKER OBJECT"; OP is
 *
 *   r / w   the worker reads / writes one byte of file OBJECT (at offset 0)
 *   g / p   the worker gets / puts one byte of pipe OBJECT
 *   c       the worker has the kernel copy one byte from file OBJECT / 32 to file OBJECT % 32
 *   s / t   the same from file OBJECT / 32 to pipe OBJECT % 32 / from pipe OBJECT / 32 to file OBJECT % 32
 *   f       the worker forks worker OBJECT
 *
 * Worker 0 is this process. Each worker has the whole plan from its parent, and whose turn it is it learns of file locks, which no
 * front-end takes for a flow: who has carried out step N holds byte N + 1 of FOLDER/turns until it ends. So the plan's flows, and
 * no others, join the files. Each worker writes its process id to its line of FOLDER/pids.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define OBJECTS 32

struct step {
	char op;
	int worker;
	int object;
};

static struct step plan[100000];
static int steps;
static int turns;
static int pids;
static int files[OBJECTS];
static int pipes[OBJECTS][2];

static void fail(const char *what)
{
	perror(what);
	_exit(1);
}

static void work(int self, int from);

static void carry_out(int step, char op, int object)
{
	loff_t from = 0, to = 0;
	char byte = 'x';

	switch (op) {
	case 'r':
		if (pread(files[object], &byte, 1, 0) != 1)
			fail("pread");
		break;
	case 'w':
		if (pwrite(files[object], &byte, 1, 0) != 1)
			fail("pwrite");
		break;
	case 'g':
		if (read(pipes[object][0], &byte, 1) != 1)
			fail("read");
		break;
	case 'p':
		if (write(pipes[object][1], &byte, 1) != 1)
			fail("write");
		break;
	case 'c':
		if (copy_file_range(files[object / OBJECTS], &from, files[object % OBJECTS], &to, 1, 0) != 1)
			fail("copy_file_range");
		break;
	case 's':
		if (splice(files[object / OBJECTS], &from, pipes[object % OBJECTS][1], NULL, 1, 0) != 1)
			fail("splice to pipe");
		break;
	case 't':
		if (splice(pipes[object / OBJECTS][0], NULL, files[object % OBJECTS], &to, 1, 0) != 1)
			fail("splice from pipe");
		break;
	case 'f': {
		pid_t child = fork();

		if (child < 0)
			fail("fork");
		if (child == 0)
			work(object, step + 1);
		break;
	}
	}
}

/* Each worker stays on one CPU, so that neighbouring orders run on different ones. */
static void settle(int self)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(self % (int)sysconf(_SC_NPROCESSORS_ONLN), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/*
 * POSIX locks, whose holder does not see its own: it knows what it did. A child has none of its parent's. That a later step is done
 * says the same of this one, whose worker may have ended and so given up its locks.
 */
static bool done_by_other(int step)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = step + 1 };

	if (fcntl(turns, F_GETLK, &lock))
		fail("F_GETLK");
	return lock.l_type != F_UNLCK;
}

static void done(int step)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = step + 1, .l_len = 1 };

	if (fcntl(turns, F_SETLK, &lock))
		fail("F_SETLK");
}

/* The plan from step `from` on; the last step is worker 0's, which keeps its lock until all others have ended. */
static void work(int self, int from)
{
	char line[16];

	settle(self);
	snprintf(line, sizeof(line), "%010d\n", getpid());
	if (pwrite(pids, line, 11, 11 * self) != 11)
		fail("pids");
	for (int step = from; step < steps; step++) {
		if (plan[step].worker != self) {
			while (!done_by_other(step))
				sched_yield();
			continue;
		}
		carry_out(step, plan[step].op, plan[step].object);
		done(step);
	}
	while (wait(NULL) > 0)
		;
	_exit(0);
}

static int made(const char *folder, const char *name)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	if (fd < 0)
		fail(path);
	return fd;
}

int main(int argc, char **argv)
{
	char name[32];
	FILE *in;

	if (argc != 5)
		return 2;
	in = fopen(argv[1], "r");
	if (!in)
		fail(argv[1]);
	while (steps < 99999 && fscanf(in, " %c %d %d", &plan[steps].op, &plan[steps].worker, &plan[steps].object) == 3)
		steps++;
	fclose(in);
	plan[steps++] = (struct step){ .op = 'q' };
	for (int i = 0; i < atoi(argv[3]); i++) {
		snprintf(name, sizeof(name), "file%d", i);
		files[i] = made(argv[2], name);
		if (pwrite(files[i], "0", 1, 0) != 1)
			fail(name);
	}
	for (int i = 0; i < atoi(argv[4]); i++)
		if (pipe2(pipes[i], O_NONBLOCK))
			fail("pipe2");
	turns = made(argv[2], "turns");
	pids = made(argv[2], "pids");
	/* Whoever's parent has ended is waited for here. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	work(0, 0);
}
