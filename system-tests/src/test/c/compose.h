/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stage of `compose`: one channel from a process that puts bytes into it to another that gets them out, some with a third, the
 * carrier, between the two. All of them were forked before any of them has bytes, so none inherits any.
 *
 *   make        by the chain's first process, which never has bytes: names, descriptors, numbers that all may know
 *   ready_*     by one of the processes, before the first has read the source
 *   put         `bytes` into the channel
 *   carry       what the putter left to where the getter takes it; begins when put has returned
 *   get         into `bytes`; begins when put (or carry) has returned, or, if the getter waits, before
 *   unmake      by the chain's first process, in the end: what would outlive it
 *
 * The putter and the carrier are there, stopped, until the whole chain has run.
 */
#ifndef HEADWATER_COMPOSE_H
#define HEADWATER_COMPOSE_H

#include "uring.h"

#define NAME 96
#define ENDS 4

static char bytes[ROOM] __attribute__((aligned(ROOM)));
static size_t length;

struct channel {
	const struct stage *stage;
	bool waits;		/* the getter is to wait in get when put begins */
	char name[NAME];	/* of a file of this channel only, if it has one */
	int ends[ENDS];
	long number;
	void *memory;
	pid_t putter, getter;	/* known from the process's turn on */
};

struct stage {
	const char *name;
	void (*make)(struct channel *);
	void (*ready_put)(struct channel *);
	void (*ready_carry)(struct channel *);
	void (*ready_get)(struct channel *);
	void (*put)(struct channel *);
	void (*carry)(struct channel *);
	void (*get)(struct channel *);
	void (*unmake)(struct channel *);
	bool may_wait;		/* get waits for what put brings by itself */
};

static inline void write_all(int fd)
{
	MUST(length > 0 && TRY(write(fd, bytes, length)) == (long)length);
}

static inline void read_all(int fd)
{
	length = TRY(read(fd, bytes, ROOM));
	MUST(length > 0);
}

static inline void load(const char *at)
{
	length = strlen(at);
	MUST(length > 0);
	memcpy(bytes, at, length);
}

static inline void store(char *at)
{
	memcpy(at, bytes, length);
	at[length] = 0;
}

/* `suffix` behind the channel's name; good for three more calls. */
static inline const char *beside(struct channel *c, const char *suffix)
{
	static char paths[4][NAME + 32];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(*paths), "%s%s", c->name, suffix);
	return path;
}

/* The bytes as letters, where no others may stand. */
static inline char *in_letters(void)
{
	static char letters[200];
	size_t most = length < 90 ? length : 90;

	for (size_t i = 0; i < most; i++)
		sprintf(letters + 2 * i, "%02x", (unsigned char)bytes[i]);
	return letters;
}

static inline void from_letters(const char *letters)
{
	unsigned value;

	for (length = 0; sscanf(letters + 2 * length, "%2x", &value) == 1; length++)
		bytes[length] = value;
	MUST(length > 0);
}

/* ---- what a carrier stands between ---- */

static inline void make_pipes(struct channel *c)
{
	TRY(pipe(c->ends));
	TRY(pipe(c->ends + 2));
}

static inline void put_into_pipe(struct channel *c)
{
	write_all(c->ends[1]);
}

static inline void get_from_second_pipe(struct channel *c)
{
	read_all(c->ends[2]);
}

static inline void put_in(struct channel *c)
{
	give(beside(c, ".in"), bytes, length);
}

static inline void get_out(struct channel *c)
{
	length = take(beside(c, ".out"), bytes, ROOM);
}

#define BETWEEN_PIPES .make = make_pipes, .put = put_into_pipe, .get = get_from_second_pipe
#define BETWEEN_FILES .put = put_in, .get = get_out

#endif
