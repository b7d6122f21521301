/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all testers share: a call that fails ends the tester, naming the call and the error, so that a scenario never passes by
 * accident. A tester is one C file of this folder; `build` makes a static program of each.
 *
 *   take(path, bytes, room)	the source into memory
 *   give(path, bytes, length)	memory into the sink
 *   TRY(call), MUST(condition)	or the tester ends with status 1
 *   TRY_HERE(call, what)	the same, but status 77 if the kernel has no such thing
 *   RUN_MODE(modes, argv)	for a tester of several modes
 */
#ifndef HEADWATER_TESTER_H
#define HEADWATER_TESTER_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* The value of a call, or the end of the tester if it is negative. */
#define TRY(call)										\
({												\
	long value_ = (long)(call);								\
	if (value_ < 0) {									\
		fprintf(stderr, "%s:%d: %s: %s (%s)\n", __FILE__, __LINE__, #call, strerror(errno),	\
			strerrorname_np(errno) ?: "no name");					\
		_exit(1);									\
	}											\
	value_;											\
})

/* The status of a tester whose kernel lacks what it needs; the last line that it says is the reason. */
#define NOT_HERE 77

/* Ends the tester: the kernel lacks what it needs. Only for what a kernel may lack by how it was built or set up. */
static inline void not_here(const char *what)
{
	fprintf(stderr, "this kernel has no %s: %s\n", what, errno ? strerror(errno) : "not found");
	_exit(NOT_HERE);
}

/* As TRY, for the first call of something that a kernel may lack: `what` in a reader's words. */
#define TRY_HERE(call, what)									\
({												\
	long made_ = (long)(call);								\
	if (made_ < 0 && (errno == ENOSYS || errno == EAFNOSUPPORT || errno == EPROTONOSUPPORT || \
	    errno == ESOCKTNOSUPPORT || errno == EOPNOTSUPP || errno == ENODEV || errno == ENOPROTOOPT)) \
		not_here(what);									\
	TRY(made_);										\
})

/* Ends the tester unless `condition` holds. */
#define MUST(condition)										\
do {												\
	if (!(condition)) {									\
		fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);		\
		_exit(1);									\
	}											\
} while (0)

struct mode {
	const char *name;
	void (*run)(char **arguments);
};

static inline int run_mode(const struct mode *modes, int count, char **argv)
{
	for (int i = 0; argv[1] && i < count; i++) {
		if (!strcmp(modes[i].name, argv[1])) {
			modes[i].run(argv + 2);
			return 0;
		}
	}
	fprintf(stderr, "%s: no such mode: %s\n", argv[0], argv[1] ? argv[1] : "(none)");
	return 2;
}

#define RUN_MODE(modes, argv) run_mode(modes, (int)(sizeof(modes) / sizeof((modes)[0])), argv)

static inline int open_source(const char *path)
{
	return TRY(open(path, O_RDONLY | O_CLOEXEC));
}

static inline int open_sink(const char *path)
{
	return TRY(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
}

/* Takes `path` into memory with one read(2); the bytes taken. */
static inline size_t take(const char *path, char *bytes, size_t room)
{
	int in = open_source(path);
	ssize_t length = TRY(read(in, bytes, room));

	MUST(length > 0);
	close(in);
	return length;
}

/* Writes all of `bytes` to a new file with one write(2). */
static inline void give(const char *path, const char *bytes, size_t length)
{
	int out = open_sink(path);

	MUST(write(out, bytes, length) == (ssize_t)length);
	close(out);
}

static inline void wait_for(pid_t child)
{
	int status;

	TRY(waitpid(child, &status, 0));
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_HERE)
		_exit(NOT_HERE);
	MUST(status == 0);
}

/* Waits until `pid` sleeps in the kernel; its state is what /proc says. */
static inline void wait_until_asleep(pid_t pid)
{
	char path[64], line[512];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	for (;;) {
		int in = TRY(open(path, O_RDONLY | O_CLOEXEC));
		ssize_t length = TRY(read(in, line, sizeof(line) - 1));

		close(in);
		line[length] = 0;
		if (strrchr(line, ')')[2] == 'S')
			return;
		usleep(1000);
	}
}

#endif
