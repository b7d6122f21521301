/* SPDX-License-Identifier: Apache-2.0 */
/* Stages of `compose`: what the kernel keeps for processes, memory that is shared, and memory that others reach into. */
#ifndef HEADWATER_COMPOSE_MEMORY_H
#define HEADWATER_COMPOSE_MEMORY_H

#include "compose.h"
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <mqueue.h>
#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/ptrace.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/uio.h>

#define STACK 65536

/* ---- what the kernel keeps ---- */

static void make_segment(struct channel *c)
{
	c->number = TRY_HERE(shmget(IPC_PRIVATE, ROOM, IPC_CREAT | 0600), "System V shared memory");
}

static void attach(struct channel *c)
{
	c->memory = shmat(c->number, NULL, 0);
	MUST(c->memory != (void *)-1);
}

static void put_segment(struct channel *c)
{
	attach(c);
	store(c->memory);
}

static void get_segment(struct channel *c)
{
	attach(c);
	load(c->memory);
}

static void put_attached(struct channel *c) { store(c->memory); }
static void get_attached(struct channel *c) { load(c->memory); }

static void unmake_segment(struct channel *c)
{
	shmctl(c->number, IPC_RMID, NULL);
}

struct message {
	long type;
	char text[ROOM];
};

static void make_queue(struct channel *c)
{
	c->number = TRY_HERE(msgget(IPC_PRIVATE, IPC_CREAT | 0600), "System V message queues");
}

static void put_queued(struct channel *c)
{
	struct message message = { .type = 1 };

	memcpy(message.text, bytes, length);
	TRY(msgsnd(c->number, &message, length, 0));
}

static void get_queued(struct channel *c)
{
	struct message message;

	length = TRY(msgrcv(c->number, &message, ROOM, 0, 0));
	memcpy(bytes, message.text, length);
}

static void unmake_queue(struct channel *c)
{
	msgctl(c->number, IPC_RMID, NULL);
}

static void make_posix_queue(struct channel *c)
{
	struct mq_attr attributes = { .mq_maxmsg = 1, .mq_msgsize = ROOM };
	char name[64];

	snprintf(name, sizeof(name), "/headwater-compose-%d", getpid());
	c->ends[0] = TRY_HERE(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes), "POSIX message queues");
	TRY(mq_unlink(name));
}

static void put_posix_queued(struct channel *c)
{
	TRY(mq_send(c->ends[0], bytes, length, 0));
}

static void get_posix_queued(struct channel *c)
{
	length = TRY(mq_receive(c->ends[0], bytes, ROOM, NULL));
}

union semaphore_value {
	int val;
};

static void make_semaphore(struct channel *c)
{
	c->number = TRY_HERE(semget(IPC_PRIVATE, 1, IPC_CREAT | 0600), "System V semaphores");
}

static void put_value(struct channel *c)
{
	TRY(semctl(c->number, 0, SETVAL, (union semaphore_value){ .val = *bytes }));
}

static void get_value(struct channel *c)
{
	*bytes = TRY(semctl(c->number, 0, GETVAL));
	length = 1;
	MUST(*bytes);
}

static void unmake_semaphore(struct channel *c)
{
	semctl(c->number, 0, IPC_RMID);
}

static void make_event(struct channel *c)
{
	c->ends[0] = TRY_HERE(eventfd(0, EFD_CLOEXEC), "eventfd");
}

static void put_event(struct channel *c)
{
	uint64_t value = *bytes;

	MUST(write(c->ends[0], &value, sizeof(value)) == sizeof(value));
}

static void get_event(struct channel *c)
{
	uint64_t value;

	MUST(TRY(read(c->ends[0], &value, sizeof(value))) == sizeof(value));
	*bytes = value;
	length = 1;
}

/* A key of a ring that the chain's first process has joined, and no other chain. */
static void make_key(struct channel *c)
{
	static bool joined;

	if (!joined)
		TRY_HERE(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL), "key rings");
	joined = true;
	c->number = TRY(syscall(SYS_add_key, "user", c->name, "empty", 5, KEY_SPEC_SESSION_KEYRING));
}

static void put_key(struct channel *c)
{
	TRY(syscall(SYS_keyctl, KEYCTL_UPDATE, c->number, bytes, length));
}

static void get_key(struct channel *c)
{
	length = TRY(syscall(SYS_keyctl, KEYCTL_READ, c->number, bytes, ROOM));
}

static long bpf(int command, union bpf_attr *attributes)
{
	return syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static void make_map(struct channel *c)
{
	union bpf_attr attributes = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = ROOM, .max_entries = 1 };

	c->ends[0] = TRY_HERE(bpf(BPF_MAP_CREATE, &attributes), "BPF maps");
}

static void put_element(struct channel *c)
{
	int key = 0;
	union bpf_attr attributes = { .map_fd = c->ends[0], .key = (uintptr_t)&key, .value = (uintptr_t)bytes };

	bytes[length] = 0;
	TRY(bpf(BPF_MAP_UPDATE_ELEM, &attributes));
}

static void get_element(struct channel *c)
{
	int key = 0;
	union bpf_attr attributes = { .map_fd = c->ends[0], .key = (uintptr_t)&key, .value = (uintptr_t)bytes };

	TRY(bpf(BPF_MAP_LOOKUP_ELEM, &attributes));
	length = strlen(bytes);
	MUST(length > 0);
}

/* ---- one process and another's memory; `bytes` is at one place in both ---- */

static void block_signal(struct channel *c)
{
	sigset_t set;

	(void)c;
	TRY(sigemptyset(&set));
	TRY(sigaddset(&set, SIGUSR1));
	TRY(sigprocmask(SIG_BLOCK, &set, NULL));
}

static void put_signal(struct channel *c)
{
	TRY(sigqueue(c->getter, SIGUSR1, (union sigval){ .sival_int = *bytes }));
}

static void get_signal(struct channel *c)
{
	siginfo_t info;
	sigset_t set;

	(void)c;
	TRY(sigemptyset(&set));
	TRY(sigaddset(&set, SIGUSR1));
	TRY(sigwaitinfo(&set, &info));
	*bytes = info.si_value.sival_int;
	length = 1;
}

/* The putter stays as it is: nothing to do. */
static void put_nothing(struct channel *c)
{
	(void)c;
	bytes[length] = 0;
}

static void get_peeked(struct channel *c)
{
	union {
		long word;
		char letters[sizeof(long) + 1];
	} got = { };

	TRY(ptrace(PTRACE_ATTACH, c->putter, NULL, NULL));
	TRY(waitpid(c->putter, NULL, __WALL));
	errno = 0;
	got.word = ptrace(PTRACE_PEEKDATA, c->putter, bytes, NULL);
	MUST(!errno);
	/* It is to be stopped as it was. */
	TRY(ptrace(PTRACE_DETACH, c->putter, NULL, SIGSTOP));
	load(got.letters);
}

static void get_out_of_memory(struct channel *c)
{
	struct iovec at = { bytes, ROOM };

	MUST(TRY_HERE(process_vm_readv(c->putter, &at, 1, &at, 1, 0), "process_vm_readv") == ROOM);
	length = strlen(bytes);
	MUST(length > 0);
}

static void get_out_of_mem(struct channel *c)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", c->putter);
	MUST(TRY(pread(open_source(path), bytes, ROOM, (uintptr_t)bytes)) == ROOM);
	length = strlen(bytes);
	MUST(length > 0);
}

static void put_into_memory(struct channel *c)
{
	struct iovec at = { bytes, ROOM };

	bytes[length] = 0;
	MUST(TRY_HERE(process_vm_writev(c->getter, &at, 1, &at, 1, 0), "process_vm_writev") == ROOM);
}

static void get_what_is_there(struct channel *c)
{
	(void)c;
	length = strlen(bytes);
	MUST(length > 0);
}

/* ---- carriers between two pipes ---- */

static void *read_in(void *in)
{
	read_all(*(int *)in);
	return NULL;
}

static void carry_by_thread(struct channel *c)
{
	pthread_t thread;

	MUST(!pthread_create(&thread, NULL, read_in, &c->ends[0]));
	MUST(!pthread_join(thread, NULL));
	write_all(c->ends[3]);
}

static int read_in_child(void *in)
{
	read_all(*(int *)in);
	syscall(SYS_exit, 0);
	return 0;
}

static void carry_by_clone(struct channel *c)
{
	static char stack[STACK] __attribute__((aligned(16)));

	wait_for(TRY(clone(read_in_child, stack + STACK, CLONE_VM | SIGCHLD, &c->ends[0])));
	write_all(c->ends[3]);
}

static void carry_by_vfork(struct channel *c)
{
	pid_t child = vfork();

	TRY(child);
	if (!child) {
		read_all(c->ends[0]);
		_exit(0);
	}
	wait_for(child);
	write_all(c->ends[3]);
}

static void carry_by_anonymous_memory(struct channel *c)
{
	char *at = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;

	MUST(at != MAP_FAILED);
	child = TRY(fork());
	if (!child) {
		read_all(c->ends[0]);
		store(at);
		_exit(0);
	}
	wait_for(child);
	load(at);
	write_all(c->ends[3]);
}

static void carry_by_fork(struct channel *c)
{
	pid_t child;

	read_all(c->ends[0]);
	child = TRY(fork());
	if (!child) {
		write_all(c->ends[3]);
		_exit(0);
	}
	wait_for(child);
}

/* A new program, which gets the descriptor to write to as its second argument: see `continued`. */
static void continue_with(struct channel *c, const char *how, const char *argument, char **environment)
{
	char fd[16];
	char *arguments[] = { "compose", (char *)how, fd, (char *)argument, NULL };
	pid_t child;

	snprintf(fd, sizeof(fd), "%d", c->ends[3]);
	child = TRY(fork());
	if (!child)
		TRY(execve("/proc/self/exe", arguments, environment));
	wait_for(child);
}

static void carry_by_argument(struct channel *c)
{
	read_all(c->ends[0]);
	continue_with(c, "--argument", in_letters(), (char *[]){ NULL });
}

static void carry_by_environment(struct channel *c)
{
	char variable[256];

	read_all(c->ends[0]);
	snprintf(variable, sizeof(variable), "BYTES=%s", in_letters());
	continue_with(c, "--environment", "", (char *[]){ variable, NULL });
}

/* What the memory held is gone; a file without a name that is open in both is not. */
static void carry_by_kept_file(struct channel *c)
{
	int fd = TRY_HERE(memfd_create("compose", 0), "memfd_create");
	char number[16];

	read_all(c->ends[0]);
	write_all(fd);
	TRY(lseek(fd, 0, SEEK_SET));
	snprintf(number, sizeof(number), "%d", fd);
	continue_with(c, "--kept", number, (char *[]){ NULL });
}

/* The program that a carrier executes. */
static int continued(char **argv)
{
	if (!strcmp(argv[1], "--argument"))
		from_letters(argv[3]);
	else if (!strcmp(argv[1], "--environment"))
		from_letters(getenv("BYTES"));
	else
		read_all(atoi(argv[3]));
	write_all(atoi(argv[2]));
	return 0;
}

#define MEMORY_STAGES \
	{ "sysv-memory", .make = make_segment, .put = put_segment, .get = get_segment, .unmake = unmake_segment }, \
	{ "sysv-memory-before", .make = make_segment, .ready_put = attach, .ready_get = attach, .put = put_attached, \
	  .get = get_attached, .unmake = unmake_segment }, \
	{ "sysv-queue", .make = make_queue, .put = put_queued, .get = get_queued, .unmake = unmake_queue, .may_wait = true }, \
	{ "posix-queue", .make = make_posix_queue, .put = put_posix_queued, .get = get_posix_queued, .may_wait = true }, \
	{ "semaphore", .make = make_semaphore, .put = put_value, .get = get_value, .unmake = unmake_semaphore }, \
	{ "eventfd", .make = make_event, .put = put_event, .get = get_event, .may_wait = true }, \
	{ "key", .make = make_key, .put = put_key, .get = get_key }, \
	{ "bpf-map", .make = make_map, .put = put_element, .get = get_element }, \
	{ "signal-value", .ready_get = block_signal, .put = put_signal, .get = get_signal, .may_wait = true }, \
	{ "ptrace", .put = put_nothing, .get = get_peeked }, \
	{ "process-vm-readv", .put = put_nothing, .get = get_out_of_memory }, \
	{ "process-vm-writev", .put = put_into_memory, .get = get_what_is_there }, \
	{ "proc-mem", .put = put_nothing, .get = get_out_of_mem }, \
	{ "thread", BETWEEN_PIPES, .carry = carry_by_thread }, \
	{ "clone-memory", BETWEEN_PIPES, .carry = carry_by_clone }, \
	{ "vfork", BETWEEN_PIPES, .carry = carry_by_vfork }, \
	{ "anonymous-memory", BETWEEN_PIPES, .carry = carry_by_anonymous_memory }, \
	{ "fork", BETWEEN_PIPES, .carry = carry_by_fork }, \
	{ "exec-argument", BETWEEN_PIPES, .carry = carry_by_argument }, \
	{ "exec-environment", BETWEEN_PIPES, .carry = carry_by_environment }, \
	{ "exec-kept-file", BETWEEN_PIPES, .carry = carry_by_kept_file }

#endif
