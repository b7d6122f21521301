/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings MODE SOURCE SINK OTHER SECOND: one child takes the first byte of SOURCE and sets a value to it, another asks for that value
 * and writes it to SINK; OTHER and SECOND likewise, by something that must not be taken for the same. The children have one
 * parent, which takes nothing of them.
 */
#include "tester.h"
#include "family.h"
#include <linux/tcp.h>
#include <sched.h>
#include <sys/resource.h>

#ifndef TCP_ZEROCOPY_RECEIVE
#define TCP_ZEROCOPY_RECEIVE 35
#endif

/* In a child: set(argument, path) or ask(argument, path). */
typedef void (*act)(int argument, char *path);

static int first_byte(char *path)
{
	take(path, bytes, ROOM);
	return (unsigned char)bytes[0];
}

static void give_value(char *path, long value)
{
	give(path, (const char *)&value, sizeof(value));
}

/* ---- of another process: who is told to, by a pipe, asks for its own ---- */

static int told[2];

static pid_t asked_later(act ask, char *sink)
{
	pid_t child = TRY(fork());

	if (!child) {
		char go;

		MUST(TRY(read(told[0], &go, 1)) == 1);
		ask(0, sink);
		_exit(0);
	}
	return child;
}

static void of_process(act set, act ask, char **at)
{
	pid_t process, other;

	TRY(pipe2(told, O_CLOEXEC));
	process = asked_later(ask, at[1]);
	wait_for(start(set, process, at[0]));
	MUST(TRY(write(told[1], "g", 1)) == 1);
	wait_for(process);
	other = asked_later(ask, at[3]);
	wait_for(start(set, other, at[2]));
	MUST(TRY(write(told[1], "g", 1)) == 1);
	wait_for(other);
}

static void set_limit(int process, char *source)
{
	struct rlimit limit = { .rlim_cur = first_byte(source), .rlim_max = RLIM_INFINITY };

	TRY(prlimit(process, RLIMIT_CORE, &limit, NULL));
}

static void ask_limit(int none, char *sink)
{
	struct rlimit limit;

	(void)none;
	TRY(getrlimit(RLIMIT_CORE, &limit));
	give_value(sink, limit.rlim_cur);
}

static void limit(char **at)
{
	of_process(set_limit, ask_limit, at);
}

static void set_priority(int process, char *source)
{
	TRY(setpriority(PRIO_PROCESS, process, first_byte(source) % 19));
}

static void ask_priority(int none, char *sink)
{
	(void)none;
	give_value(sink, getpriority(PRIO_PROCESS, 0));
}

static void priority(char **at)
{
	of_process(set_priority, ask_priority, at);
}

static void set_scheduling(int process, char *source)
{
	struct sched_param none = {};

	TRY(sched_setscheduler(process, first_byte(source) & 1 ? SCHED_BATCH : SCHED_IDLE, &none));
}

static void ask_scheduling(int none, char *sink)
{
	(void)none;
	give_value(sink, TRY(sched_getscheduler(0)));
}

static void scheduling(char **at)
{
	of_process(set_scheduling, ask_scheduling, at);
}

/* ---- of a socket that both have ---- */

static void set_mark(int fd, char *source)
{
	int value = first_byte(source);

	TRY(setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &value, sizeof(value)));
}

static void ask_mark(int fd, char *sink)
{
	int value;
	socklen_t length = sizeof(value);

	TRY(getsockopt(fd, SOL_SOCKET, SO_PRIORITY, &value, &length));
	give_value(sink, value);
}

static void option(char **at)
{
	int one = TRY(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)), two = TRY(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	wait_for(start(set_mark, one, at[0]));
	wait_for(start(set_mark, two, at[2]));
	wait_for(start(ask_mark, one, at[1]));
	wait_for(start(ask_mark, two, at[3]));
}

/* ---- of an open file that both have ---- */

static void set_position(int fd, char *source)
{
	TRY(lseek(fd, first_byte(source), SEEK_SET));
}

static void ask_position(int fd, char *sink)
{
	give_value(sink, TRY(lseek(fd, 0, SEEK_CUR)));
}

static void position(char **at)
{
	int fd = TRY(open("position", O_RDWR | O_CREAT | O_CLOEXEC, 0600));

	wait_for(start(set_position, fd, at[0]));
	wait_for(start(ask_position, fd, at[1]));
}

/* ---- TCP: received by asking for an option ---- */

static void send_by(int port, char *source)
{
	union address at = inet_address("127.0.0.1", port);
	size_t length = take(source, bytes, ROOM);
	int fd = TRY(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));

	TRY(connect(fd, &at.any, length_of(&at)));
	MUST(TRY(write(fd, bytes, length)) == (ssize_t)length);
}

static void receive_by_option(int port_fd, char *source, char *sink)
{
	struct tcp_zerocopy_receive receive = { .copybuf_address = (uintptr_t)bytes, .copybuf_len = ROOM };
	socklen_t length = sizeof(receive);
	int fd;

	wait_for(start(send_by, port_of(port_fd), source));
	fd = TRY(accept(port_fd, NULL, NULL));
	TRY_HERE(getsockopt(fd, IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, &receive, &length), "TCP_ZEROCOPY_RECEIVE");
	MUST(receive.copybuf_len > 0);
	give(sink, bytes, receive.copybuf_len);
}

static int listening(void)
{
	union address at = inet_address("127.0.0.1", 0);
	int fd = TRY(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));

	TRY(bind(fd, &at.any, length_of(&at)));
	TRY(listen(fd, 1));
	return fd;
}

static void zero_copy(char **at)
{
	int one = listening(), two = listening();
	pid_t child = TRY(fork());

	if (!child) {
		receive_by_option(two, at[2], at[3]);
		_exit(0);
	}
	wait_for(child);
	receive_by_option(one, at[0], at[1]);
}

static const struct mode modes[] = {
	{ "limit", limit }, { "priority", priority }, { "scheduling", scheduling }, { "option", option }, { "zero-copy", zero_copy },
	{ "position", position },
};

int main(int count, char **argv)
{
	(void)count;
	return RUN_MODE(modes, argv);
}
