// SPDX-License-Identifier: Apache-2.0
//
// Makes flows, as fast as it can or as asked, each of them new to a recorder. Prints nothing; RESULT gets one line
// "operations nanoseconds".
//
// usage: flows pipe|pingpong|files COUNT RESULT [DIRECTORY]
//        flows paced COUNT RESULT RATE [PROCESSES]
//   pipe      one process writes a byte into its own pipe and reads it: two flows an operation
//   pingpong  a byte goes to another process and back through two pipes: four flows an operation
//   files     creates, writes and unlinks a file in DIRECTORY (/dev/shm): about three flows, an inode and names
//   paced     as pipe, RATE operations a second, as many each millisecond; divided among PROCESSES, each with a pipe of its own
//
// Build: cc -O2 -static -o flows flows.c
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_NS 1000000LL
#define TICKS_A_SECOND 1000

static void expect(int done, const char *call)
{
    if (done)
        return;
    fprintf(stderr, "flows: call failed: call=%s, error=%s\n", call, strerror(errno));
    exit(1);
}

static void pass(int from, int to)
{
    char byte;

    expect(read(from, &byte, 1) == 1, "read");
    expect(write(to, &byte, 1) == 1, "write");
}

static void own_pipe(long count)
{
    int fds[2];
    char byte = 'x';

    expect(pipe(fds) == 0, "pipe");
    for (long n = 0; n < count; n++) {
        expect(write(fds[1], &byte, 1) == 1, "write");
        expect(read(fds[0], &byte, 1) == 1, "read");
    }
}

static long long now_ns(void)
{
    struct timespec now;

    expect(clock_gettime(CLOCK_MONOTONIC, &now) == 0, "clock_gettime");
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void paced(long count, long rate)
{
    long long start = now_ns();
    int fds[2];
    char byte = 'x';

    expect(pipe(fds) == 0, "pipe");
    for (long n = 0, tick = 1; n < count; tick++) {
        long long until = start + tick * TICK_NS;
        struct timespec at = { until / 1000000000, until % 1000000000 };

        for (; n < count && n < tick * rate / TICKS_A_SECOND; n++) {
            expect(write(fds[1], &byte, 1) == 1, "write");
            expect(read(fds[0], &byte, 1) == 1, "read");
        }
        expect(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == 0, "clock_nanosleep");
    }
}

static void paced_by(long processes, long count, long rate)
{
    int failed = 0, status;

    for (long n = 1; n < processes; n++) {
        pid_t child = fork();

        expect(child >= 0, "fork");
        if (child == 0) {
            paced(count / processes, rate / processes);
            _exit(0);
        }
    }
    paced(count - count / processes * (processes - 1), rate - rate / processes * (processes - 1));
    while (wait(&status) > 0)
        failed |= status;
    expect(errno == ECHILD && !failed, "wait");
}

static void ping_pong(long count)
{
    int there[2], back[2], status;
    pid_t child;

    expect(pipe(there) == 0 && pipe(back) == 0, "pipe");
    child = fork();
    expect(child >= 0, "fork");
    if (child == 0) {
        for (long n = 0; n < count; n++)
            pass(there[0], back[1]);
        _exit(0);
    }
    expect(write(there[1], "x", 1) == 1, "write");
    for (long n = 1; n < count; n++)
        pass(back[0], there[1]);
    expect(waitpid(child, &status, 0) == child && status == 0, "waitpid");
}

static void files(long count, const char *directory)
{
    char path[PATH_MAX];

    for (long n = 0; n < count; n++) {
        int fd;

        snprintf(path, sizeof(path), "%s/flows.%d.%ld", directory, (int)getpid(), n % 100);
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
        expect(fd >= 0, "open");
        expect(write(fd, "x", 1) == 1 && close(fd) == 0 && unlink(path) == 0, "write, close or unlink");
    }
}

int main(int argc, char **argv)
{
    long count = argc > 2 ? atol(argv[2]) : 0;
    long rate = argc > 4 ? atol(argv[4]) : 0;
    long processes = argc > 5 ? atol(argv[5]) : 1;
    long long start;
    FILE *result;

    if (argc < 4 || count < 1) {
        fputs("usage: flows pipe|pingpong|files COUNT RESULT [DIRECTORY]\n       flows paced COUNT RESULT RATE [PROCESSES]\n", stderr);
        return 2;
    }
    result = fopen(argv[3], "we");
    expect(result != NULL, "open of the result");
    start = now_ns();
    if (strcmp(argv[1], "pipe") == 0) {
        own_pipe(count);
    } else if (strcmp(argv[1], "pingpong") == 0) {
        ping_pong(count);
    } else if (strcmp(argv[1], "files") == 0) {
        files(count, argc > 4 ? argv[4] : "/dev/shm");
    } else if (strcmp(argv[1], "paced") == 0 && rate > 0 && processes > 0) {
        paced_by(processes, count, rate);
    } else {
        fprintf(stderr, "flows: no such workload: name=%s\n", argv[1]);
        return 2;
    }
    fprintf(result, "%ld %lld\n", count, now_ns() - start);
    return fclose(result) == 0 ? 0 : 1;
}
