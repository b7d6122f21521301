// SPDX-License-Identifier: Apache-2.0
//
// Flows that are new each time, so that a recorder has to record each.
#include "ub.h"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define NEW_FILES 64

static int new_fds[NEW_FILES];
static char new_paths[NEW_FILES][PATH_MAX + 16];
static unsigned int turn;

static void op_new_pread(void)
{
    char byte;

    expect(pread(new_fds[turn++ % NEW_FILES], &byte, 1, 0) == 1, "pread");
}

// What is written is new to a file if the process took something in since it last wrote that file: one read in 64.
static void op_new_pwrite(void)
{
    int fd = new_fds[turn++ % NEW_FILES];
    char byte;

    expect(pwrite(fd, "x", 1, 0) == 1, "pwrite");
    if (turn % NEW_FILES == 0)
        expect(pread(fd, &byte, 1, 0) == 1, "pread");
}

static void op_new_open_close(void)
{
    int fd = open(new_paths[turn++ % NEW_FILES], O_RDONLY);

    expect(fd >= 0 && close(fd) == 0, "open or close");
}

static void op_new_file(void)
{
    static char path[PATH_MAX + 16];
    int fd;

    if (path[0] == '\0')
        snprintf(path, sizeof(path), "%s.new", file_path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    expect(fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0 && unlink(path) == 0, "open, write, close or unlink");
}

void open_new_files(void)
{
    for (int i = 0; i < NEW_FILES; i++) {
        snprintf(new_paths[i], sizeof(new_paths[i]), "%s.%d", file_path, i);
        new_fds[i] = open(new_paths[i], O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (new_fds[i] < 0)
            fail("file not created: path=%s", new_paths[i]);
        expect(write(new_fds[i], "x", 1) == 1, "write");
    }
}

void remove_new_files(void)
{
    for (int i = 0; i < NEW_FILES; i++)
        expect(unlink(new_paths[i]) == 0, "unlink");
}

const struct operation new_operations[] = {
    { "new_pread_1", op_new_pread, 50000, NULL, NULL },
    { "new_pwrite_1", op_new_pwrite, 50000, NULL, NULL },
    { "new_open_close", op_new_open_close, 20000, NULL, NULL },
    { "new_file", op_new_file, 5000, NULL, NULL },
    TABLE_END
};
