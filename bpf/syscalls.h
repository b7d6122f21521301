/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Which system call moves bytes which way: the table that the trace front-end runs on. To follow one more call, name it
 * here; if none of the handlers fits, write one in the trace_*.h where it belongs and name it in its group's list.
 *
 * A flow into an object is reported at the call's entry, before the bytes can be seen there; a flow out of one at its
 * exit, after they were taken (flow.h, rule 3).
 */
#ifndef HEADWATER_SYSCALLS_H
#define HEADWATER_SYSCALLS_H

#define SYSCALLS_MAX 512

/*
 * Who handles a call: `frequent` is the program at the tracepoint itself, each other group a program of its own. H(name): a
 * function on_<name> or on_exit_<name> in trace_*.h.
 */
#define ENTRY_FREQUENT(H) \
	H(write) H(send_to) H(send_message) H(resize)
#define ENTRY_COPIES(H) \
	H(splice_memory) H(copy_to_first) H(copy_to_second) H(copy_to_third)
#define ENTRY_MESSAGES(H) \
	H(send_messages)
#define EXIT_FREQUENT(H) \
	H(read) H(read_directory) H(receive_from) H(receive_message) H(map) H(open) H(send)
#define EXIT_COPIES(H) \
	H(spliced_to_memory) H(copied_to_first) H(copied_to_second) H(copied_to_third)
#define EXIT_SOCKETS(H) \
	H(socket) H(socket_pair) H(connect) H(bind) H(listen) H(accept)
#define EXIT_MESSAGES(H) \
	H(receive_messages)
#define EXIT_DIRECTORIES(H) \
	H(rename) H(rename_at) H(link) H(link_at) H(unlink) H(unlink_at) H(rmdir) H(symlink) H(symlink_at) \
	H(mkdir) H(mkdir_at) H(mknod) H(mknod_at) H(truncate)

/* A group has a list at entry, at exit, or both; these two name all lists. G(group, its list) */
#define ENTRY_GROUPS(G) G(FREQUENT, ENTRY_FREQUENT) G(COPIES, ENTRY_COPIES) G(MESSAGES, ENTRY_MESSAGES)
#define EXIT_GROUPS(G) \
	G(FREQUENT, EXIT_FREQUENT) G(COPIES, EXIT_COPIES) G(SOCKETS, EXIT_SOCKETS) G(DIRECTORIES, EXIT_DIRECTORIES) \
	G(MESSAGES, EXIT_MESSAGES)

enum group { GROUP_FREQUENT, GROUP_COPIES, GROUP_SOCKETS, GROUP_DIRECTORIES, GROUP_MESSAGES, GROUPS };

/* For each handler: ON_<name>, its number, whose upper bits are its group's. */
#define GROUP_SHIFT 8
#define ENTRY_NUMBER(name) ON_##name,
#define EXIT_NUMBER(name) ON_EXIT_##name,
#define NUMBER_ENTRIES(group, LIST) ENTRY_BASE_##group = GROUP_##group << GROUP_SHIFT, LIST(ENTRY_NUMBER)
#define NUMBER_EXITS(group, LIST) EXIT_BASE_##group = GROUP_##group << GROUP_SHIFT, LIST(EXIT_NUMBER)
enum entry_handler { ENTRY_GROUPS(NUMBER_ENTRIES) };
enum exit_handler { EXIT_GROUPS(NUMBER_EXITS) };

/* x86-64 system call numbers (arch/x86/entry/syscalls/syscall_64.tbl). */
static const u16 at_entry[SYSCALLS_MAX] = {
	[1] = ON_write,			/* write(fd, …) */
	[18] = ON_write,		/* pwrite64 */
	[20] = ON_write,		/* writev */
	[296] = ON_write,		/* pwritev */
	[328] = ON_write,		/* pwritev2 */
	[278] = ON_splice_memory,	/* vmsplice(pipe, …) */
	[44] = ON_send_to,		/* sendto(fd, buf, len, flags, address, length) */
	[46] = ON_send_message,		/* sendmsg(fd, msghdr, flags) */
	[307] = ON_send_messages,	/* sendmmsg(fd, mmsghdrs, count, flags) */
	[40] = ON_copy_to_first,	/* sendfile(out, in, …) */
	[276] = ON_copy_to_second,	/* tee(in, out, …) */
	[275] = ON_copy_to_third,	/* splice(in, offset, out, …) */
	[326] = ON_copy_to_third,	/* copy_file_range(in, offset, out, …) */
	[77] = ON_resize,		/* ftruncate(fd, size) */
	[285] = ON_resize,		/* fallocate(fd, …) */
};

static const u16 at_exit[SYSCALLS_MAX] = {
	[0] = ON_EXIT_read,		/* read(fd, …) */
	[17] = ON_EXIT_read,		/* pread64 */
	[19] = ON_EXIT_read,		/* readv */
	[295] = ON_EXIT_read,		/* preadv */
	[327] = ON_EXIT_read,		/* preadv2 */
	[278] = ON_EXIT_spliced_to_memory,	/* vmsplice */
	[78] = ON_EXIT_read_directory,	/* getdents */
	[217] = ON_EXIT_read_directory,	/* getdents64 */
	[45] = ON_EXIT_receive_from,	/* recvfrom(fd, buf, len, flags, address, length) */
	[47] = ON_EXIT_receive_message,	/* recvmsg(fd, msghdr, flags) */
	[299] = ON_EXIT_receive_messages,	/* recvmmsg(fd, mmsghdrs, …) */
	[44] = ON_EXIT_send,		/* sendto: the name that the socket has got */
	[46] = ON_EXIT_send,		/* sendmsg */
	[307] = ON_EXIT_send,		/* sendmmsg */
	[9] = ON_EXIT_map,		/* mmap(address, length, protection, flags, fd, offset) */
	[2] = ON_EXIT_open,		/* open */
	[85] = ON_EXIT_open,		/* creat */
	[257] = ON_EXIT_open,		/* openat */
	[304] = ON_EXIT_open,		/* open_by_handle_at */
	[437] = ON_EXIT_open,		/* openat2 */
	[41] = ON_EXIT_socket,		/* socket */
	[53] = ON_EXIT_socket_pair,	/* socketpair(family, type, protocol, fds) */
	[42] = ON_EXIT_connect,		/* connect(fd, …) */
	[49] = ON_EXIT_bind,		/* bind(fd, …) */
	[50] = ON_EXIT_listen,		/* listen(fd, …) */
	[43] = ON_EXIT_accept,		/* accept(fd, …) */
	[288] = ON_EXIT_accept,		/* accept4 */
	[40] = ON_EXIT_copied_to_first,	/* sendfile: what came in meanwhile */
	[276] = ON_EXIT_copied_to_second,	/* tee */
	[275] = ON_EXIT_copied_to_third,	/* splice */
	[326] = ON_EXIT_copied_to_third,	/* copy_file_range */
	[82] = ON_EXIT_rename,		/* rename(from, to) */
	[264] = ON_EXIT_rename_at,	/* renameat(fromdir, from, todir, to) */
	[316] = ON_EXIT_rename_at,	/* renameat2 */
	[86] = ON_EXIT_link,		/* link(from, to) */
	[265] = ON_EXIT_link_at,	/* linkat */
	[87] = ON_EXIT_unlink,		/* unlink(path) */
	[263] = ON_EXIT_unlink_at,	/* unlinkat(dir, path, flags) */
	[84] = ON_EXIT_rmdir,		/* rmdir(path) */
	[88] = ON_EXIT_symlink,		/* symlink(target, path) */
	[266] = ON_EXIT_symlink_at,	/* symlinkat(target, dir, path) */
	[83] = ON_EXIT_mkdir,		/* mkdir(path, mode) */
	[258] = ON_EXIT_mkdir_at,	/* mkdirat(dir, path, mode) */
	[133] = ON_EXIT_mknod,		/* mknod(path, mode, dev) */
	[259] = ON_EXIT_mknod_at,	/* mknodat(dir, path, mode, dev) */
	[76] = ON_EXIT_truncate,	/* truncate(path, size) */
};

#endif
