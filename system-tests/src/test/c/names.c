/* SPDX-License-Identifier: Apache-2.0 */
/* names CALL FIRST SECOND: one system call that makes, moves or takes away a name. Those with a directory get it as "folder". */
#include "tester.h"
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static int folder(void)
{
	return TRY(open("folder", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static void do_rename(char **at) { TRY(syscall(SYS_rename, at[0], at[1])); }
static void do_renameat(char **at) { TRY(syscall(SYS_renameat, AT_FDCWD, at[0], folder(), at[1])); }
static void do_renameat2(char **at) { TRY(syscall(SYS_renameat2, folder(), at[0], AT_FDCWD, at[1], 0)); }
static void do_exchange(char **at) { TRY(syscall(SYS_renameat2, AT_FDCWD, at[0], AT_FDCWD, at[1], 2)); }
static void do_link(char **at) { TRY(syscall(SYS_link, at[0], at[1])); }
static void do_linkat(char **at) { TRY(syscall(SYS_linkat, AT_FDCWD, at[0], folder(), at[1], 0)); }
static void do_unlink(char **at) { TRY(syscall(SYS_unlink, at[0])); }
static void do_unlinkat(char **at) { TRY(syscall(SYS_unlinkat, folder(), at[0], 0)); }
static void do_symlink(char **at) { TRY(syscall(SYS_symlink, at[0], at[1])); }
static void do_symlinkat(char **at) { TRY(syscall(SYS_symlinkat, at[0], folder(), at[1])); }
static void do_mkdir(char **at) { TRY(syscall(SYS_mkdir, at[0], 0755)); }
static void do_mkdirat(char **at) { TRY(syscall(SYS_mkdirat, folder(), at[0], 0755)); }
static void do_mknod(char **at) { TRY(syscall(SYS_mknod, at[0], S_IFIFO | 0644, 0)); }
static void do_mknodat(char **at) { TRY(syscall(SYS_mknodat, folder(), at[0], S_IFIFO | 0644, 0)); }
static void do_rmdir(char **at) { TRY(syscall(SYS_rmdir, at[0])); }
static void do_creat(char **at) { TRY(syscall(SYS_creat, at[0], 0644)); }
static void do_open(char **at) { TRY(syscall(SYS_open, at[0], O_WRONLY | O_CREAT | O_EXCL, 0644)); }
static void do_openat(char **at) { TRY(syscall(SYS_openat, folder(), at[0], O_WRONLY | O_CREAT | O_EXCL, 0644)); }

static void do_openat2(char **at)
{
	struct open_how how = { .flags = O_WRONLY | O_CREAT | O_EXCL, .mode = 0644 };

	TRY(syscall(SYS_openat2, folder(), at[0], &how, sizeof(how)));
}

static const struct mode modes[] = {
	{ "rename", do_rename }, { "renameat", do_renameat }, { "renameat2", do_renameat2 }, { "exchange", do_exchange },
	{ "link", do_link }, { "linkat", do_linkat }, { "unlink", do_unlink }, { "unlinkat", do_unlinkat },
	{ "symlink", do_symlink }, { "symlinkat", do_symlinkat }, { "mkdir", do_mkdir }, { "mkdirat", do_mkdirat },
	{ "mknod", do_mknod }, { "mknodat", do_mknodat }, { "rmdir", do_rmdir }, { "creat", do_creat },
	{ "open", do_open }, { "openat", do_openat }, { "openat2", do_openat2 },
};

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: names CALL FIRST [SECOND]\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
