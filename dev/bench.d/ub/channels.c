// SPDX-License-Identifier: Apache-2.0
//
// What goes from process to process, and what waits for many descriptors: pipes, sockets, select, io_uring.
//
// A latency is one byte there and one back, between two processes; the other one is forked before the clock starts.
#include "ub.h"
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SELECTED 100
#define UNSET { -1, -1 }

static int pipe_fds[2] = UNSET, there[2], back[2], selected[SELECTED];
static pid_t partner;

static void op_pipe(void)
{
    char byte = 'x';

    expect(write(pipe_fds[1], &byte, 1) == 1 && read(pipe_fds[0], &byte, 1) == 1, "pipe write or read");
}

static void open_pipe(long count)
{
    (void)count;
    if (pipe_fds[0] < 0)
        expect(pipe(pipe_fds) == 0, "pipe");
}

static void op_latency(void)
{
    char byte = 'x';

    expect(write(there[1], &byte, 1) == 1 && read(back[0], &byte, 1) == 1, "write to the other process or read from it");
}

// The other process: it answers byte by byte until the channel is closed.
static void start_partner(void)
{
    partner = fork();
    if (partner == 0) {
        char byte;

        close(there[1]);
        if (back[0] != there[1])
            close(back[0]);
        while (read(there[0], &byte, 1) == 1)
            expect(write(back[1], &byte, 1) == 1, "write of an answer");
        _exit(0);
    }
    expect(partner > 0 && close(there[0]) == 0 && (back[1] == there[0] || close(back[1]) == 0), "fork or close");
    op_latency();
}

static void start_pipes(long count)
{
    (void)count;
    expect(pipe(there) == 0 && pipe(back) == 0, "pipe");
    start_partner();
}

static void both_ways(int here, int beyond)
{
    there[1] = back[0] = here;
    there[0] = back[1] = beyond;
    start_partner();
}

static void start_unix(long count)
{
    int pair[2];

    (void)count;
    expect(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
    both_ways(pair[0], pair[1]);
}

static void start_tcp(long count)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0), here = socket(AF_INET, SOCK_STREAM, 0), beyond, at_once = 1;

    (void)count;
    expect(listener >= 0 && here >= 0, "socket");
    expect(bind(listener, (void *)&address, sizeof(address)) == 0 && listen(listener, 1) == 0, "bind or listen");
    expect(getsockname(listener, (void *)&address, &length) == 0, "getsockname");
    expect(connect(here, (void *)&address, sizeof(address)) == 0, "connect");
    beyond = accept(listener, NULL, NULL);
    expect(beyond >= 0 && close(listener) == 0, "accept or close");
    expect(setsockopt(here, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once)) == 0, "setsockopt");
    expect(setsockopt(beyond, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once)) == 0, "setsockopt");
    both_ways(here, beyond);
}

static void end_partner(long count)
{
    (void)count;
    expect(close(there[1]) == 0 && (back[0] == there[1] || close(back[0]) == 0), "close");
    await(partner, "fork");
}

static void open_selected(long count)
{
    open_pipe(count);
    for (int i = 0; i < SELECTED; i++)
        expect((selected[i] = dup(pipe_fds[0])) >= 0 && selected[i] < FD_SETSIZE, "dup");
}

static void op_select(void)
{
    struct timeval no_time = { 0 };
    fd_set waited;

    FD_ZERO(&waited);
    for (int i = 0; i < SELECTED; i++)
        FD_SET(selected[i], &waited);
    expect(select(selected[SELECTED - 1] + 1, &waited, NULL, NULL, &no_time) == 0, "select");
}

static void close_selected(long count)
{
    (void)count;
    for (int i = 0; i < SELECTED; i++)
        expect(close(selected[i]) == 0, "close");
}

// An io_uring by its three calls and no library: one request at a time.
static struct {
    int fd;
    uint32_t *submitted, *completed;
    uint32_t submit_mask;
    uint32_t *slots;
    struct io_uring_sqe *requests;
    char *shared;
    size_t shared_bytes, request_bytes;
} ring;

static void open_ring(long count)
{
    struct io_uring_params parameters = { 0 };
    size_t slots, completions;

    (void)count;
    ring.fd = (int)syscall(SYS_io_uring_setup, 4, &parameters);
    expect(ring.fd >= 0, "io_uring_setup (is sysctl kernel.io_uring_disabled 0?)");
    expect(parameters.features & IORING_FEAT_SINGLE_MMAP, "io_uring of Linux 5.4 or newer");
    slots = parameters.sq_off.array + parameters.sq_entries * sizeof(uint32_t);
    completions = parameters.cq_off.cqes + parameters.cq_entries * sizeof(struct io_uring_cqe);
    ring.shared_bytes = slots > completions ? slots : completions;
    ring.request_bytes = parameters.sq_entries * sizeof(struct io_uring_sqe);
    ring.shared = mmap(NULL, ring.shared_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQ_RING);
    ring.requests = mmap(NULL, ring.request_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQES);
    expect(ring.shared != MAP_FAILED && ring.requests != MAP_FAILED, "mmap of an io_uring");
    ring.submitted = (uint32_t *)(ring.shared + parameters.sq_off.tail);
    ring.completed = (uint32_t *)(ring.shared + parameters.cq_off.head);
    ring.submit_mask = parameters.sq_entries - 1;
    ring.slots = (uint32_t *)(ring.shared + parameters.sq_off.array);
}

static void close_ring(long count)
{
    (void)count;
    expect(munmap(ring.shared, ring.shared_bytes) == 0 && munmap(ring.requests, ring.request_bytes) == 0 && close(ring.fd) == 0,
           "munmap or close of an io_uring");
}

static void op_uring_read(void)
{
    static char byte;
    uint32_t at = *ring.submitted & ring.submit_mask;
    struct io_uring_sqe *request = &ring.requests[at];

    memset(request, 0, sizeof(*request));
    request->opcode = IORING_OP_READ;
    request->fd = file_fd;
    request->addr = (uintptr_t)&byte;
    request->len = 1;
    ring.slots[at] = at;
    byte = 0;
    __atomic_store_n(ring.submitted, *ring.submitted + 1, __ATOMIC_RELEASE);
    expect(syscall(SYS_io_uring_enter, ring.fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1, "io_uring_enter");
    expect(byte == 'x', "read by io_uring");
    __atomic_store_n(ring.completed, *ring.completed + 1, __ATOMIC_RELEASE);
}

const struct operation channel_operations[] = {
    { "pipe_write_read_1", op_pipe, 20000, open_pipe, NULL },
    { "pipe_latency", op_latency, 5000, start_pipes, end_partner },
    { "unix_latency", op_latency, 5000, start_unix, end_partner },
    { "tcp_latency", op_latency, 5000, start_tcp, end_partner },
    { "select_100", op_select, 20000, open_selected, close_selected },
    { "uring_pread_1", op_uring_read, 20000, open_ring, close_ring, 1 },
    TABLE_END
};
