/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fused SOURCE FOLDER RECEIVED: a file system on FOLDER, by the raw protocol of /dev/fuse (include/uapi/linux/fuse.h). Its one file,
 * "file", reads as what SOURCE holds; what is written to it is appended to RECEIVED. Ends when the folder is unmounted.
 */
#include "tester.h"
#include <linux/fuse.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>

#define ROOM (1 << 17)
#define FILE_NODE 2

static char request[ROOM], content[65536];
static int device;

static void reply(uint64_t unique, int error, const void *body, size_t length)
{
	struct fuse_out_header head = { sizeof(head) + length, error, unique };
	struct iovec parts[2] = { { &head, sizeof(head) }, { (void *)body, length } };

	if (writev(device, parts, length ? 2 : 1) < 0)
		MUST(errno == ENOENT);	/* the request was interrupted */
}

static struct fuse_attr attributes(uint64_t node)
{
	return (struct fuse_attr){ .ino = node, .mode = node == FILE_NODE ? S_IFREG | 0644 : S_IFDIR | 0755, .nlink = 1,
		.size = node == FILE_NODE ? 4096 : 0, .blksize = 4096 };
}

static void greet(uint64_t unique)
{
	struct fuse_init_out answer = { .major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 65536, .max_readahead = 65536 };

	reply(unique, 0, &answer, sizeof(answer));
}

static void look_up(uint64_t unique, const char *name)
{
	struct fuse_entry_out answer = { .nodeid = FILE_NODE, .attr = attributes(FILE_NODE) };

	if (strcmp(name, "file"))
		reply(unique, -ENOENT, NULL, 0);
	else
		reply(unique, 0, &answer, sizeof(answer));
}

static void read_file(uint64_t unique, const char *source, const struct fuse_read_in *how)
{
	size_t length = how->offset ? 0 : take(source, content, how->size < sizeof(content) ? how->size : sizeof(content));

	reply(unique, 0, content, length);
}

static void write_file(uint64_t unique, const char *received, const struct fuse_write_in *how)
{
	struct fuse_write_out answer = { .size = how->size };
	int out = TRY(open(received, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));

	MUST(write(out, how + 1, how->size) == (ssize_t)how->size);
	close(out);
	reply(unique, 0, &answer, sizeof(answer));
}

static void serve(const struct fuse_in_header *head, char **at)
{
	const void *body = head + 1;
	struct fuse_attr_out told = { .attr = attributes(head->nodeid) };
	/* Past the page cache: each read(2) of a client is a request. */
	struct fuse_open_out opened = { .open_flags = FOPEN_DIRECT_IO };

	switch (head->opcode) {
	case FUSE_INIT:
		return greet(head->unique);
	case FUSE_LOOKUP:
		return look_up(head->unique, body);
	case FUSE_GETATTR:
	case FUSE_SETATTR:
		return reply(head->unique, 0, &told, sizeof(told));
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		return reply(head->unique, 0, &opened, sizeof(opened));
	case FUSE_READ:
		return read_file(head->unique, at[0], body);
	case FUSE_WRITE:
		return write_file(head->unique, at[2], body);
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		return;
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
	case FUSE_FLUSH:
	case FUSE_READDIR:
	case FUSE_DESTROY:
		return reply(head->unique, 0, NULL, 0);
	}
	reply(head->unique, -ENOSYS, NULL, 0);
}

int main(int argc, char **argv)
{
	char options[128];

	if (argc != 4) {
		fprintf(stderr, "usage: fused SOURCE FOLDER RECEIVED\n");
		return 2;
	}
	device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (device < 0)
		not_here("/dev/fuse");
	snprintf(options, sizeof(options), "fd=%d,rootmode=40755,user_id=0,group_id=0", device);
	TRY_HERE(mount("fused", argv[2], "fuse", 0, options), "FUSE");
	for (;;) {
		ssize_t length = read(device, request, ROOM);

		if (length < 0 && errno == ENODEV)
			return 0;	/* unmounted */
		if (length < 0 && (errno == EINTR || errno == ENOENT))
			continue;
		TRY(length);
		serve((struct fuse_in_header *)request, argv + 1);
	}
}
