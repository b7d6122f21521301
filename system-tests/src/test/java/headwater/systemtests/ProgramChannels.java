// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.util.List;

/** Programs that people run. */
final class ProgramChannels {
    private ProgramChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                Scenario.of("gzip", "sort, gzip", "packed and unpacked", "sort source | gzip >packed.gz\ngzip -dc packed.gz >sink\n")
                        .from("packed.gz", "source").from("sink", "source", "packed.gz"),
                Scenario.of("tar", "tar", "into an archive and out of it", """
                        mkdir in out
                        cp source in/one
                        cp other in/two
                        tar -c -f archive.tar -C in one two
                        tar -x -f archive.tar -C out
                        """).from("archive.tar", "source", "other").from("out/one", "source", "archive.tar"),
                Scenario.of("compile", "gcc, ar, ld", "which sources went into a program", """
                        printf '#define VALUE 42\\n' >value.h
                        printf '#include "value.h"\\nint value(void) { return VALUE; }\\n' >value.c
                        printf 'int value(void);\\nint main(void) { return value() - 42; }\\n' >main.c
                        gcc -c value.c
                        gcc -c main.c
                        ar rcs libvalue.a value.o
                        ld -r -o main2.o main.o
                        gcc -o program main2.o -L. -lvalue
                        ./program
                        """).from("program", "main.c", "value.c", "value.h", "libvalue.a", "main2.o", "value.o")
                        .from("value.o", "value.h").notFrom("main.o", "value.c", "value.h"),
                Scenario.of("make", "make -j2", "which sources went into a target", """
                        printf 'all: sink\\nsink: one two\\n\\tcat one two >sink\\none: source\\n\\tsort source >one\\n'  >Makefile
                        printf 'two: other\\n\\tsort other >two\\n' >>Makefile
                        make -s -j2
                        """).from("sink", "source", "other", "one", "two").from("one", "source").from("two", "other")
                        .notFrom("one", "other").notFrom("two", "source"),
                Scenario.of("python", "python3", "a program and what it read", """
                        printf 'open("sink", "w").write(open("source").read().upper())\\n' >copy.py
                        /usr/bin/python3 copy.py
                        """).from("sink", "source", "copy.py"),
                Scenario.of("git", "git", "committed, and checked out again", """
                        export HOME="$PWD" GIT_CONFIG_NOSYSTEM=1
                        git init -q repository
                        cp source repository/file
                        cd repository
                        git add file
                        git -c user.name=Someone -c user.email=someone@example.org commit -q -m 'Add file'
                        rm file
                        git checkout -q file
                        cp file ../sink
                        """).from("sink", "source", "repository/file"),
                Scenario.of("sqlite", "sqlite3", "into a data base and out of it", """
                        read -r secret <source
                        sqlite3 base.db "create table t(x); insert into t values('$secret');"
                        sqlite3 base.db 'select * from t' >sink
                        """).from("base.db", "source").from("sink", "source", "base.db"));
    }
}
