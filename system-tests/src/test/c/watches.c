/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watches MODE SOURCE SINK OTHER: one child gives a file in `folder` the name SOURCE, another learns it from a watch and writes it to
 * SINK; a third gives one in `second`, which is not watched, the name OTHER. Their parent has the watch, and takes nothing of them.
 */
#include "tester.h"
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#define ROOM 4096
static char bytes[ROOM], path[2 * ROOM];

static const char *name_in(const char *folder, const char *source)
{
	size_t length = take(source, bytes, ROOM - 1);

	bytes[length] = 0;
	for (char *at = bytes; *at; at++) {
		if (*at == ' ' || *at == '\n')
			*at = '_';
	}
	snprintf(path, sizeof(path), "%s/%s", folder, bytes);
	return path;
}

static void by_open(const char *folder, const char *source)
{
	TRY(open(name_in(folder, source), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
}

static void by_mkdir(const char *folder, const char *source)
{
	TRY(mkdir(name_in(folder, source), 0755));
}

static pid_t in_child(void (*make)(const char *, const char *), const char *folder, const char *source)
{
	pid_t child = TRY(fork());

	if (!child) {
		make(folder, source);
		_exit(0);
	}
	return child;
}

/* What the watch tells, as it comes: the names are in it. */
static pid_t sink_with_events(int watch, const char *sink)
{
	pid_t child = TRY(fork());

	if (!child) {
		ssize_t length = TRY(read(watch, bytes, ROOM));

		MUST(length > 0);
		give(sink, bytes, length);
		_exit(0);
	}
	return child;
}

static int inotify(void)
{
	int watch = TRY(inotify_init1(IN_CLOEXEC));

	TRY(inotify_add_watch(watch, "folder", IN_CREATE | IN_MOVED_TO));
	return watch;
}

static void told(int watch, void (*make)(const char *, const char *), char **at)
{
	wait_for(in_child(make, "folder", at[0]));
	wait_for(in_child(make, "second", at[2]));
	wait_for(sink_with_events(watch, at[1]));
}

static void do_inotify(char **at)
{
	told(inotify(), by_open, at);
}

static void do_inotify_path(char **at)
{
	told(inotify(), by_mkdir, at);
}

static void do_inotify_blocked(char **at)
{
	pid_t waits = sink_with_events(inotify(), at[1]);

	wait_until_asleep(waits);
	wait_for(in_child(by_open, "second", at[2]));
	wait_for(in_child(by_open, "folder", at[0]));
	wait_for(waits);
}

static int fanotify(unsigned mark)
{
	int watch = TRY_HERE(fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME | FAN_CLOEXEC, O_RDONLY), "fanotify");

	TRY_HERE(fanotify_mark(watch, FAN_MARK_ADD | mark, FAN_CREATE | FAN_ONDIR, AT_FDCWD, "folder"), "fanotify of this file system");
	return watch;
}

static void do_fanotify(char **at)
{
	told(fanotify(0), by_open, at);
}

static void do_fanotify_file_system(char **at)
{
	told(fanotify(FAN_MARK_FILESYSTEM), by_open, at);
}

static const struct mode modes[] = {
	{ "inotify", do_inotify }, { "inotify-path", do_inotify_path }, { "inotify-blocked", do_inotify_blocked },
	{ "fanotify", do_fanotify }, { "fanotify-file-system", do_fanotify_file_system },
};

int main(int count, char **argv)
{
	(void)count;
	return RUN_MODE(modes, argv);
}
