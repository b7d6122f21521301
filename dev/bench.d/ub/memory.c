// SPDX-License-Identifier: Apache-2.0
//
// Memory: mappings and faults.
#include "ub.h"
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>

#define LARGE (1 << 20)
#define STRIDE (16 << 10)
#define PAGE 4096

static volatile char *page;
static sigjmp_buf back;

// As LMbench: the file is mapped, touched every 16 KiB, and unmapped.
static void op_mmap(void)
{
    volatile char *mapped = mmap(NULL, LARGE, PROT_READ, MAP_PRIVATE, large_fd, 0);

    expect(mapped != MAP_FAILED, "mmap");
    for (size_t at = 0; at < LARGE; at += STRIDE)
        (void)mapped[at];
    expect(munmap((void *)mapped, LARGE) == 0, "munmap");
}

static void leave(int signal)
{
    siglongjmp(back, signal);
}

static void protect(long count)
{
    static const struct sigaction action = { .sa_handler = leave, .sa_flags = SA_NODEFER };

    (void)count;
    page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect(page != MAP_FAILED && sigaction(SIGSEGV, &action, NULL) == 0, "mmap or sigaction");
}

static void op_protection_fault(void)
{
    if (sigsetjmp(back, 0) == 0) {
        *page = 1;
        fail("a page that is not writable was written");
    }
}

static void unprotect(long count)
{
    static const struct sigaction action = { .sa_handler = SIG_DFL };

    (void)count;
    expect(munmap((void *)page, PAGE) == 0 && sigaction(SIGSEGV, &action, NULL) == 0, "munmap or sigaction");
}

static void map_page(long count)
{
    (void)count;
    page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, large_fd, 0);
    expect(page != MAP_FAILED, "mmap");
}

// The page is in the cache. madvise, which takes it from the process again, is in the figure.
static void op_page_fault(void)
{
    (void)*page;
    expect(madvise((void *)page, PAGE, MADV_DONTNEED) == 0, "madvise");
}

static void unmap_page(long count)
{
    (void)count;
    expect(munmap((void *)page, PAGE) == 0, "munmap");
}

const struct operation memory_operations[] = {
    { "mmap_1m", op_mmap, 2000, NULL, NULL },
    { "protection_fault", op_protection_fault, 20000, protect, unprotect },
    { "page_fault", op_page_fault, 20000, map_page, unmap_page },
    TABLE_END
};
