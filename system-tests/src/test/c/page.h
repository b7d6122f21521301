/* SPDX-License-Identifier: Apache-2.0 */
/* What the testers of processes share: a page of memory that takes the source, or gives the sink. */
#ifndef HEADWATER_PAGE_H
#define HEADWATER_PAGE_H

#include "tester.h"
#include <sys/mman.h>

#define ROOM 4096
static char bytes[ROOM] __attribute__((aligned(ROOM)));
static char **paths;	/* SOURCE SINK */

static inline char *mapped_shared(void)
{
	char *at = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	MUST(at != MAP_FAILED);
	return at;
}

/* Takes the source to `at`, a zero behind it. */
static inline void take_to(char *at)
{
	at[take(paths[0], at, ROOM - 1)] = 0;
}

static inline void give_from(const char *at)
{
	MUST(*at);
	give(paths[1], at, strlen(at));
}

#endif
