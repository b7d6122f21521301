// SPDX-License-Identifier: Apache-2.0
//
// Micro benchmark of system calls: fixed counts, so that two runs do the same work. Prints one line
// "name value" each, value = nanoseconds of CLOCK_MONOTONIC per operation, with one decimal; in a guest
// whose clock counts instructions (dev/guest --icount) that is instructions per operation.
//
// usage: ub [SCALE [DIRECTORY]]    SCALE multiplies the counts (default 1); DIRECTORY takes the file that
// pread, stat and open read (default /dev/shm: a tmpfs). Errors end it with status 1 and the failed call.
//
// usage: ub serve [DIRECTORY]      reads lines "name count" from stdin and answers each with "name value", where
// value is the lower quartile of ten slices: on a busy machine the higher ones hold other processes. Ends at the end
// of stdin. It knows the operations named new_… too, whose every flow is new to a recorder: they go round through more
// files than any object remembers states of.
//
// Build: cc -O2 -static -o ub ub.c (static: the same instructions wherever it runs, and the cheapest exec).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NEW_FILES 64
#define SLICES 10
#define REST_NS 5000000

static int zero_fd, null_fd, file_fd, pipe_fds[2], new_fds[NEW_FILES];
static char file_path[PATH_MAX], new_paths[NEW_FILES][PATH_MAX + 16];
static unsigned int turn;
static char self_path[PATH_MAX];

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...)
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

static void expect(int done, const char *call)
{
    if (!done)
        fail("call failed: call=%s", call);
}

static void op_getppid(void)
{
    expect(getppid() >= 0, "getppid");
}

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

static void op_pipe(void)
{
    char byte = 'x';

    expect(write(pipe_fds[1], &byte, 1) == 1 && read(pipe_fds[0], &byte, 1) == 1, "pipe write or read");
}

static void await(pid_t pid, const char *call)
{
    int status;

    expect(pid > 0, call);
    expect(waitpid(pid, &status, 0) == pid, "waitpid");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail("child failed: call=%s, status=%d", call, status);
}

static void op_fork(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    await(pid, "fork");
}

// The child is this program with the argument "exit": no dynamic loader, no other file.
static void op_vfork_exec(void)
{
    static char *const arguments[] = { (char *)"ub", (char *)"exit", NULL };
    static char *const environment[] = { NULL };
    pid_t pid = vfork();

    if (pid == 0) {
        execve(self_path, arguments, environment);
        _exit(127);
    }
    await(pid, "vfork or execve");
}

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

struct operation {
    const char *name;
    void (*run)(void);
    long count;
};

static const struct operation operations[] = {
    { "getppid", op_getppid, 100000 },
    { "read_zero_1", op_read, 50000 },
    { "write_null_1", op_write, 50000 },
    { "pread_file_1", op_pread, 50000 },
    { "stat", op_stat, 20000 },
    { "open_close", op_open_close, 20000 },
    { "pipe_write_read_1", op_pipe, 20000 },
    { "fork_exit_wait", op_fork, 200 },
    { "vfork_exec_wait", op_vfork_exec, 200 },
};

static const struct operation new_operations[] = {
    { "new_pread_1", op_new_pread, 0 },
    { "new_pwrite_1", op_new_pwrite, 0 },
    { "new_open_close", op_new_open_close, 0 },
    { "new_file", op_new_file, 0 },
};

static long long now_ns(void)
{
    struct timespec now;

    expect(clock_gettime(CLOCK_MONOTONIC, &now) == 0, "clock_gettime");
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void open_files(const char *directory)
{
    ssize_t length = readlink("/proc/self/exe", self_path, sizeof(self_path) - 1);

    expect(length > 0, "readlink /proc/self/exe");
    self_path[length] = '\0';
    snprintf(file_path, sizeof(file_path), "%s/ub.%d", directory, (int)getpid());
    file_fd = open(file_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file_fd < 0)
        fail("file not created: path=%s", file_path);
    expect(write(file_fd, "x", 1) == 1, "write");
    zero_fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    expect(zero_fd >= 0, "open /dev/zero");
    null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    expect(null_fd >= 0, "open /dev/null");
    expect(pipe2(pipe_fds, O_CLOEXEC) == 0, "pipe2");
}

static void open_new_files(void)
{
    for (int i = 0; i < NEW_FILES; i++) {
        snprintf(new_paths[i], sizeof(new_paths[i]), "%s.%d", file_path, i);
        new_fds[i] = open(new_paths[i], O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (new_fds[i] < 0)
            fail("file not created: path=%s", new_paths[i]);
        expect(write(new_fds[i], "x", 1) == 1, "write");
    }
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return a < b ? -1 : a > b;
}

static void serve_one(const struct operation *operation, long count)
{
    static const struct timespec rest = { .tv_nsec = REST_NS };
    double slices[SLICES];
    long each = count / SLICES;

    // Whoever asked is asleep again when the clock starts.
    nanosleep(&rest, NULL);
    for (long n = 0; n < each; n++)
        operation->run();
    for (int slice = 0; slice < SLICES; slice++) {
        long long start = now_ns();

        for (long n = 0; n < each; n++)
            operation->run();
        slices[slice] = (double)(now_ns() - start) / (double)each;
    }
    qsort(slices, SLICES, sizeof(slices[0]), by_value);
    printf("%s %.1f\n", operation->name, slices[SLICES / 4]);
    expect(fflush(stdout) == 0, "write of the answer");
}

static const struct operation *operation_of(const char *name)
{
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
        if (strcmp(operations[i].name, name) == 0)
            return &operations[i];
    for (size_t i = 0; i < sizeof(new_operations) / sizeof(new_operations[0]); i++)
        if (strcmp(new_operations[i].name, name) == 0)
            return &new_operations[i];
    return NULL;
}

static int serve(void)
{
    char line[128], name[64];
    long count;

    open_new_files();
    while (fgets(line, sizeof(line), stdin)) {
        const struct operation *operation;

        if (sscanf(line, "%63s %ld", name, &count) != 2 || count < SLICES || !(operation = operation_of(name))) {
            fprintf(stderr, "ub: want \"NAME COUNT\", COUNT from %d on: line=%s", SLICES, line);
            return 2;
        }
        serve_one(operation, count);
    }
    for (int i = 0; i < NEW_FILES; i++)
        expect(unlink(new_paths[i]) == 0, "unlink");
    expect(unlink(file_path) == 0, "unlink");
    return 0;
}

int main(int argc, char **argv)
{
    long scale = 1;
    char *end;

    if (argc > 1 && strcmp(argv[1], "exit") == 0)
        return 0;
    if (argc > 1 && strcmp(argv[1], "serve") == 0) {
        open_files(argc > 2 ? argv[2] : "/dev/shm");
        return serve();
    }
    if (argc > 1) {
        errno = 0;
        scale = strtol(argv[1], &end, 10);
        if (errno != 0 || *end != '\0' || scale < 1 || scale > 10000) {
            fprintf(stderr, "ub: scale not in 1..10000: scale=%s\nusage: ub [SCALE [DIRECTORY]] | serve [DIRECTORY]\n", argv[1]);
            return 2;
        }
    }
    open_files(argc > 2 ? argv[2] : "/dev/shm");
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        long count = operations[i].count * scale;
        long warm = count / 10;
        long long start;

        // Caches of the kernel (dentries, slabs) fill before the clock starts.
        for (long n = 0; n < warm; n++)
            operations[i].run();
        start = now_ns();
        for (long n = 0; n < count; n++)
            operations[i].run();
        printf("%s %.1f\n", operations[i].name, (double)(now_ns() - start) / (double)count);
    }
    expect(unlink(file_path) == 0, "unlink");
    return fflush(stdout) == 0 ? 0 : 1;
}
