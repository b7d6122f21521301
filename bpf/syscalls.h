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
#define ENTRY_ATTRIBUTES(H) \
	H(change) H(change_link) H(change_at) H(change_at_fourth) H(change_at_fifth) H(change_open) H(change_times) \
	H(change_times_at) H(set_extended) H(set_extended_link) H(set_extended_open) H(set_extended_at) \
	H(remove_extended) H(remove_extended_link) H(remove_extended_open) H(remove_extended_at)
#define ENTRY_CONTROLS(H) \
	H(control) H(set_option)
#define ENTRY_PROCESSES(H) \
	H(ptrace) H(process_vm_write) H(set_process)
#define ENTRY_MESSAGES(H) \
	H(send_messages)
#define ENTRY_AIO(H) \
	H(aio_submit)
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
#define EXIT_TASKS(H) \
	H(set_user) H(set_group) H(set_groups) H(set_capabilities) H(set_namespaces)

#define ENTRY_IPC(H) \
	H(queue_send) H(semaphore_operate) H(semaphore_control) H(posix_send) H(key_control) H(host_name)
#define EXIT_IPC(H) \
	H(queue_received) H(semaphore_operated) H(semaphore_controlled) H(posix_received) H(key_added) H(key_controlled) \
	H(host_name) H(kernel_log) H(anonymous) H(signal_file)
#define ENTRY_KERNEL(H) \
	H(bpf) H(load_module) H(load_module_file) H(load_kexec) H(load_kexec_files)
#define EXIT_KERNEL(H) \
	H(bpf) H(mounted)
#define EXIT_ATTRIBUTES(H) \
	H(stat) H(stat_at) H(stat_extended) H(stat_open) H(access) H(access_at) \
	H(get_extended) H(get_extended_link) H(get_extended_open) H(get_extended_at) H(get_flags_at) \
	H(list_extended) H(list_extended_link) H(list_extended_open) H(list_extended_at) H(read_link) H(read_link_at)
#define EXIT_CONTROLS(H) \
	H(controlled) H(asked_option)
#define EXIT_URING(H) \
	H(uring_entered)
#define EXIT_AIO(H) \
	H(aio_submitted) H(aio_completed)
#define EXIT_LINES(H) \
	H(wrote)
#define EXIT_PROCESSES(H) \
	H(ptrace) H(process_vm_read) H(take_descriptor) H(segment) H(attach) H(asked_process)

/* A group has a list at entry, at exit, or both; these two name all lists. G(group, its list) */
#define ENTRY_GROUPS(G) \
	G(FREQUENT, ENTRY_FREQUENT) G(COPIES, ENTRY_COPIES) G(IPC, ENTRY_IPC) G(KERNEL, ENTRY_KERNEL) \
	G(ATTRIBUTES, ENTRY_ATTRIBUTES) G(CONTROLS, ENTRY_CONTROLS) G(PROCESSES, ENTRY_PROCESSES) \
	G(MESSAGES, ENTRY_MESSAGES) G(AIO, ENTRY_AIO)
#define EXIT_GROUPS(G) \
	G(FREQUENT, EXIT_FREQUENT) G(COPIES, EXIT_COPIES) G(SOCKETS, EXIT_SOCKETS) G(DIRECTORIES, EXIT_DIRECTORIES) \
	G(TASKS, EXIT_TASKS) G(IPC, EXIT_IPC) G(KERNEL, EXIT_KERNEL) \
	G(ATTRIBUTES, EXIT_ATTRIBUTES) G(CONTROLS, EXIT_CONTROLS) G(URING, EXIT_URING) \
	G(PROCESSES, EXIT_PROCESSES) G(MESSAGES, EXIT_MESSAGES) G(AIO, EXIT_AIO) G(LINES, EXIT_LINES)

enum group {
	GROUP_FREQUENT,
	GROUP_COPIES,
	GROUP_SOCKETS,
	GROUP_DIRECTORIES,
	GROUP_TASKS,
	GROUP_IPC,
	GROUP_KERNEL,
	GROUP_ATTRIBUTES,
	GROUP_CONTROLS,
	GROUP_URING,
	GROUP_PROCESSES,
	GROUP_REST,	/* what a frequent call leaves to another program, in the rare case that it has to */
	GROUP_MESSAGES,
	GROUP_AIO,
	GROUP_LINES,	/* the last: its calls end at once as long as nothing is annotated */
	GROUPS,
};

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
	[69] = ON_queue_send,		/* msgsnd(queue, …) */
	[65] = ON_semaphore_operate,	/* semop(set, operations, count) */
	[220] = ON_semaphore_operate,	/* semtimedop */
	[66] = ON_semaphore_control,	/* semctl(set, number, command, …) */
	[242] = ON_posix_send,		/* mq_timedsend(fd, …) */
	[250] = ON_key_control,		/* keyctl(command, key, …) */
	[272] = ON_host_name,		/* unshare */
	[170] = ON_host_name,		/* sethostname */
	[171] = ON_host_name,		/* setdomainname */
	[321] = ON_bpf,			/* bpf(command, attributes, size) */
	[175] = ON_load_module,		/* init_module(bytes, …) */
	[313] = ON_load_module_file,	/* finit_module(fd, …) */
	[246] = ON_load_kexec,		/* kexec_load */
	[320] = ON_load_kexec_files,	/* kexec_file_load(kernel, initrd, …) */
	[16] = ON_control,		/* ioctl(fd, command, argument) */
	[90] = ON_change,		/* chmod(path, mode) */
	[91] = ON_change_open,		/* fchmod(fd, mode) */
	[268] = ON_change_at,		/* fchmodat(dir, path, mode) */
	[452] = ON_change_at_fourth,	/* fchmodat2(dir, path, mode, flags) */
	[92] = ON_change,		/* chown(path, user, group) */
	[93] = ON_change_open,		/* fchown(fd, user, group) */
	[94] = ON_change_link,		/* lchown(path, user, group) */
	[260] = ON_change_at_fifth,	/* fchownat(dir, path, user, group, flags) */
	[132] = ON_change_times,	/* utime(path, times) */
	[235] = ON_change_times,	/* utimes(path, times) */
	[261] = ON_change_times_at,	/* futimesat(dir, path, times) */
	[280] = ON_change_times_at,	/* utimensat(dir, path, times, flags) */
	[188] = ON_set_extended,	/* setxattr(path, name, …) */
	[189] = ON_set_extended_link,	/* lsetxattr */
	[190] = ON_set_extended_open,	/* fsetxattr(fd, name, …) */
	[463] = ON_set_extended_at,	/* setxattrat(dir, path, flags, name, …) */
	[197] = ON_remove_extended,	/* removexattr(path, name) */
	[198] = ON_remove_extended_link,	/* lremovexattr */
	[199] = ON_remove_extended_open,	/* fremovexattr(fd, name) */
	[466] = ON_remove_extended_at,	/* removexattrat(dir, path, flags, name) */
	[469] = ON_change_at_fifth,	/* file_setattr(dir, path, attributes, size, flags) */
	[101] = ON_ptrace,		/* ptrace(request, pid, address, data) */
	[311] = ON_process_vm_write,	/* process_vm_writev(pid, …) */
	[302] = ON_set_process,		/* prlimit64(pid, resource, new, old) */
	[141] = ON_set_process,		/* setpriority(which, who, priority) */
	[142] = ON_set_process,		/* sched_setparam(pid, …) */
	[144] = ON_set_process,		/* sched_setscheduler(pid, …) */
	[203] = ON_set_process,		/* sched_setaffinity(pid, …) */
	[314] = ON_set_process,		/* sched_setattr(pid, …) */
	[251] = ON_set_process,		/* ioprio_set(which, who, priority) */
	[54] = ON_set_option,		/* setsockopt(fd, level, name, …) */
	[209] = ON_aio_submit,		/* io_submit(context, count, blocks) */
};

static const u16 at_exit[SYSCALLS_MAX] = {
	[1] = ON_EXIT_wrote,		/* write(fd, …): lines of logs */
	[18] = ON_EXIT_wrote,		/* pwrite64 */
	[20] = ON_EXIT_wrote,		/* writev */
	[296] = ON_EXIT_wrote,		/* pwritev */
	[328] = ON_EXIT_wrote,		/* pwritev2 */
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
	[44] = ON_EXIT_send,		/* sendto: the name that the socket has got, lines of logs */
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
	[105] = ON_EXIT_set_user,	/* setuid */
	[113] = ON_EXIT_set_user,	/* setreuid */
	[117] = ON_EXIT_set_user,	/* setresuid */
	[122] = ON_EXIT_set_user,	/* setfsuid */
	[106] = ON_EXIT_set_group,	/* setgid */
	[114] = ON_EXIT_set_group,	/* setregid */
	[119] = ON_EXIT_set_group,	/* setresgid */
	[123] = ON_EXIT_set_group,	/* setfsgid */
	[116] = ON_EXIT_set_groups,	/* setgroups */
	[126] = ON_EXIT_set_capabilities,	/* capset */
	[272] = ON_EXIT_set_namespaces,	/* unshare */
	[308] = ON_EXIT_set_namespaces,	/* setns */
	[240] = ON_EXIT_open,		/* mq_open */
	[70] = ON_EXIT_queue_received,	/* msgrcv(queue, …) */
	[65] = ON_EXIT_semaphore_operated,	/* semop */
	[220] = ON_EXIT_semaphore_operated,	/* semtimedop */
	[66] = ON_EXIT_semaphore_controlled,	/* semctl */
	[243] = ON_EXIT_posix_received,	/* mq_timedreceive(fd, …) */
	[248] = ON_EXIT_key_added,	/* add_key */
	[250] = ON_EXIT_key_controlled,	/* keyctl(command, key, …) */
	[63] = ON_EXIT_host_name,	/* uname */
	[103] = ON_EXIT_kernel_log,	/* syslog(action, …) */
	[284] = ON_EXIT_anonymous,	/* eventfd */
	[290] = ON_EXIT_anonymous,	/* eventfd2 */
	[213] = ON_EXIT_anonymous,	/* epoll_create */
	[291] = ON_EXIT_anonymous,	/* epoll_create1 */
	[283] = ON_EXIT_anonymous,	/* timerfd_create */
	[253] = ON_EXIT_anonymous,	/* inotify_init */
	[294] = ON_EXIT_anonymous,	/* inotify_init1 */
	[300] = ON_EXIT_anonymous,	/* fanotify_init */
	[323] = ON_EXIT_anonymous,	/* userfaultfd */
	[298] = ON_EXIT_anonymous,	/* perf_event_open */
	[425] = ON_EXIT_anonymous,	/* io_uring_setup */
	[282] = ON_EXIT_signal_file,	/* signalfd(fd, …) */
	[289] = ON_EXIT_signal_file,	/* signalfd4 */
	[321] = ON_EXIT_bpf,		/* bpf(command, attributes, size) */
	[165] = ON_EXIT_mounted,	/* mount(source, target, …) */
	[166] = ON_EXIT_mounted,	/* umount2(target, …) */
	[155] = ON_EXIT_mounted,	/* pivot_root(new, old) */
	[429] = ON_EXIT_mounted,	/* move_mount(from_dir, from, to_dir, to, …) */
	[431] = ON_EXIT_mounted,	/* fsconfig(fd, command, key, value, …) */
	[167] = ON_EXIT_mounted,	/* swapon(path, …) */
	[16] = ON_EXIT_controlled,	/* ioctl(fd, command, argument) */
	[4] = ON_EXIT_stat,		/* stat(path, answer) */
	[5] = ON_EXIT_stat_open,	/* fstat(fd, answer) */
	[6] = ON_EXIT_stat,		/* lstat(path, answer) */
	[262] = ON_EXIT_stat_at,	/* newfstatat(dir, path, answer, flags) */
	[332] = ON_EXIT_stat_extended,	/* statx(dir, path, flags, mask, answer) */
	[21] = ON_EXIT_access,		/* access(path, mode) */
	[269] = ON_EXIT_access_at,	/* faccessat(dir, path, mode) */
	[439] = ON_EXIT_access_at,	/* faccessat2(dir, path, mode, flags) */
	[191] = ON_EXIT_get_extended,	/* getxattr(path, name, …) */
	[192] = ON_EXIT_get_extended_link,	/* lgetxattr */
	[193] = ON_EXIT_get_extended_open,	/* fgetxattr(fd, name, …) */
	[464] = ON_EXIT_get_extended_at,	/* getxattrat(dir, path, flags, name, …) */
	[194] = ON_EXIT_list_extended,	/* listxattr(path, …) */
	[195] = ON_EXIT_list_extended_link,	/* llistxattr */
	[196] = ON_EXIT_list_extended_open,	/* flistxattr(fd, …) */
	[465] = ON_EXIT_list_extended_at,	/* listxattrat(dir, path, flags, …) */
	[468] = ON_EXIT_get_flags_at,	/* file_getattr(dir, path, attributes, size, flags) */
	[89] = ON_EXIT_read_link,	/* readlink(path, …) */
	[267] = ON_EXIT_read_link_at,	/* readlinkat(dir, path, …) */
	[426] = ON_EXIT_uring_entered,	/* io_uring_enter: its requests are seen in trace_uring.h */
	[101] = ON_EXIT_ptrace,		/* ptrace(request, pid, address, data) */
	[310] = ON_EXIT_process_vm_read,	/* process_vm_readv(pid, …) */
	[438] = ON_EXIT_take_descriptor,	/* pidfd_getfd(pidfd, fd, flags) */
	[29] = ON_EXIT_segment,		/* shmget(key, size, flags) */
	[30] = ON_EXIT_attach,		/* shmat(id, address, flags) */
	[302] = ON_EXIT_asked_process,	/* prlimit64(pid, resource, new, old) */
	[140] = ON_EXIT_asked_process,	/* getpriority(which, who) */
	[143] = ON_EXIT_asked_process,	/* sched_getparam(pid, …) */
	[145] = ON_EXIT_asked_process,	/* sched_getscheduler(pid) */
	[204] = ON_EXIT_asked_process,	/* sched_getaffinity(pid, …) */
	[315] = ON_EXIT_asked_process,	/* sched_getattr(pid, …) */
	[252] = ON_EXIT_asked_process,	/* ioprio_get(which, who) */
	[55] = ON_EXIT_asked_option,	/* getsockopt(fd, level, name, …) */
	[209] = ON_EXIT_aio_submitted,	/* io_submit(context, count, blocks) */
	[208] = ON_EXIT_aio_completed,	/* io_getevents(context, …) */
	[333] = ON_EXIT_aio_completed,	/* io_pgetevents */
};

#endif
