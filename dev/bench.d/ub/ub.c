// SPDX-License-Identifier: Apache-2.0
//
// Micro benchmark of system calls: fixed counts, so that two runs do the same work. Prints one line
// "name value" each, value = nanoseconds of CLOCK_MONOTONIC per operation, with one decimal; in a guest
// whose clock counts instructions (dev/guest --icount) that is instructions per operation.
//
// usage: ub [SCALE [DIRECTORY]]    SCALE multiplies the counts (default 1); DIRECTORY takes the files that
// are read, opened and made (default /dev/shm: a tmpfs). Errors end it with status 1 and the failed call.
//
// usage: ub serve [DIRECTORY]      reads lines "name count" from stdin and answers each with "name value", where
// value is the lower quartile of ten slices: on a busy machine the higher ones hold other processes. Ends at the end
// of stdin.
//
// Build: cc -O2 -static -o ub *.c (static: the same instructions wherever it runs, and the cheapest exec).
#include "ub.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SLICES 10
#define REST_NS 5000000
#define LARGE (1 << 20)

int zero_fd, null_fd, file_fd, large_fd;
char file_path[PATH_MAX], large_path[PATH_MAX + 16], self_path[PATH_MAX];

static const struct operation *const tables[] = { file_operations, process_operations, memory_operations,
                                                  channel_operations, new_operations };

void fail(const char *format, ...)
{
    int error = errno;
    va_list arguments;

    va_start(arguments, format);
    fputs("ub: ", stderr);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, ", error=%s\n", strerror(error));
    exit(1);
}

void expect(int done, const char *call)
{
    if (!done)
        fail("call failed: call=%s", call);
}

static long long now_ns(void)
{
    struct timespec now;

    expect(clock_gettime(CLOCK_MONOTONIC, &now) == 0, "clock_gettime");
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

// A series of runs; only they are timed.
static double series(const struct operation *operation, long count)
{
    long long start, end;

    if (operation->before)
        operation->before(count);
    start = now_ns();
    for (long n = 0; n < count; n++)
        operation->run();
    end = now_ns();
    if (operation->after)
        operation->after(count);
    return (double)(end - start) / (double)count;
}

static int made(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        fail("file not created: path=%s", path);
    return fd;
}

static void open_files(const char *directory)
{
    static char data[LARGE];
    ssize_t length = readlink("/proc/self/exe", self_path, sizeof(self_path) - 1);

    expect(length > 0, "readlink /proc/self/exe");
    self_path[length] = '\0';
    snprintf(file_path, sizeof(file_path), "%s/ub.%d", directory, (int)getpid());
    file_fd = made(file_path);
    expect(write(file_fd, "x", 1) == 1, "write");
    snprintf(large_path, sizeof(large_path), "%s.large", file_path);
    large_fd = made(large_path);
    expect(write(large_fd, data, LARGE) == LARGE, "write of a MiB");
    zero_fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    expect(zero_fd >= 0, "open /dev/zero");
    null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    expect(null_fd >= 0, "open /dev/null");
    open_new_files();
}

static void remove_files(void)
{
    remove_new_files();
    expect(unlink(large_path) == 0 && unlink(file_path) == 0, "unlink");
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return a < b ? -1 : a > b;
}

static void measure(const struct operation *operation, long count)
{
    static const struct timespec rest = { .tv_nsec = REST_NS };
    double slices[SLICES];

    // Whoever asked is asleep again when the clock starts.
    nanosleep(&rest, NULL);
    series(operation, count / SLICES);
    for (int slice = 0; slice < SLICES; slice++)
        slices[slice] = series(operation, count / SLICES);
    qsort(slices, SLICES, sizeof(slices[0]), by_value);
    printf("%s %.1f\n", operation->name, slices[SLICES / 4]);
    expect(fflush(stdout) == 0, "write of the answer");
}

static void serve_one(const struct operation *operation, long count)
{
    pid_t pid;

    if (!operation->apart) {
        measure(operation, count);
        return;
    }
    pid = fork();
    if (pid == 0) {
        measure(operation, count);
        _exit(0);
    }
    await(pid, operation->name);
}

static const struct operation *operation_of(const char *name)
{
    for (size_t table = 0; table < sizeof(tables) / sizeof(tables[0]); table++)
        for (const struct operation *operation = tables[table]; operation->name; operation++)
            if (strcmp(operation->name, name) == 0)
                return operation;
    return NULL;
}

static int serve(void)
{
    char line[128], name[64];
    long count;

    while (fgets(line, sizeof(line), stdin)) {
        const struct operation *operation;

        if (sscanf(line, "%63s %ld", name, &count) != 2 || count < SLICES || !(operation = operation_of(name))) {
            fprintf(stderr, "ub: want \"NAME COUNT\", COUNT from %d on: line=%s", SLICES, line);
            return 2;
        }
        serve_one(operation, count);
    }
    return 0;
}

static void all(long scale)
{
    for (size_t table = 0; table < sizeof(tables) / sizeof(tables[0]); table++)
        for (const struct operation *operation = tables[table]; operation->name; operation++) {
            long count = operation->count * scale;

            // Caches of the kernel (dentries, slabs) fill before the clock starts.
            series(operation, count / 10);
            printf("%s %.1f\n", operation->name, series(operation, count));
        }
}

int main(int argc, char **argv)
{
    const char *directory = argc > 2 ? argv[2] : "/dev/shm";
    int status = 0;

    if (argc > 1 && strcmp(argv[1], "exit") == 0)
        return 0;
    if (argc > 1 && strcmp(argv[1], "serve") == 0) {
        open_files(directory);
        status = serve();
    } else {
        char *end = NULL;
        long scale = argc > 1 ? strtol(argv[1], &end, 10) : 1;

        if ((end && *end != '\0') || scale < 1 || scale > 20) {
            fprintf(stderr, "ub: scale not in 1..20: scale=%s\nusage: ub [SCALE [DIRECTORY]] | serve [DIRECTORY]\n", argv[1]);
            return 2;
        }
        open_files(directory);
        all(scale);
    }
    remove_files();
    return fflush(stdout) == 0 ? status : 1;
}
