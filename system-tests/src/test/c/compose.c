/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose SOURCE SINK OTHER SECOND STAGE...: moves the bytes of SOURCE through all the stages to SINK, from process to process, and
 * at the same time those of OTHER through channels of the same kinds to SECOND. A `+` behind a stage's name: its getter waits in
 * the channel when the putter comes. Some stages pass on the first letters only.
 * compose --stages: their names.
 *
 * Every process is forked by its chain's first one before any has read anything; that one tells each when it is its turn, and has
 * none of the bytes. So only the stages join source and sink, and nothing joins the two chains.
 */
#include "compose_files.h"
#include "compose_sockets.h"
#include "compose_memory.h"
#include "compose_containers.h"
#include <sys/prctl.h>

#define STAGES 16
#define HOPS (2 * STAGES + 1)

static const struct stage stages[] = { FILE_STAGES, SOCKET_STAGES, MEMORY_STAGES, CONTAINER_STAGES };

/* A process of a chain: what it gets its bytes from (null: the source) and puts them into (null: the sink), or what it carries. */
struct hop {
	struct channel *from, *to, *carries;
	pid_t pid;
	int turn[2];
};

struct chain {
	const char *source, *sink;
	struct channel channels[STAGES];
	struct hop hops[HOPS];
	int count, hop_count;
};

static void name_stages(void)
{
	for (size_t i = 0; i < sizeof(stages) / sizeof(*stages); i++)
		printf(stages[i].may_wait ? "%s\n%s+\n" : "%s\n", stages[i].name, stages[i].name);
}

static void choose_stage(struct channel *c, const char *name)
{
	size_t size = strcspn(name, "+");

	for (size_t i = 0; i < sizeof(stages) / sizeof(*stages); i++) {
		if (strlen(stages[i].name) == size && !memcmp(stages[i].name, name, size)) {
			c->stage = &stages[i];
			c->waits = name[size];
			MUST(!c->waits || c->stage->may_wait);
			return;
		}
	}
	fprintf(stderr, "compose: no such stage: %s; compose --stages names them\n", name);
	_exit(2);
}

static void add_hop(struct chain *chain, struct channel *from, struct channel *to, struct channel *carries)
{
	struct hop *hop = &chain->hops[chain->hop_count++];

	hop->from = from;
	hop->to = to;
	hop->carries = carries;
	TRY(pipe(hop->turn));
}

static void lay_out(struct chain *chain, char **names, int count, char letter)
{
	struct channel *from = NULL;

	for (int i = 0; i < count; i++) {
		struct channel *c = &chain->channels[i];

		choose_stage(c, names[i]);
		snprintf(c->name, NAME, "%c%d.%s", letter, i, c->stage->name);
		if (c->stage->make)
			c->stage->make(c);
		add_hop(chain, from, c, NULL);
		if (c->stage->carry)
			add_hop(chain, NULL, NULL, c);
		from = c;
	}
	chain->count = count;
	add_hop(chain, from, NULL, NULL);
}

static void act(void (*function)(struct channel *), struct channel *c)
{
	if (function)
		function(c);
}

static void make_ready(struct hop *hop)
{
	if (hop->carries)
		act(hop->carries->stage->ready_carry, hop->carries);
	if (hop->from)
		act(hop->from->stage->ready_get, hop->from);
	if (hop->to)
		act(hop->to->stage->ready_put, hop->to);
}

/* Which processes there are comes with the turn. */
static void await_turn(struct chain *chain, struct hop *hop)
{
	pid_t pids[HOPS];

	TRY(raise(SIGSTOP));
	MUST(TRY(read(hop->turn[0], pids, sizeof(pids))) == sizeof(pids));
	for (int i = 0; i < chain->hop_count; i++) {
		struct hop *other = &chain->hops[i];

		if (other->to)
			other->to->putter = pids[i];
		if (other->from)
			other->from->getter = pids[i];
	}
}

static void run_hop(struct chain *chain, struct hop *hop)
{
	TRY(prctl(PR_SET_PDEATHSIG, SIGKILL));
	make_ready(hop);
	await_turn(chain, hop);
	if (hop->carries) {
		hop->carries->stage->carry(hop->carries);
	} else {
		if (hop->from)
			hop->from->stage->get(hop->from);
		else
			length = take(chain->source, bytes, ROOM - 1);
		if (hop->to)
			hop->to->stage->put(hop->to);
		else
			give(chain->sink, bytes, length);
	}
	TRY(raise(SIGSTOP));
	_exit(0);
}

static void unmake_all(struct chain *chain)
{
	for (int i = 0; i < chain->count; i++)
		act(chain->channels[i].stage->unmake, &chain->channels[i]);
}

/* Waits until the process has stopped; the chain ends with the process's status if that has ended. */
static void await_stop(struct chain *chain, struct hop *hop)
{
	int status;

	TRY(waitpid(hop->pid, &status, WUNTRACED));
	if (WIFSTOPPED(status))
		return;
	fprintf(stderr, "compose: a process has ended: sink=%s, hop=%d, from=%s, to=%s, status=%#x\n", chain->sink,
		(int)(hop - chain->hops), hop->from ? hop->from->name : "", hop->to ? hop->to->name : "", status);
	unmake_all(chain);
	_exit(WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status) : 1);
}

/* Who gets from a channel in which it is to wait has its turn before the one that puts. */
static int give_turns(struct chain *chain, int first)
{
	struct channel *to = chain->hops[first].to;
	int last = first;
	pid_t pids[HOPS];

	if (to && to->waits) {
		last = give_turns(chain, first + 1);
		usleep(3000);
	}
	for (int i = 0; i < HOPS; i++)
		pids[i] = chain->hops[i].pid;
	MUST(write(chain->hops[first].turn[1], pids, sizeof(pids)) == sizeof(pids));
	return last;
}

static void run_chain(struct chain *chain)
{
	for (int i = 0; i < chain->hop_count; i++) {
		chain->hops[i].pid = TRY(fork());
		if (!chain->hops[i].pid)
			run_hop(chain, &chain->hops[i]);
	}
	for (int i = 0; i < chain->hop_count; i++)
		await_stop(chain, &chain->hops[i]);
	for (int i = 0; i < chain->hop_count; i++)
		TRY(kill(chain->hops[i].pid, SIGCONT));
	for (int i = 0; i < chain->hop_count; ) {
		int last = give_turns(chain, i);

		while (i <= last)
			await_stop(chain, &chain->hops[i++]);
	}
	for (int i = 0; i < chain->hop_count; i++) {
		TRY(kill(chain->hops[i].pid, SIGCONT));
		wait_for(chain->hops[i].pid);
	}
	unmake_all(chain);
}

static pid_t begin_chain(char **paths, char **names, int count, char letter)
{
	static struct chain chain;
	pid_t child = TRY(fork());

	if (child)
		return child;
	TRY(prctl(PR_SET_PDEATHSIG, SIGKILL));
	chain.source = paths[0];
	chain.sink = paths[1];
	lay_out(&chain, names, count, letter);
	run_chain(&chain);
	_exit(0);
}

int main(int argc, char **argv)
{
	pid_t one, two;

	if (argc == 2 && !strcmp(argv[1], "--stages")) {
		name_stages();
		return 0;
	}
	if (argc == 4 && !strncmp(argv[1], "--", 2))
		return continued(argv);
	if (argc < 6 || argc > 5 + STAGES) {
		fprintf(stderr, "usage: compose SOURCE SINK OTHER SECOND STAGE... | compose --stages\n");
		return 2;
	}
	one = begin_chain(argv + 1, argv + 5, argc - 5, 'a');
	two = begin_chain(argv + 3, argv + 5, argc - 5, 'b');
	wait_for(one);
	wait_for(two);
	return 0;
}
