/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pingpong pipes STEPS PREFIX, pingpong file STEPS PREFIX SHARED: two processes on two CPUs (if there are two) pass a token to and
 * fro, so that every step has exactly one step before it. Step I is one write; the one who makes it has read step I - 1.
 * The token's number is all that is in it. Each player says on which CPU it is, and ends by writing PREFIX.0 or PREFIX.1.
 *
 * By pipes, the players sleep in read(2). By a shared file, they spin on pread(2).
 */
#include "tester.h"
#include <sched.h>

static void pin(int player)
{
	cpu_set_t all, one;
	int seen = 0;

	TRY(sched_getaffinity(0, sizeof(all), &all));
	if (CPU_COUNT(&all) < 2)
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &all) && seen++ == player) {
			CPU_ZERO(&one);
			CPU_SET(cpu, &one);
			TRY(sched_setaffinity(0, sizeof(one), &one));
			return;
		}
	}
}

static void finish(const char *prefix, int player)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s.%d", prefix, player);
	give(path, "done\n", 5);
}

/* Player 0 makes the odd steps, player 1 the even ones. */
static void by_pipes(long steps, int player, int in, int out)
{
	for (long step = player + 1; step <= steps; step += 2) {
		long token = 0;

		if (step > 1)
			MUST(TRY(read(in, &token, sizeof(token))) == sizeof(token) && token == step - 1);
		token = step;
		MUST(TRY(write(out, &token, sizeof(token))) == sizeof(token));
	}
}

static void by_file(long steps, int player, int fd)
{
	for (long step = player + 1; step <= steps; step += 2) {
		long token = 0;

		while (step > 1 && token != step - 1) {
			MUST(TRY(pread(fd, &token, sizeof(token), 0)) == sizeof(token));
			/* On one CPU the other must come to its turn. */
			if (token != step - 1)
				sched_yield();
		}
		token = step;
		MUST(TRY(pwrite(fd, &token, sizeof(token), 0)) == sizeof(token));
	}
}

int main(int argc, char **argv)
{
	int to_second[2], to_first[2], fd = -1, player;
	bool shared = argc == 5 && !strcmp(argv[1], "file");
	long steps = argc > 2 ? atol(argv[2]) : 0;
	pid_t child;

	if (steps < 2 || !(shared || (argc == 4 && !strcmp(argv[1], "pipes")))) {
		fprintf(stderr, "usage: pingpong pipes STEPS PREFIX | pingpong file STEPS PREFIX SHARED\n");
		return 2;
	}
	TRY(pipe(to_second));
	TRY(pipe(to_first));
	if (shared) {
		long zero = 0;

		fd = TRY(open(argv[4], O_RDWR | O_CREAT, 0644));
		MUST(write(fd, &zero, sizeof(zero)) == sizeof(zero));
	}
	child = TRY(fork());
	player = child ? 0 : 1;
	pin(player);
	if (shared)
		by_file(steps, player, fd);
	else
		by_pipes(steps, player, player ? to_second[0] : to_first[0], player ? to_first[1] : to_second[1]);
	printf("player %d: CPU %d\n", player, sched_getcpu());
	fflush(stdout);
	finish(argv[3], player);
	if (child)
		wait_for(child);
	return 0;
}
