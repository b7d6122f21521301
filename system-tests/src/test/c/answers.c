// SPDX-License-Identifier: Apache-2.0
/*
 * Servers whose answers each come from one file, and their client. A request is the name of a file and a newline; the answer is
 * what the file holds.
 *
 *   answers one COUNT PORT_FILE	serves COUNT requests, one after another
 *   answers once COUNT PORT_FILE	the same with a thread for each, none of which answers before all have read their file
 *   answers fork COUNT PORT_FILE	a process for each; accepts none before all have sent (each makes REQUEST.sent then)
 *   answers open COUNT		opens in.1 … in.COUNT, then has a child for each copy it to out.1 …
 *   answers ask WHERE REQUEST ANSWER	sends what is in the file REQUEST, writes what comes to ANSWER; WHERE is a PORT_FILE, or the
 *				path of a UNIX socket
 */
#include "tester.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define ROOM 4096

static pthread_barrier_t all_have_read;

static int listening(const char *port_file)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof(address);
	int server = TRY(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	char text[32], fresh[256];
	int out;

	TRY(bind(server, (struct sockaddr *)&address, length));
	TRY(listen(server, 64));
	TRY(getsockname(server, (struct sockaddr *)&address, &length));
	snprintf(text, sizeof(text), "%d\n", ntohs(address.sin_port));
	snprintf(fresh, sizeof(fresh), "%s.new", port_file);
	out = open_sink(fresh);
	MUST(write(out, text, strlen(text)) == (ssize_t)strlen(text));
	close(out);
	TRY(rename(fresh, port_file));
	return server;
}

/* Reads a request and the file that it names into `bytes`. */
static size_t look_up(int client, char *bytes)
{
	ssize_t length = TRY(read(client, bytes, ROOM - 1));

	bytes[length] = 0;
	bytes[strcspn(bytes, "\n")] = 0;
	return take(bytes, bytes, ROOM);
}

static void answer(int client, const char *bytes, size_t length)
{
	MUST(write(client, bytes, length) == (ssize_t)length);
	close(client);
}

static void one(char **arguments)
{
	int server = listening(arguments[1]);
	char bytes[ROOM];

	for (int i = 0; i < atoi(arguments[0]); i++) {
		int client = TRY(accept(server, NULL, NULL));
		size_t length = look_up(client, bytes);

		answer(client, bytes, length);
	}
}

static void *serve_when_all_have_read(void *client)
{
	char bytes[ROOM];
	size_t length = look_up((int)(intptr_t)client, bytes);

	pthread_barrier_wait(&all_have_read);
	answer((int)(intptr_t)client, bytes, length);
	return NULL;
}

static void once(char **arguments)
{
	int count = atoi(arguments[0]);
	int server = listening(arguments[1]);
	pthread_t threads[64];

	MUST(count > 0 && count <= 64);
	MUST(pthread_barrier_init(&all_have_read, NULL, count) == 0);
	for (int i = 0; i < count; i++) {
		intptr_t client = TRY(accept(server, NULL, NULL));

		MUST(pthread_create(&threads[i], NULL, serve_when_all_have_read, (void *)client) == 0);
	}
	for (int i = 0; i < count; i++)
		MUST(pthread_join(threads[i], NULL) == 0);
}

/* Asks for each file by its name: a list of the folder would tell the server what its clients had read before they made theirs. */
static void wait_until_sent(int count)
{
	char sent[32];

	for (int i = 1; i <= count; i++) {
		snprintf(sent, sizeof(sent), "request.%d.sent", i);
		while (access(sent, F_OK) != 0)
			usleep(10000);
	}
}

static void forked(char **arguments)
{
	int count = atoi(arguments[0]);
	int server = listening(arguments[1]);
	char bytes[ROOM];

	wait_until_sent(count);
	for (int i = 0; i < count; i++) {
		int client = TRY(accept(server, NULL, NULL));
		pid_t child = TRY(fork());

		if (child == 0) {
			size_t length = look_up(client, bytes);

			answer(client, bytes, length);
			_exit(0);
		}
		close(client);
		wait_for(child);
	}
}

static void opened(char **arguments)
{
	int count = atoi(arguments[0]);
	char name[32], bytes[ROOM];
	int in[64];

	MUST(count > 0 && count <= 64);
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "in.%d", i + 1);
		in[i] = open_source(name);
	}
	for (int i = 0; i < count; i++) {
		pid_t child = TRY(fork());

		if (child == 0) {
			ssize_t length = TRY(read(in[i], bytes, sizeof(bytes)));

			snprintf(name, sizeof(name), "out.%d", i + 1);
			give(name, bytes, length);
			_exit(0);
		}
		wait_for(child);
	}
}

static int connected(const char *where)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct sockaddr_un named = { .sun_family = AF_UNIX };
	struct stat found;
	char text[32] = "";
	int client;

	TRY(stat(where, &found));
	if (S_ISSOCK(found.st_mode)) {
		MUST(strlen(where) < sizeof(named.sun_path));
		strcpy(named.sun_path, where);
		client = TRY(socket(AF_UNIX, SOCK_STREAM, 0));
		/* A server makes its socket's name before it listens. */
		while (connect(client, (struct sockaddr *)&named, sizeof(named)) < 0) {
			MUST(errno == ECONNREFUSED || errno == EAGAIN);
			usleep(10000);
		}
		return client;
	}
	take(where, text, sizeof(text) - 1);
	address.sin_port = htons(atoi(text));
	client = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(connect(client, (struct sockaddr *)&address, sizeof(address)));
	return client;
}

static void ask(char **arguments)
{
	char bytes[ROOM], sent[64];
	int client = connected(arguments[0]);
	size_t length = take(arguments[1], bytes, sizeof(bytes));
	ssize_t got;
	int out;

	MUST(write(client, bytes, length) == (ssize_t)length);
	snprintf(sent, sizeof(sent), "%s.sent", arguments[1]);
	close(open_sink(sent));
	out = open_sink(arguments[2]);
	while ((got = TRY(read(client, bytes, sizeof(bytes)))) > 0)
		MUST(write(out, bytes, got) == got);
	close(out);
}

int main(int count, char **argv)
{
	static const struct mode modes[] = {
		{ "one", one }, { "once", once }, { "fork", forked }, { "open", opened }, { "ask", ask },
	};

	(void)count;
	return RUN_MODE(modes, argv);
}
