/* SPDX-License-Identifier: Apache-2.0 */
/* foreign SOURCE SINK: moves SOURCE to SINK by 32-bit system calls (int 0x80), which a 64-bit process may make too. */
#include "tester.h"

#define ROOM 4096
/* Static, and so below 4 GiB: the 32-bit calls take 32-bit addresses. */
static char bytes[ROOM], path[ROOM];

#define READ 3
#define WRITE 4
#define OPEN 5

static long call(long number, long first, long second, long third)
{
	long value;

	asm volatile("int $0x80" : "=a"(value) : "a"(number), "b"(first), "c"(second), "d"(third) : "memory", "cc",
		"r8", "r9", "r10", "r11");
	if (value < 0) {
		errno = -value;
		return -1;
	}
	return value;
}

static int opened(const char *name, int flags)
{
	snprintf(path, ROOM, "%s", name);
	return TRY_HERE(call(OPEN, (uintptr_t)path, flags, 0644), "32-bit system calls");
}

int main(int argc, char **argv)
{
	long length;

	if (argc != 3) {
		fprintf(stderr, "usage: foreign SOURCE SINK\n");
		return 2;
	}
	length = TRY(call(READ, opened(argv[1], O_RDONLY), (uintptr_t)bytes, ROOM));
	MUST(length > 0);
	MUST(TRY(call(WRITE, opened(argv[2], O_WRONLY | O_CREAT), (uintptr_t)bytes, length)) == length);
	return 0;
}
