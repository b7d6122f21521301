/* SPDX-License-Identifier: Apache-2.0 */
/* attributes set SOURCE FILE, attributes get FILE SINK: SOURCE becomes an extended attribute of FILE, or that becomes SINK. */
#include "tester.h"
#include <sys/xattr.h>

#define ROOM 1024
static char bytes[ROOM];

static void set(char **at)
{
	size_t length = take(at[0], bytes, ROOM);

	TRY_HERE(setxattr(at[1], "user.headwater", bytes, length, 0), "extended attributes on this file system");
}

static void get(char **at)
{
	ssize_t length = TRY(getxattr(at[0], "user.headwater", bytes, ROOM));

	MUST(length > 0);
	give(at[1], bytes, length);
}

static const struct mode modes[] = { { "set", set }, { "get", get } };

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: attributes set SOURCE FILE | attributes get FILE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
