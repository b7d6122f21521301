/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kept MODE SOURCE SINK: one child reads SOURCE and leaves it (or its first byte) with the kernel, another takes it from there and
 * writes SINK. The children have one parent, which takes nothing of either.
 * kept MODE SOURCE SINK OTHER SECOND, for modes that say so: the same with OTHER and SECOND, through something like it that
 * must not be taken for the same.
 */
#include "tester.h"
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/utsname.h>

#define ROOM 4096
static char bytes[ROOM];

/* In a child: leave(argument, path) or fetch(argument, path). */
typedef void (*act)(void *argument, const char *path);

static pid_t in_child(act act, void *argument, const char *path)
{
	pid_t child = TRY(fork());

	if (!child) {
		act(argument, path);
		_exit(0);
	}
	return child;
}

static void one_after_the_other(act leave, act fetch, void *argument, char **paths)
{
	wait_for(in_child(leave, argument, paths[0]));
	wait_for(in_child(fetch, argument, paths[1]));
}

static void while_it_waits(act leave, act fetch, void *argument, char **paths)
{
	pid_t waits = in_child(fetch, argument, paths[1]);

	wait_until_asleep(waits);
	wait_for(in_child(leave, argument, paths[0]));
	wait_for(waits);
}

/* ---- System V ---- */

struct message {
	long type;
	char text[ROOM];
};

static void send_message(void *queue, const char *path)
{
	static struct message message = { .type = 1 };

	TRY(msgsnd(*(int *)queue, &message, take(path, message.text, ROOM), 0));
}

static void receive_message(void *queue, const char *path)
{
	static struct message message;
	ssize_t length = TRY(msgrcv(*(int *)queue, &message, ROOM, 0, 0));

	give(path, message.text, length);
}

static void queue_blocked(char **paths)
{
	int queue = TRY_HERE(msgget(IPC_PRIVATE, IPC_CREAT | 0600), "System V message queues");

	while_it_waits(send_message, receive_message, &queue, paths);
	TRY(msgctl(queue, IPC_RMID, NULL));
}

/* Two queues of one process. */
static void queues_apart(char **paths)
{
	int one = TRY(msgget(IPC_PRIVATE, IPC_CREAT | 0600)), two = TRY(msgget(IPC_PRIVATE, IPC_CREAT | 0600));

	wait_for(in_child(send_message, &one, paths[0]));
	wait_for(in_child(send_message, &two, paths[2]));
	wait_for(in_child(receive_message, &one, paths[1]));
	wait_for(in_child(receive_message, &two, paths[3]));
	TRY(msgctl(one, IPC_RMID, NULL));
	TRY(msgctl(two, IPC_RMID, NULL));
}

union semaphore_value {
	int val;
};

static void set_semaphore(void *set, const char *path)
{
	take(path, bytes, ROOM);
	TRY(semctl(*(int *)set, 0, SETVAL, (union semaphore_value){ .val = bytes[0] }));
}

static void get_semaphore(void *set, const char *path)
{
	bytes[0] = TRY(semctl(*(int *)set, 0, GETVAL));
	MUST(bytes[0]);
	give(path, bytes, 1);
}

static void raise_semaphore(void *set, const char *path)
{
	struct sembuf up = { .sem_op = 1 };

	take(path, bytes, ROOM);
	TRY(semop(*(int *)set, &up, 1));
}

static void lower_semaphore(void *set, const char *path)
{
	struct sembuf down = { .sem_op = -1 };

	TRY(semop(*(int *)set, &down, 1));
	give(path, "raised", 6);
}

static int semaphores(void)
{
	int set = TRY_HERE(semget(IPC_PRIVATE, 1, IPC_CREAT | 0600), "System V semaphores");

	TRY(semctl(set, 0, SETVAL, (union semaphore_value){ .val = 0 }));
	return set;
}

static void semaphore_value(char **paths)
{
	int set = semaphores();

	one_after_the_other(set_semaphore, get_semaphore, &set, paths);
	TRY(semctl(set, 0, IPC_RMID));
}

static void semaphore_wait(char **paths)
{
	int set = semaphores();

	while_it_waits(raise_semaphore, lower_semaphore, &set, paths);
	TRY(semctl(set, 0, IPC_RMID));
}

/* ---- POSIX queues ---- */

static void send_posix(void *queue, const char *path)
{
	TRY(mq_send(*(mqd_t *)queue, bytes, take(path, bytes, ROOM), 0));
}

static void receive_posix(void *queue, const char *path)
{
	ssize_t length = TRY(mq_receive(*(mqd_t *)queue, bytes, ROOM, NULL));

	give(path, bytes, length);
}

static void posix_queue_blocked(char **paths)
{
	struct mq_attr attributes = { .mq_maxmsg = 1, .mq_msgsize = ROOM };
	char name[64];
	mqd_t queue;

	snprintf(name, sizeof(name), "/headwater-kept-%d", getpid());
	queue = TRY_HERE(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes), "POSIX message queues");
	TRY(mq_unlink(name));
	while_it_waits(send_posix, receive_posix, &queue, paths);
}

/* ---- anonymous files ---- */

static void add_to_event(void *fd, const char *path)
{
	uint64_t value;

	take(path, bytes, ROOM);
	value = bytes[0];
	MUST(write(*(int *)fd, &value, sizeof(value)) == sizeof(value));
}

static void take_event(void *fd, const char *path)
{
	uint64_t value;

	MUST(read(*(int *)fd, &value, sizeof(value)) == sizeof(value));
	bytes[0] = value;
	give(path, bytes, 1);
}

static void event(char **paths)
{
	int fd = TRY_HERE(eventfd(0, EFD_CLOEXEC), "eventfd");

	while_it_waits(add_to_event, take_event, &fd, paths);
}

/* Two eventfds and a timerfd: all three are open files of one inode. SECOND has what came from OTHER, THIRD only the timer's. */
static void anonymous_apart(char **paths)
{
	struct itimerspec soon = { .it_value.tv_nsec = 1 };
	int one = TRY_HERE(eventfd(0, 0), "eventfd"), two = TRY(eventfd(0, 0));
	int timer = TRY_HERE(timerfd_create(CLOCK_MONOTONIC, 0), "timerfd");

	TRY(timerfd_settime(timer, 0, &soon, NULL));
	wait_for(in_child(add_to_event, &one, paths[0]));
	wait_for(in_child(add_to_event, &two, paths[2]));
	wait_for(in_child(take_event, &timer, "third"));
	wait_for(in_child(take_event, &one, paths[1]));
	wait_for(in_child(take_event, &two, paths[3]));
}

/* The second eventfd is most likely where the first was, in the kernel's memory. */
static void anonymous_again(char **paths)
{
	for (int i = 0; i < 4; i += 2) {
		int fd = TRY(eventfd(0, 0));

		one_after_the_other(add_to_event, take_event, &fd, paths + i);
		close(fd);
		/* Files are freed after a grace period of RCU. */
		usleep(100000);
	}
}

/* What the timer is set to is the message. */
static void set_timer(void *fd, const char *path)
{
	struct itimerspec value = { };

	take(path, bytes, ROOM);
	value.it_value.tv_sec = 1000;
	value.it_interval.tv_sec = bytes[0];
	TRY(timerfd_settime(*(int *)fd, 0, &value, NULL));
}

static void get_timer(void *fd, const char *path)
{
	struct itimerspec value;

	TRY(timerfd_gettime(*(int *)fd, &value));
	bytes[0] = value.it_interval.tv_sec;
	MUST(bytes[0]);
	give(path, bytes, 1);
}

static void timer_setting(char **paths)
{
	int fd = TRY_HERE(timerfd_create(CLOCK_MONOTONIC, 0), "timerfd");

	one_after_the_other(set_timer, get_timer, &fd, paths);
}

/* ---- keys ---- */

static void add_key_of(void *name, const char *path)
{
	TRY(syscall(SYS_add_key, "user", name, bytes, take(path, bytes, ROOM), KEY_SPEC_SESSION_KEYRING));
}

static void find_key(void *name, const char *path)
{
	int id = TRY(syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", name, 0));
	long length = TRY(syscall(SYS_keyctl, KEYCTL_READ, id, bytes, ROOM));

	give(path, bytes, length);
}

static void key_found(char **paths)
{
	char name[64];

	TRY_HERE(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL), "key rings");
	snprintf(name, sizeof(name), "headwater-kept-%d", getpid());
	one_after_the_other(add_key_of, find_key, name, paths);
}

/* Two keys of one key ring. */
static void keys_apart(char **paths)
{
	TRY_HERE(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL), "key rings");
	wait_for(in_child(add_key_of, "one", paths[0]));
	wait_for(in_child(add_key_of, "two", paths[2]));
	wait_for(in_child(find_key, "one", paths[1]));
	wait_for(in_child(find_key, "two", paths[3]));
}

/* ---- BPF ---- */

static long bpf(int command, union bpf_attr *attributes)
{
	return syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static int map_of(int flags)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = ROOM, .max_entries = 1, .map_flags = flags,
	};

	return TRY_HERE(bpf(BPF_MAP_CREATE, &attributes), "BPF maps");
}

static void update_map(void *map, const char *path)
{
	int key = 0;
	union bpf_attr attributes = { .map_fd = *(int *)map, .key = (uintptr_t)&key, .value = (uintptr_t)bytes };

	take(path, bytes, ROOM);
	TRY(bpf(BPF_MAP_UPDATE_ELEM, &attributes));
}

static void look_up_map(void *map, const char *path)
{
	int key = 0;
	union bpf_attr attributes = { .map_fd = *(int *)map, .key = (uintptr_t)&key, .value = (uintptr_t)bytes };

	TRY(bpf(BPF_MAP_LOOKUP_ELEM, &attributes));
	MUST(*bytes);
	give(path, bytes, strlen(bytes));
}

static void map_element(char **paths)
{
	int map = map_of(0);

	one_after_the_other(update_map, look_up_map, &map, paths);
}

/* Each child opens the map by its id, and uses the calls that move several elements. */
static int map_by_id(void *id)
{
	union bpf_attr attributes = { .map_id = *(unsigned *)id };

	return TRY(bpf(BPF_MAP_GET_FD_BY_ID, &attributes));
}

static void update_batch(void *id, const char *path)
{
	int key = 0;
	union bpf_attr attributes = {
		.batch = { .map_fd = map_by_id(id), .keys = (uintptr_t)&key, .values = (uintptr_t)bytes, .count = 1 },
	};

	take(path, bytes, ROOM);
	TRY(bpf(BPF_MAP_UPDATE_BATCH, &attributes));
}

static void look_up_batch(void *id, const char *path)
{
	int key = 0, next = 0;
	union bpf_attr attributes = {
		.batch = { .map_fd = map_by_id(id), .keys = (uintptr_t)&key, .values = (uintptr_t)bytes, .count = 1,
			   .out_batch = (uintptr_t)&next },
	};

	TRY(bpf(BPF_MAP_LOOKUP_BATCH, &attributes));
	MUST(*bytes);
	give(path, bytes, strlen(bytes));
}

static void map_batches(char **paths)
{
	struct bpf_map_info info = { };
	union bpf_attr attributes = {
		.info = { .bpf_fd = map_of(0), .info_len = sizeof(info), .info = (uintptr_t)&info },
	};

	TRY(bpf(BPF_OBJ_GET_INFO_BY_FD, &attributes));
	one_after_the_other(update_batch, look_up_batch, &info.id, paths);
}

static char *mapped(void *map)
{
	char *at = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, *(int *)map, 0);

	MUST(at != MAP_FAILED);
	return at;
}

static void store_in_map(void *map, const char *path)
{
	char *at = mapped(map);

	take(path, at, ROOM - 1);
}

static void load_from_map(void *map, const char *path)
{
	char *at = mapped(map);

	MUST(*at);
	give(path, at, strlen(at));
}

static void map_mapped(char **paths)
{
	int map = map_of(BPF_F_MMAPABLE);

	one_after_the_other(store_in_map, load_from_map, &map, paths);
}

static void maps_apart(char **paths)
{
	int one = map_of(0), two = map_of(0);

	wait_for(in_child(update_map, &one, paths[0]));
	wait_for(in_child(update_map, &two, paths[2]));
	wait_for(in_child(look_up_map, &one, paths[1]));
	wait_for(in_child(look_up_map, &two, paths[3]));
}

/* ---- the kernel ---- */

static void write_log(void *path_of_log, const char *path)
{
	int out = TRY(open("/dev/kmsg", O_WRONLY | O_CLOEXEC));
	size_t length = take(path, bytes, ROOM);

	(void)path_of_log;
	MUST(write(out, bytes, length) == (ssize_t)length);
}

static void read_log(void *path_of_log, const char *path)
{
	static char log[1 << 20];
	long length;

	if (path_of_log) {
		int in = TRY(open(path_of_log, O_RDONLY | O_NONBLOCK | O_CLOEXEC));

		length = TRY(read(in, log, sizeof(log)));
	} else {
		length = TRY(klogctl(3, log, sizeof(log)));
	}
	MUST(length > 0);
	give(path, log, length);
}

static void log_by_call(char **paths)
{
	if (access("/dev/kmsg", W_OK))
		not_here("/dev/kmsg");
	one_after_the_other(write_log, read_log, NULL, paths);
}

static void log_by_device(char **paths)
{
	if (access("/dev/kmsg", W_OK))
		not_here("/dev/kmsg");
	one_after_the_other(write_log, read_log, "/dev/kmsg", paths);
}

static void set_host_name(void *none, const char *path)
{
	size_t length = take(path, bytes, 64);

	(void)none;
	TRY(sethostname(bytes, length));
}

static void get_host_name(void *none, const char *path)
{
	struct utsname names;

	(void)none;
	TRY(uname(&names));
	give(path, names.nodename, strlen(names.nodename));
}

static void host_name(char **paths)
{
	TRY_HERE(unshare(CLONE_NEWUTS), "UTS namespaces");
	one_after_the_other(set_host_name, get_host_name, NULL, paths);
}

static const struct mode modes[] = {
	{ "queue-blocked", queue_blocked }, { "queues-apart", queues_apart }, { "semaphore-value", semaphore_value },
	{ "semaphore-wait", semaphore_wait }, { "posix-queue-blocked", posix_queue_blocked }, { "event", event },
	{ "anonymous-apart", anonymous_apart }, { "anonymous-again", anonymous_again }, { "timer-setting", timer_setting },
	{ "key-found", key_found }, { "keys-apart", keys_apart }, { "map-element", map_element },
	{ "map-batches", map_batches }, { "map-mapped", map_mapped }, { "maps-apart", maps_apart },
	{ "log-by-call", log_by_call }, { "log-by-device", log_by_device }, { "host-name", host_name },
};

int main(int argc, char **argv)
{
	if (argc < 4) {
		fprintf(stderr, "usage: kept MODE SOURCE SINK [OTHER SECOND]\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
