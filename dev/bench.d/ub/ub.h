// SPDX-License-Identifier: Apache-2.0
//
// What the files of ub share: operations in tables, one table for each kind of call.
#ifndef UB_H
#define UB_H

#include <limits.h>
#include <sys/types.h>

#define TABLE_END { .name = NULL }

// One call, or a fixed few, that are timed together.
struct operation {
    const char *name;
    void (*run)(void);
    long count;                    // when no count is asked for
    // Either may be NULL. Around a series of `count` runs, and not timed.
    void (*before)(long count);
    void (*after)(long count);
    // In a process of its own: what it leaves in a process would change what all later calls there cost a recorder.
    int apart;
};

extern const struct operation file_operations[];
extern const struct operation process_operations[];
extern const struct operation memory_operations[];
extern const struct operation channel_operations[];
// Every flow of theirs is new to a recorder: they go round through more files than any object remembers states of.
extern const struct operation new_operations[];

extern int zero_fd, null_fd;
// One byte, and a MiB of them. file_path is the first one's.
extern int file_fd, large_fd;
extern char file_path[PATH_MAX], large_path[PATH_MAX + 16], self_path[PATH_MAX];

// Ends the program with status 1 and the failed call, unless done.
void expect(int done, const char *call);
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);
// Waits for the child that `call` has made; ends the program if it failed.
void await(pid_t pid, const char *call);

void open_new_files(void);
void remove_new_files(void);

#endif
