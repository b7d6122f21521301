/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attributes CHANGE SOURCE FILE, attributes ASK FILE SINK: what SOURCE holds becomes an attribute of FILE by one call, or what one
 * call tells of FILE's attributes becomes SINK. A descriptor of FILE is opened for writing, so that its bytes are not at hand.
 */
#include "tester.h"
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

#define ROOM 1024
#define NAME "user.headwater"
static char bytes[ROOM];

static int opened(const char *path)
{
	return TRY(open(path, O_WRONLY | O_CLOEXEC));
}

/* ---- change ---- */

#define CHANGE(name, call)									\
static void name(char **at)									\
{												\
	size_t length = take(at[0], bytes, ROOM);						\
	const char *path = at[1];								\
	(void)length, (void)path;								\
	call;											\
}

/* struct xattr_args of setxattrat(2), Linux 6.13. */
struct extended {
	uint64_t value;
	uint32_t size;
	uint32_t flags;
};

#define MODE (0600 | (bytes[0] & 077))
#define TIME ((time_t)1000000000 + bytes[0])

CHANGE(do_setxattr, TRY_HERE(setxattr(path, NAME, bytes, length, 0), "extended attributes on this file system"))
CHANGE(do_lsetxattr, TRY_HERE(lsetxattr(path, NAME, bytes, length, 0), "extended attributes on this file system"))
CHANGE(do_fsetxattr, TRY_HERE(fsetxattr(opened(path), NAME, bytes, length, 0), "extended attributes on this file system"))
CHANGE(do_setxattrat, ({ struct extended args = { (uintptr_t)bytes, length, 0 };
	TRY_HERE(syscall(463, AT_FDCWD, path, 0, NAME, &args, sizeof(args)), "setxattrat"); }))
/* That the attribute is gone is what is told; it was set by another. */
CHANGE(do_removexattr, TRY(removexattr(path, NAME)))
CHANGE(do_fremovexattr, TRY(fremovexattr(opened(path), NAME)))
CHANGE(do_chmod, TRY(syscall(SYS_chmod, path, MODE)))
CHANGE(do_fchmod, TRY(fchmod(opened(path), MODE)))
CHANGE(do_fchmodat, TRY(syscall(SYS_fchmodat, AT_FDCWD, path, MODE)))
CHANGE(do_fchmodat2, TRY_HERE(syscall(452, AT_FDCWD, path, MODE, 0), "fchmodat2"))
CHANGE(do_chown, TRY(syscall(SYS_chown, path, bytes[0], bytes[1])))
CHANGE(do_fchown, TRY(fchown(opened(path), bytes[0], bytes[1])))
CHANGE(do_lchown, TRY(syscall(SYS_lchown, path, bytes[0], bytes[1])))
CHANGE(do_fchownat, TRY(syscall(SYS_fchownat, AT_FDCWD, path, bytes[0], bytes[1], 0)))
CHANGE(do_utime, ({ struct utimbuf times = { TIME, TIME }; TRY(syscall(SYS_utime, path, &times)); }))
CHANGE(do_utimes, ({ struct timeval times[2] = { { TIME, 0 }, { TIME, 0 } }; TRY(syscall(SYS_utimes, path, times)); }))
CHANGE(do_futimesat, ({ struct timeval times[2] = { { TIME, 0 }, { TIME, 0 } };
	TRY(syscall(SYS_futimesat, AT_FDCWD, path, times)); }))
CHANGE(do_utimensat, ({ struct timespec times[2] = { { TIME, 0 }, { TIME, 0 } };
	TRY(syscall(SYS_utimensat, AT_FDCWD, path, times, 0)); }))
CHANGE(do_futimens, ({ struct timespec times[2] = { { TIME, 0 }, { TIME, 0 } }; TRY(futimens(opened(path), times)); }))

/* An access control list with one more user, whose number tells: struct posix_acl_xattr_header and its entries. */
CHANGE(do_acl, ({
	struct { uint32_t version; struct { uint16_t tag, permissions; uint32_t id; } entry[5]; } list = { 2, {
		{ 1, 6, -1 }, { 2, 4, 1000 + bytes[0] }, { 4, 4, -1 }, { 16, 4, -1 }, { 32, 4, -1 } } };
	TRY_HERE(setxattr(path, "system.posix_acl_access", &list, sizeof(list), 0), "access control lists on this file system"); }))

CHANGE(do_setflags, ({ int fd = opened(path), flags = 0;
	TRY_HERE(ioctl(fd, FS_IOC_GETFLAGS, &flags), "FS_IOC_GETFLAGS");
	flags ^= bytes[0] & 1 ? FS_NODUMP_FL : FS_NOATIME_FL;
	TRY(ioctl(fd, FS_IOC_SETFLAGS, &flags)); }))

/* ---- ask ---- */

static struct stat told;

/* `call` leaves what it learnt in `bytes`, and its length in `length`. */
#define ASK(name, call)										\
static void name(char **at)									\
{												\
	const char *path = at[0];								\
	long length = 0;									\
	call;											\
	MUST(length > 0);									\
	give(at[1], bytes, length);								\
}

static long told_in_words(const struct stat *from)
{
	return snprintf(bytes, ROOM, "%o %u %u %ld\n", from->st_mode, from->st_uid, from->st_gid, (long)from->st_mtim.tv_sec);
}

ASK(do_getxattr, length = TRY(getxattr(path, NAME, bytes, ROOM)))
ASK(do_lgetxattr, length = TRY(lgetxattr(path, NAME, bytes, ROOM)))
ASK(do_fgetxattr, length = TRY(fgetxattr(opened(path), NAME, bytes, ROOM)))
ASK(do_getxattrat, ({ struct extended args = { (uintptr_t)bytes, ROOM, 0 };
	length = TRY_HERE(syscall(464, AT_FDCWD, path, 0, NAME, &args, sizeof(args)), "getxattrat"); }))
ASK(do_getacl, length = TRY(getxattr(path, "system.posix_acl_access", bytes, ROOM)))
ASK(do_listxattr, length = TRY(listxattr(path, bytes, ROOM)))
ASK(do_llistxattr, length = TRY(llistxattr(path, bytes, ROOM)))
ASK(do_flistxattr, length = TRY(flistxattr(opened(path), bytes, ROOM)))
ASK(do_listxattrat, length = TRY_HERE(syscall(465, AT_FDCWD, path, 0, bytes, ROOM), "listxattrat"))
/* Succeeds or not; what is told is that it did. */
ASK(do_listnone, ({ TRY(listxattr(path, bytes, ROOM)); length = snprintf(bytes, ROOM, "listed\n"); }))
ASK(do_stat, ({ TRY(syscall(SYS_stat, path, &told)); length = told_in_words(&told); }))
ASK(do_lstat, ({ TRY(syscall(SYS_lstat, path, &told)); length = told_in_words(&told); }))
ASK(do_fstat, ({ TRY(syscall(SYS_fstat, opened(path), &told)); length = told_in_words(&told); }))
ASK(do_newfstatat, ({ TRY(syscall(SYS_newfstatat, AT_FDCWD, path, &told, 0)); length = told_in_words(&told); }))
ASK(do_statx, ({ struct statx more; TRY(statx(AT_FDCWD, path, 0, STATX_BASIC_STATS, &more));
	length = snprintf(bytes, ROOM, "%o\n", more.stx_mode); }))
ASK(do_access, length = snprintf(bytes, ROOM, "%ld\n", TRY(syscall(SYS_access, path, R_OK))))
ASK(do_faccessat, length = snprintf(bytes, ROOM, "%ld\n", TRY(syscall(SYS_faccessat, AT_FDCWD, path, R_OK))))
ASK(do_faccessat2, length = snprintf(bytes, ROOM, "%ld\n", TRY(syscall(SYS_faccessat2, AT_FDCWD, path, R_OK, 0))))
ASK(do_getflags, ({ int flags = 0; TRY(ioctl(opened(path), FS_IOC_GETFLAGS, &flags));
	length = snprintf(bytes, ROOM, "%d\n", flags); }))

#define M(name) { #name, do_##name }
static const struct mode modes[] = {
	M(setxattr), M(lsetxattr), M(fsetxattr), M(setxattrat), M(removexattr), M(fremovexattr), M(acl), M(setflags),
	M(chmod), M(fchmod), M(fchmodat), M(fchmodat2), M(chown), M(fchown), M(lchown), M(fchownat),
	M(utime), M(utimes), M(futimesat), M(utimensat), M(futimens),
	M(getxattr), M(lgetxattr), M(fgetxattr), M(getxattrat), M(getacl), M(listxattr), M(llistxattr), M(flistxattr),
	M(listxattrat), M(listnone), M(stat), M(lstat), M(fstat), M(newfstatat), M(statx), M(access), M(faccessat),
	M(faccessat2), M(getflags),
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: attributes CHANGE SOURCE FILE | attributes ASK FILE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
