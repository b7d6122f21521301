// SPDX-License-Identifier: Apache-2.0
//
// Files: their data, their attributes, their names.
#include "ub.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096
#define TEN_K 10240

static void op_read(void)
{
    char byte;

    expect(read(zero_fd, &byte, 1) == 1, "read");
}

static void op_write(void)
{
    expect(write(null_fd, "x", 1) == 1, "write");
}

static void op_pread(void)
{
    char byte;

    expect(pread(file_fd, &byte, 1, 0) == 1, "pread");
}

static void op_stat(void)
{
    struct stat status;

    expect(stat(file_path, &status) == 0, "stat");
}

static void op_open_close(void)
{
    int fd = open(file_path, O_RDONLY);

    expect(fd >= 0 && close(fd) == 0, "open or close");
}

static void op_sendfile(void)
{
    off_t start = 0;

    expect(sendfile(null_fd, large_fd, &start, PAGE) == PAGE, "sendfile");
}

// Files are created and deleted by the series, as LMbench does: while one is timed, the other is not.
static char numbered_path[PATH_MAX + 16];
static char *digits;
static unsigned int number;

// The next name: five digits are set by hand, as a printf would cost as much as a system call.
static const char *next_path(void)
{
    unsigned int rest = number++;

    for (int i = 4; i >= 0; i--, rest /= 10)
        digits[i] = (char)('0' + rest % 10);
    return numbered_path;
}

static void first_path(long count)
{
    expect(count <= 100000, "names of five digits");
    if (!digits)
        digits = numbered_path + snprintf(numbered_path, sizeof(numbered_path), "%s.nnnnn", file_path) - 5;
    number = 0;
}

static void create(size_t bytes)
{
    static const char data[TEN_K];
    int fd = open(next_path(), O_WRONLY | O_CREAT | O_EXCL, 0600);

    expect(fd >= 0 && (bytes == 0 || write(fd, data, bytes) == (ssize_t)bytes) && close(fd) == 0, "open, write or close");
}

static void op_create(void)
{
    create(0);
}

static void op_create_10k(void)
{
    create(TEN_K);
}

static void op_delete(void)
{
    expect(unlink(next_path()) == 0, "unlink");
}

static void create_all(long count)
{
    first_path(count);
    for (long n = 0; n < count; n++)
        create(0);
    number = 0;
}

static void create_all_10k(long count)
{
    first_path(count);
    for (long n = 0; n < count; n++)
        create(TEN_K);
    number = 0;
}

static void delete_all(long count)
{
    first_path(count);
    for (long n = 0; n < count; n++)
        op_delete();
}

const struct operation file_operations[] = {
    { "read_zero_1", op_read, 50000, NULL, NULL },
    { "write_null_1", op_write, 50000, NULL, NULL },
    { "pread_file_1", op_pread, 50000, NULL, NULL },
    { "stat", op_stat, 20000, NULL, NULL },
    { "open_close", op_open_close, 20000, NULL, NULL },
    { "sendfile_4k", op_sendfile, 20000, NULL, NULL },
    { "create_0k", op_create, 5000, first_path, delete_all },
    { "delete_0k", op_delete, 5000, create_all, NULL },
    { "create_10k", op_create_10k, 5000, first_path, delete_all },
    { "delete_10k", op_delete, 5000, create_all_10k, NULL },
    TABLE_END
};
