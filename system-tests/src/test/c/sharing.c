/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sharing MODE SOURCE SINK: one process takes SOURCE into memory that another process has mapped too, and what that one does with SINK
 * shows what it found there. `sharing copy SOURCE SINK` only copies; `sharing say TEXT SINK` writes the text.
 */
#include "page.h"
#include <pthread.h>
#include <sys/shm.h>

#define FILES 40

/* A child of its own for each: the one that writes was there before the other read, and their parent does neither. */
static void siblings(char **arguments)
{
	char *at = mapped_shared();
	pid_t second, first;
	int turn[2];

	paths = arguments;
	TRY(pipe(turn));
	second = TRY(fork());
	if (!second) {
		char token;

		MUST(read(turn[0], &token, 1) == 1);
		give_from(at);
		_exit(0);
	}
	first = TRY(fork());
	if (!first) {
		take_to(at);
		_exit(0);
	}
	wait_for(first);
	MUST(write(turn[1], "", 1) == 1);
	wait_for(second);
}

/* Memory that was mapped when the one who writes was there already: nothing of it gets there. `bytes` is not shared. */
static void mapped_later(char **arguments)
{
	char *before = mapped_shared(), *after;
	pid_t second, first;
	int turn[2];

	paths = arguments;
	strcpy(bytes, "nothing of it");
	TRY(pipe(turn));
	second = TRY(fork());
	if (!second) {
		char token;

		MUST(munmap(before, ROOM) == 0 && read(turn[0], &token, 1) == 1);
		give_from(bytes);
		_exit(0);
	}
	MUST(munmap(before, ROOM) == 0);
	after = mapped_shared();
	first = TRY(fork());
	if (!first) {
		TRY(execl("/proc/self/exe", "sharing", "take", paths[0], NULL));
	}
	wait_for(first);
	MUST(!*after && write(turn[1], "", 1) == 1);
	wait_for(second);
}

static void take_only(char **arguments)
{
	paths = arguments;
	take_to(bytes);
}

/* A segment by its key, attached by two children one after the other, the second for reading only. */
static void segment(char **arguments)
{
	key_t key = 0x48000000 ^ getpid();
	int id = TRY_HERE(shmget(key, ROOM, IPC_CREAT | IPC_EXCL | 0600), "System V shared memory");
	pid_t child = TRY(fork());
	char *at;

	paths = arguments;
	if (!child) {
		at = shmat(TRY(shmget(key, ROOM, 0)), NULL, 0);
		MUST(at != (void *)-1);
		take_to(at);
		_exit(0);
	}
	wait_for(child);
	child = TRY(fork());
	if (!child) {
		at = shmat(TRY(shmget(key, ROOM, 0)), NULL, SHM_RDONLY);
		MUST(at != (void *)-1);
		give_from(at);
		_exit(0);
	}
	wait_for(child);
	TRY(shmctl(id, IPC_RMID, NULL));
}

/* More files mapped shared than are kept with a process; the last of them, in a child, is the one that matters. */
static void many_mappings(char **arguments)
{
	char *at = NULL, name[32];
	pid_t child;

	paths = arguments;
	for (int i = 0; i < FILES; i++) {
		int fd;

		snprintf(name, sizeof(name), "mapped.%d", i);
		fd = TRY(open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
		TRY(ftruncate(fd, ROOM));
		at = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		MUST(at != MAP_FAILED);
		close(fd);
	}
	child = TRY(fork());
	if (!child) {
		take_to(at);
		_exit(0);
	}
	wait_for(child);
	/* Nothing that this process has mapped may join them: another reads the last file. */
	child = TRY(fork());
	if (!child)
		TRY(execl("/proc/self/exe", "sharing", "copy", name, paths[1], NULL));
	wait_for(child);
}

static void copy(char **arguments)
{
	paths = arguments;
	take_to(bytes);
	give_from(bytes);
}

/* A child stores the source in memory that its parent has mapped too. What the parent does then shows what it found there. */
static char *stored_by_child(void)
{
	char *at = mapped_shared();
	pid_t child = TRY(fork());

	if (!child) {
		take_to(at);
		_exit(0);
	}
	wait_for(child);
	MUST(*at);
	return at;
}

static void shared_size(char **arguments)
{
	int out;

	paths = arguments;
	out = open_sink(paths[1]);
	TRY(ftruncate(out, *stored_by_child()));
}

static void shared_creation(char **arguments)
{
	paths = arguments;
	if (*stored_by_child())
		close(open_sink(paths[1]));
}

/* What it finds there it hands to the next program. */
static char **as_argument(char *at)
{
	static char *words[] = { "sharing", "say", NULL, NULL, NULL };

	words[2] = at;
	words[3] = paths[1];
	return words;
}

static void shared_exec(char **arguments)
{
	paths = arguments;
	TRY(execv("/proc/self/exe", as_argument(stored_by_child())));
}

static void *executes(void *at)
{
	TRY(execv("/proc/self/exe", as_argument(at)));
	return NULL;
}

/* The same by another thread, whose process's memory was mapped by the first. */
static void shared_exec_thread(char **arguments)
{
	pthread_t thread;

	paths = arguments;
	MUST(!pthread_create(&thread, NULL, executes, stored_by_child()));
	MUST(!pthread_join(thread, NULL));
}

static void say(char **arguments)
{
	paths = arguments;
	give_from(arguments[0]);
}

static const struct mode modes[] = {
	{ "siblings", siblings }, { "mapped-later", mapped_later }, { "take", take_only }, { "segment", segment },
	{ "many-mappings", many_mappings }, { "copy", copy }, { "shared-size", shared_size },
	{ "shared-creation", shared_creation }, { "shared-exec", shared_exec }, { "shared-exec-thread", shared_exec_thread },
	{ "say", say },
};

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: sharing MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
