/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rounds COUNT FILE: on one CPU, COUNT times a write into FILE and a read of it. As long as all is recorded, each is new: the
 * write makes a new state of the file, the read brings it into the process. Once one is not recorded, it is tried again in each
 * round, and the other adds nothing: from there on, every round loses exactly one.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long count = argc == 3 ? atol(argv[1]) : 0;
	char token[8] = "rounds.";
	cpu_set_t one;
	int fd;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (count < 1 || sched_setaffinity(0, sizeof(one), &one))
		return 2;
	fd = open(argv[2], O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return 3;
	for (long round = 0; round < count; round++)
		if (pwrite(fd, token, sizeof(token), 0) != sizeof(token) || pread(fd, token, sizeof(token), 0) != sizeof(token))
			return 4;
	return 0;
}
