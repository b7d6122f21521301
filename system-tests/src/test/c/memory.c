/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory MODE SOURCE SINK: a child reads SOURCE, its parent writes SINK, and what joins them is neither a file nor a descriptor
 * that bytes are written to. The parent knows by the child's state when it is its turn, so nothing else joins the two.
 * memory exit-status SOURCE: ends with the first byte of SOURCE as its status.
 */
#include "tester.h"
#include <linux/keyctl.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#define ROOM 4096
static char bytes[ROOM];

/* The child stores the source at `at`, a zero behind it; the parent writes the sink from there. */
static void stored_by_child(char **arguments, char *at)
{
	pid_t child = TRY(fork());

	if (!child) {
		at[take(arguments[0], at, ROOM - 1)] = 0;
		_exit(0);
	}
	wait_for(child);
	MUST(*at);
	give(arguments[1], at, strlen(at));
}

static void anonymous_memory(char **arguments)
{
	char *at = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	MUST(at != MAP_FAILED);
	stored_by_child(arguments, at);
}

static void sysv_memory(char **arguments)
{
	int id = TRY_HERE(shmget(IPC_PRIVATE, ROOM, IPC_CREAT | 0600), "System V shared memory");
	char *at = shmat(id, NULL, 0);

	TRY(shmctl(id, IPC_RMID, NULL));
	MUST(at != (void *)-1);
	stored_by_child(arguments, at);
}

static void posix_memory(char **arguments)
{
	char name[64], *at;
	int fd;

	snprintf(name, sizeof(name), "/headwater-test-%d", getpid());
	fd = TRY(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
	TRY(shm_unlink(name));
	TRY(ftruncate(fd, ROOM));
	at = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	MUST(at != MAP_FAILED);
	stored_by_child(arguments, at);
}

struct message {
	long type;
	char text[ROOM];
};

static void sysv_queue(char **arguments)
{
	int id = TRY_HERE(msgget(IPC_PRIVATE, IPC_CREAT | 0600), "System V message queues");
	static struct message message = { .type = 1 };
	pid_t child = TRY(fork());
	ssize_t length;

	if (!child) {
		TRY(msgsnd(id, &message, take(arguments[0], message.text, ROOM), 0));
		_exit(0);
	}
	wait_for(child);
	length = TRY(msgrcv(id, &message, ROOM, 0, 0));
	TRY(msgctl(id, IPC_RMID, NULL));
	give(arguments[1], message.text, length);
}

static void posix_queue(char **arguments)
{
	struct mq_attr attributes = { .mq_maxmsg = 1, .mq_msgsize = ROOM };
	char name[64];
	mqd_t queue;
	pid_t child;
	ssize_t length;

	snprintf(name, sizeof(name), "/headwater-test-%d", getpid());
	queue = TRY_HERE(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes), "POSIX message queues");
	TRY(mq_unlink(name));
	child = TRY(fork());
	if (!child) {
		TRY(mq_send(queue, bytes, take(arguments[0], bytes, ROOM), 0));
		_exit(0);
	}
	wait_for(child);
	length = TRY(mq_receive(queue, bytes, ROOM, NULL));
	give(arguments[1], bytes, length);
}

/* The value of the signal is the source's first byte. */
static void signal_value(char **arguments)
{
	sigset_t set;
	siginfo_t info;
	pid_t child;

	TRY(sigemptyset(&set));
	TRY(sigaddset(&set, SIGUSR1));
	TRY(sigprocmask(SIG_BLOCK, &set, NULL));
	child = TRY(fork());
	if (!child) {
		take(arguments[0], bytes, ROOM);
		TRY(sigqueue(getppid(), SIGUSR1, (union sigval){ .sival_int = bytes[0] }));
		_exit(0);
	}
	TRY(sigwaitinfo(&set, &info));
	wait_for(child);
	bytes[0] = info.si_value.sival_int;
	give(arguments[1], bytes, 1);
}

/* A child that has read the source and stopped; its memory has it at `bytes`. */
static pid_t stopped_reader(char *source)
{
	int status;
	pid_t child = TRY(fork());

	if (!child) {
		bytes[take(source, bytes, ROOM - 1)] = 0;
		TRY(raise(SIGSTOP));
		_exit(0);
	}
	TRY(waitpid(child, &status, WUNTRACED));
	MUST(WIFSTOPPED(status));
	return child;
}

static void resume(pid_t child)
{
	TRY(kill(child, SIGCONT));
	wait_for(child);
}

static void peeked(char **arguments)
{
	pid_t child = stopped_reader(arguments[0]);
	int status;
	long word;

	TRY(ptrace(PTRACE_ATTACH, child, NULL, NULL));
	TRY(waitpid(child, &status, 0));
	errno = 0;
	word = ptrace(PTRACE_PEEKDATA, child, bytes, NULL);
	MUST(!errno && word);
	TRY(ptrace(PTRACE_DETACH, child, NULL, NULL));
	resume(child);
	give(arguments[1], (char *)&word, sizeof(word));
}

static void process_vm(char **arguments)
{
	pid_t child = stopped_reader(arguments[0]);
	static char copy[ROOM];
	struct iovec here = { copy, ROOM }, there = { bytes, ROOM };

	MUST(TRY_HERE(process_vm_readv(child, &here, 1, &there, 1, 0), "process_vm_readv") == ROOM && *copy);
	resume(child);
	give(arguments[1], copy, strlen(copy));
}

static void scm_rights(char **arguments)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, token = 0;
	struct iovec part = { &token, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int ends[2];
	ssize_t length;

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	TRY(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	pid_t child = TRY(fork());
	if (!child) {
		int fd = open_source(arguments[0]);

		memcpy(CMSG_DATA(header), &fd, sizeof(fd));
		TRY(sendmsg(ends[1], &message, 0));
		_exit(0);
	}
	wait_for(child);
	TRY(recvmsg(ends[0], &message, 0));
	MUST(header->cmsg_type == SCM_RIGHTS);
	length = TRY(read(*(int *)CMSG_DATA(header), bytes, ROOM));
	MUST(length > 0);
	give(arguments[1], bytes, length);
}


static void key(char **arguments)
{
	char name[64];
	int id;
	pid_t child;
	long length;

	/* A session key ring of its own, which the child has too. */
	TRY_HERE(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL), "key rings");
	snprintf(name, sizeof(name), "headwater-test-%d", getpid());
	id = TRY(syscall(SYS_add_key, "user", name, "empty", 5, KEY_SPEC_SESSION_KEYRING));
	child = TRY(fork());
	if (!child) {
		TRY(syscall(SYS_keyctl, KEYCTL_UPDATE, id, bytes, take(arguments[0], bytes, ROOM)));
		_exit(0);
	}
	wait_for(child);
	length = TRY(syscall(SYS_keyctl, KEYCTL_READ, id, bytes, ROOM));
	MUST(length > 5);
	give(arguments[1], bytes, length);
}

static void exit_status(char **arguments)
{
	take(arguments[0], bytes, ROOM);
	_exit(bytes[0] & 0x3f);
}

static const struct mode modes[] = {
	{ "anonymous-memory", anonymous_memory }, { "sysv-memory", sysv_memory }, { "posix-memory", posix_memory },
	{ "sysv-queue", sysv_queue }, { "posix-queue", posix_queue }, { "signal", signal_value }, { "ptrace", peeked },
	{ "process-vm-readv", process_vm }, { "scm-rights", scm_rights }, { "key", key }, { "exit-status", exit_status },
};

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: memory MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
