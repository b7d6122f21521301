/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roots MODE SOURCE SINK ROOT NAME: in a mount namespace of its own whose root directory is ROOT (pivot_root(2)), as a container has
 * it, SOURCE becomes the file NAME there; what then is left of it becomes SINK. NAME is absolute, its folder exists below ROOT.
 *
 *   rename	NAME becomes NAME.moved, which is read
 *   over	NAME becomes NAME.moved, which existed, and is read
 *   unlink	NAME is removed, and read by the descriptor that is still open
 */
#include "tester.h"
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#define ROOM 4096
static char bytes[ROOM], moved[ROOM];
static int sink;

static void into(const char *root)
{
	TRY_HERE(unshare(CLONE_NEWNS), "mount namespaces");
	TRY(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	TRY(mount(root, root, NULL, MS_BIND, NULL));
	TRY(chdir(root));
	TRY(syscall(SYS_pivot_root, ".", "."));
	TRY(umount2(".", MNT_DETACH));
	TRY(chdir("/"));
}

static void begin(char **at)
{
	size_t length = take(at[0], bytes, ROOM);

	sink = TRY(open(at[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
	into(at[2]);
	give(at[3], bytes, length);
	memset(bytes, 0, ROOM);
	MUST(snprintf(moved, ROOM, "%s.moved", at[3]) < ROOM);
}

static void end(size_t length)
{
	MUST(length > 0 && write(sink, bytes, length) == (ssize_t)length);
}

static void do_rename(char **at)
{
	begin(at);
	TRY(rename(at[3], moved));
	end(take(moved, bytes, ROOM));
}

static void do_over(char **at)
{
	begin(at);
	give(moved, "before", 6);
	TRY(rename(at[3], moved));
	end(take(moved, bytes, ROOM));
}

static void do_unlink(char **at)
{
	int fd;

	begin(at);
	fd = TRY(open(at[3], O_RDONLY | O_CLOEXEC));
	TRY(unlink(at[3]));
	end(TRY(read(fd, bytes, ROOM)));
}

#define M(mode) { #mode, do_##mode }
static const struct mode modes[] = { M(rename), M(over), M(unlink) };

int main(int argc, char **argv)
{
	if (argc != 6) {
		fprintf(stderr, "usage: roots MODE SOURCE SINK ROOT NAME\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
