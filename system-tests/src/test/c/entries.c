/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entries MAKE SOURCE FOLDER, entries list FOLDER SINK: what SOURCE holds becomes the name of an entry of FOLDER by one call, or
 * FOLDER's listing becomes SINK. entries target SOURCE LINK, entries readlink LINK SINK: the same with a symbolic link's target.
 * entries jailed SOURCE ROOT: the same, the link being /link below a chroot(2) to ROOT.
 * FOLDER holds "old", a file, and "oldfolder", from before.
 */
#include "tester.h"
#include <dirent.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define ROOM 4096
static char bytes[ROOM], path[ROOM], name[ROOM], old[ROOM];
static int folder;

/* The name as a word, and its path below the folder. */
static void begin(char **at)
{
	size_t length = take(at[0], bytes, 255);

	for (size_t i = 0; i < length; i++)
		name[i] = bytes[i] == '\n' || bytes[i] == ' ' || bytes[i] == '/' ? '_' : bytes[i];
	MUST(snprintf(path, ROOM, "%s/%s", at[1], name) < ROOM);
	MUST(snprintf(old, ROOM, "%s/old", at[1]) < ROOM);
	folder = TRY(open(at[1], O_PATH | O_DIRECTORY | O_CLOEXEC));
}

#define MAKE(mode, call) static void do_##mode(char **at) { begin(at); TRY(call); }

MAKE(creat, syscall(SYS_creat, path, 0644))
MAKE(open, syscall(SYS_open, path, O_CREAT | O_WRONLY, 0644))
MAKE(openat, syscall(SYS_openat, folder, name, O_CREAT | O_WRONLY, 0644))
MAKE(mkdir, syscall(SYS_mkdir, path, 0755))
MAKE(mkdirat, syscall(SYS_mkdirat, folder, name, 0755))
MAKE(mknod, syscall(SYS_mknod, path, S_IFREG | 0644, 0))
MAKE(mknodat, syscall(SYS_mknodat, folder, name, S_IFIFO | 0644, 0))
MAKE(symlink, syscall(SYS_symlink, "nowhere", path))
MAKE(symlinkat, syscall(SYS_symlinkat, "nowhere", folder, name))
MAKE(link, syscall(SYS_link, old, path))
MAKE(linkat, syscall(SYS_linkat, folder, "old", folder, name, 0))
MAKE(rename, syscall(SYS_rename, old, path))
MAKE(renameat, syscall(SYS_renameat, folder, "old", folder, name))
MAKE(renameat2, syscall(SYS_renameat2, folder, "old", folder, name, 1))
MAKE(unlink, syscall(SYS_unlink, old))
MAKE(rmdir, syscall(SYS_unlinkat, folder, "oldfolder", AT_REMOVEDIR))

static void do_list(char **at)
{
	int fd = TRY(open(at[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	long length = TRY(syscall(SYS_getdents64, fd, bytes, ROOM));

	MUST(length > 0);
	give(at[1], bytes, length);
}

/* Lists an empty position first: what the lister has taken before must not hide what comes later. */
static void do_listtwice(char **at)
{
	int fd = TRY(open(at[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	int out = open_sink(at[1]);
	long length = TRY(syscall(SYS_getdents64, fd, bytes, ROOM));

	MUST(write(out, bytes, length) == length);
	TRY(mkdir("ready", 0755));
	for (int i = 0; access("made", F_OK); i++) {
		MUST(i < 5000);
		usleep(1000);
	}
	TRY(lseek(fd, 0, SEEK_SET));
	length = TRY(syscall(SYS_getdents64, fd, bytes, ROOM));
	MUST(length > 0 && write(out, bytes, length) == length);
}

static void do_target(char **at)
{
	begin((char *[]){ at[0], "." });
	TRY(syscall(SYS_symlink, name, at[1]));
}

/* The same, as "/link" of a root directory of the process's own. */
static void do_jailed(char **at)
{
	begin((char *[]){ at[0], "." });
	TRY(chroot(at[1]));
	TRY(syscall(SYS_symlink, name, "/link"));
}

static void do_readlink(char **at)
{
	give(at[1], bytes, TRY(syscall(SYS_readlink, at[0], bytes, ROOM)));
}

static void do_readlinkat(char **at)
{
	int fd = TRY(open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));

	give(at[1], bytes, TRY(syscall(SYS_readlinkat, fd, at[0], bytes, ROOM)));
}

/* A file without a name gets one when it is full. */
static void do_tmpfile(char **at)
{
	char self[64];
	size_t length = take(at[0], bytes, ROOM);
	int fd = TRY_HERE(open(".", O_TMPFILE | O_WRONLY, 0644), "O_TMPFILE on this file system");

	MUST(write(fd, bytes, length) == (ssize_t)length);
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	TRY(linkat(AT_FDCWD, self, AT_FDCWD, at[1], AT_SYMLINK_FOLLOW));
}

#define M(mode) { #mode, do_##mode }
static const struct mode modes[] = {
	M(creat), M(open), M(openat), M(mkdir), M(mkdirat), M(mknod), M(mknodat), M(symlink), M(symlinkat), M(link), M(linkat),
	M(rename), M(renameat), M(renameat2), M(unlink), M(rmdir), M(list), M(listtwice), M(target), M(jailed), M(readlink),
	M(readlinkat), M(tmpfile),
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: entries MODE SOURCE FOLDER\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
