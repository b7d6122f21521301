/* SPDX-License-Identifier: Apache-2.0 */
/*
 * storm ROUNDS FILE: each round is a flow out of FILE and one into it, and each is new, as two processes take turns at being
 * the last writer; as many records as the machine can make. Both run until both have made their rounds.
 */
#include "tester.h"

int main(int argc, char **argv)
{
	long rounds = argc == 3 ? atol(argv[1]) : 0;
	char token[8] = "storm..";
	pid_t child;
	int fd;

	if (rounds < 1) {
		fprintf(stderr, "usage: storm ROUNDS FILE\n");
		return 2;
	}
	fd = TRY(open(argv[2], O_RDWR | O_CREAT, 0644));
	child = TRY(fork());
	for (long round = 0; round < rounds; round++) {
		/* Each write makes a new state of the file, each read brings it into the process, and so on: none is left out. */
		MUST(TRY(pwrite(fd, token, sizeof(token), 0)) == sizeof(token));
		MUST(TRY(pread(fd, token, sizeof(token), 0)) == sizeof(token));
	}
	if (!child)
		return 0;
	wait_for(child);
	return 0;
}
