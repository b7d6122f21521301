/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carries out a plan of flows, one after the other, by several processes on several CPUs: random_flows PLAN FOLDER FILES
 * PIPES. A line of the plan is "OP WORKER OBJECT"; OP is
 *
 *   r / w   the worker reads / writes one byte of file OBJECT (at offset 0)
 *   g / p   the worker gets / puts one byte of pipe OBJECT
 *   f       the worker forks worker OBJECT
 *
 * Worker 0 is this process. Orders travel in anonymous shared memory, which is no channel that a kernel hook sees: so the
 * plan's flows, and no others, join the files. At the end the workers' process ids are in FOLDER/pids.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 32
#define OBJECTS 32

struct order {
	atomic_int turn;	/* odd: there is an order; even: it is done */
	char op;
	int object;
};

struct step {
	char op;
	int worker;
	int object;
};

static struct order *orders;
static atomic_int *pids;
static int files[OBJECTS];
static int pipes[OBJECTS][2];

static void fail(const char *what)
{
	perror(what);
	_exit(1);
}

static void work(int self);

static void carry_out(int self, char op, int object)
{
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
	case 'f': {
		pid_t child = fork();

		if (child < 0)
			fail("fork");
		if (child == 0)
			work(object);
		atomic_store(&pids[object], child);
		break;
	}
	}
	(void)self;
}

/* Each worker stays on one CPU, so that neighbouring orders run on different ones. */
static void settle(int self)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(self % (int)sysconf(_SC_NPROCESSORS_ONLN), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void work(int self)
{
	struct order *mine = &orders[self];

	settle(self);
	for (;;) {
		while (!(atomic_load(&mine->turn) & 1))
			sched_yield();
		if (mine->op == 'q')
			_exit(0);
		carry_out(self, mine->op, mine->object);
		atomic_fetch_add(&mine->turn, 1);
	}
}

static void give(int worker, char op, int object)
{
	struct order *order = &orders[worker];

	order->op = op;
	order->object = object;
	atomic_fetch_add(&order->turn, 1);
	if (op != 'q')
		while (atomic_load(&order->turn) & 1)
			sched_yield();
}

int main(int argc, char **argv)
{
	static struct step plan[100000];
	int steps = 0;
	char path[4096];
	FILE *in;

	if (argc != 5)
		return 2;
	in = fopen(argv[1], "r");
	if (!in)
		fail(argv[1]);
	while (steps < 100000 && fscanf(in, " %c %d %d", &plan[steps].op, &plan[steps].worker, &plan[steps].object) == 3)
		steps++;
	fclose(in);
	orders = mmap(NULL, sizeof(*orders) * WORKERS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pids = mmap(NULL, sizeof(*pids) * WORKERS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < atoi(argv[3]); i++) {
		snprintf(path, sizeof(path), "%s/file%d", argv[2], i);
		files[i] = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (files[i] < 0 || pwrite(files[i], "0", 1, 0) != 1)
			fail(path);
	}
	for (int i = 0; i < atoi(argv[4]); i++)
		if (pipe2(pipes[i], O_NONBLOCK))
			fail("pipe2");
	atomic_store(&pids[0], getpid());
	settle(0);
	for (int i = 0; i < steps; i++) {
		if (plan[i].worker == 0)
			carry_out(0, plan[i].op, plan[i].object);
		else
			give(plan[i].worker, plan[i].op, plan[i].object);
	}
	for (int i = 1; i < WORKERS; i++)
		if (atomic_load(&pids[i]))
			give(i, 'q', 0);
	snprintf(path, sizeof(path), "%s/pids", argv[2]);
	in = fopen(path, "w");
	for (int i = 0; i < WORKERS && atomic_load(&pids[i]); i++)
		fprintf(in, "%d\n", atomic_load(&pids[i]));
	fclose(in);
	while (wait(NULL) > 0)
		;
	return 0;
}
