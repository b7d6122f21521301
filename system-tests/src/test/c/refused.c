/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refused FILE RESULT PID: writes into FILE and reads it again and again, until one of the two is refused with EAGAIN, as it
 * cannot be recorded. Then whatever else would have to be recorded must be refused too (to read once more what it has read is not
 * among that: it adds nothing). Sends USR1 to PID (for which nothing has
 * to be recorded), goes on until it is let in again, makes as many rounds once more, and leaves in RESULT how often a write and
 * a read succeeded.
 */
#include "tester.h"
#include <signal.h>
#include <sys/socket.h>
#include <time.h>

#define ROUNDS_MAX 10000000

static char token[8] = "refused";
static long wrote, took;

/* True if it was done, false if it was refused; anything else ends the tester. */
static bool once(int fd, bool write_it)
{
	ssize_t done = write_it ? pwrite(fd, token, sizeof(token), 0) : pread(fd, token, sizeof(token), 0);

	if (done == sizeof(token)) {
		*(write_it ? &wrote : &took) += 1;
		return true;
	}
	MUST(done < 0 && errno == EAGAIN);
	return false;
}

static void until_let_in(int fd, bool write_it)
{
	time_t end = time(NULL) + 120;

	while (!once(fd, write_it)) {
		MUST(time(NULL) < end);
		usleep(1000);
	}
}

/* Nothing of what is refused has any effect, so nothing has to be undone. */
static void must_all_be_refused(int fd, bool write_it, const char *path, int unread)
{
	int pipe_ends[2];

	for (int i = 0; i < 20; i++) {
		MUST(!once(fd, write_it));
		MUST(pread(unread, pipe_ends, 1, 0) < 0 && errno == EAGAIN);
		MUST(pwrite(unread, token, 1, 0) < 0 && errno == EAGAIN);
	}
	MUST(open(path, O_RDONLY) < 0 && errno == EAGAIN);
	MUST(open("/dev/shm/never-made", O_WRONLY | O_CREAT, 0644) < 0 && errno == EAGAIN);
	MUST(rename(path, "/dev/shm/never-renamed") < 0 && errno == EAGAIN);
	MUST(unlink(path) < 0 && errno == EAGAIN);
	MUST(socket(AF_UNIX, SOCK_STREAM, 0) < 0 && errno == EAGAIN);
	MUST(fork() < 0 && errno == EAGAIN);
	/* Making a pipe is no flow; what is put into it is. */
	TRY(pipe(pipe_ends));
	MUST(write(pipe_ends[1], token, 1) < 0 && errno == EAGAIN);
}

int main(int argc, char **argv)
{
	bool write_it = true;
	FILE *result;
	long rounds = 0;
	int fd, unread;

	MUST(argc == 4);
	fd = TRY(open(argv[1], O_RDWR | O_CREAT, 0644));
	unread = TRY(open("unread", O_RDWR | O_CREAT, 0644));
	result = fopen(argv[2], "w");
	MUST(result);
	/* Each is new: the write makes a state of the file that the read brings into the process. */
	while (once(fd, write_it)) {
		write_it = !write_it;
		MUST(++rounds < ROUNDS_MAX);
	}
	must_all_be_refused(fd, write_it, argv[1], unread);
	TRY(kill(atoi(argv[3]), SIGUSR1));
	until_let_in(fd, write_it);
	for (int i = 0; i < 1000; i++) {
		write_it = !write_it;
		until_let_in(fd, write_it);
	}
	fprintf(result, "%ld %ld\n", wrote, took);
	while (fflush(result))
		MUST(errno == EAGAIN);
	return 0;
}
