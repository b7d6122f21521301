// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.systemtests.Workload.Joined;
import java.util.List;
import java.util.stream.Stream;

/** The workloads of which it is known what comes from what, and the larger ones that both front-ends must see alike. */
final class Workloads {
    private static final int FILES = 8;
    private static final int UNITS = 3;

    private static final String INPUTS = """
            for i in 1 2 3 4 5 6 7 8; do
                echo "input $i" >in.$i
                echo in.$i >request.$i
            done
            """;

    /** Three C files, each with a header of its own. */
    private static final String C_FILES = """
            for i in 1 2 3; do
                echo "#define VALUE $i" >unit$i.h
                printf '#include "unit%s.h"\\nint value%s(void) { return VALUE; }\\n' $i $i >unit$i.c
            done
            """;

    private static final String MAKEFILE = """
            printf 'all: unit1.o unit2.o unit3.o\\nunit%%.o: unit%%.c unit%%.h\\n\\tcc -c $<\\n' >Makefile
            """;

    private static final String NGINX = """
            cat >nginx.conf <<'CONFIGURATION'
            daemon off;
            worker_processes WORKERS;
            user root;
            pid nginx.pid;
            error_log stderr;
            events { worker_connections 64; }
            http {
                access_log access.log;
                client_body_temp_path tmp;
                proxy_temp_path tmp;
                fastcgi_temp_path tmp;
                uwsgi_temp_path tmp;
                scgi_temp_path tmp;
                sendfile SENDFILE;
                server { listen unix:nginx.sock; root ROOT; }
            }
            CONFIGURATION
            sed -i "s|ROOT|$PWD|; s|unix:|unix:$PWD/|" nginx.conf
            for i in 1 2 3 4 5 6 7 8; do
                echo "input $i" >in.$i
                printf 'GET /in.%s HTTP/1.0\\r\\n\\r\\n' $i >request.$i
            done
            """;

    private static final String START_NGINX = """
            nginx -p "$PWD/" -c nginx.conf &
            nginx=$!
            while [ ! -S nginx.sock ]; do sleep 0.05; done
            """;

    private static final String ONE_MEMORY = "one process holds all requests in one memory";

    private Workloads() {
    }

    /** Those whose truth is known. */
    static final List<Workload> KNOWN = List.of(
            server("one", "a server that answers one request after another", """
                    for i in 1 2 3 4 5 6 7 8; do answers ask port request.$i out.$i; done
                    """).joins(Joined.EARLIER, ONE_MEMORY),
            server("once", "a server with a thread for each request, all at once", """
                    for i in 1 2 3 4 5 6 7 8; do answers ask port request.$i out.$i & clients="$clients $!"; done
                    wait $clients
                    """).joins(Joined.ALL, ONE_MEMORY),
            server("fork", "a server with a process for each request; all had sent before it accepted", """
                    for i in 1 2 3 4 5 6 7 8; do answers ask port request.$i out.$i & clients="$clients $!"; done
                    wait $clients
                    """),
            nginx("known-nginx", "nginx, one worker, one request after another", "off")
                    .joins(Joined.EARLIER, ONE_MEMORY),
            nginx("known-nginx-sendfile", "the same by sendfile(2)", "on")
                    .joins(Joined.EARLIER, "request.", "one memory holds all requests, but no answer"),
            Workload.of("known-open-all", "a program that opens all its inputs, then has a child for each", INPUTS, """
                    answers open 8
                    """).each(FILES, "out.#", "in.#"),
            Workload.of("known-tar", "tar into an archive and out of it", INPUTS, """
                    mkdir out
                    tar -c -f archive.tar in.1 in.2 in.3 in.4 in.5 in.6 in.7 in.8
                    tar -x -f archive.tar -C out
                    """).each(FILES, "out/in.#", "in.#")
                    .joins(Joined.ALL, "tar's memory, and the one archive file"),
            Workload.of("known-shell-loop", "for f in in.*; do tr a b <$f >$f.out; done", INPUTS, """
                    for f in in.*; do tr a b <$f >$f.out; done
                    """).each(FILES, "in.#.out", "in.#"),
            Workload.of("known-shell-read", "the same by the shell's own read and echo", INPUTS, """
                    for f in in.*; do read -r line <$f; echo "$line" >$f.out; done
                    """).each(FILES, "in.#.out", "in.#").joins(Joined.EARLIER, "the shell's memory"),
            Workload.of("known-cp", "one cp for many files", INPUTS, """
                    mkdir out
                    cp in.1 in.2 in.3 in.4 in.5 in.6 in.7 in.8 out
                    """).each(FILES, "out/in.#", "in.#"),
            Workload.of("known-cat", "cat of many files into one, then split", INPUTS, """
                    cat in.1 in.2 in.3 in.4 in.5 in.6 in.7 in.8 >all
                    split -l 1 all out.
                    """).from("out.aa", "in.1").from("out.ab", "in.2").from("out.ac", "in.3").from("out.ad", "in.4")
                    .from("out.ae", "in.5").from("out.af", "in.6").from("out.ag", "in.7").from("out.ah", "in.8")
                    .joins(Joined.ALL, "cat's memory, and the one file"),
            Workload.of("known-xargs", "ls | xargs -n 1 cp", INPUTS, """
                    ls | grep '^in' | xargs -I X cp X X.out
                    """).each(FILES, "in.#.out", "in.#"),
            Workload.of("known-find", "find -exec cp", INPUTS, """
                    find . -name 'in.?' -exec cp {} {}.out ';'
                    """).each(FILES, "in.#.out", "in.#"),
            Workload.of("known-sort", "sort -m of pairs", INPUTS, """
                    for i in 1 3 5 7; do sort -m in.$i in.$((i + 1)) >out.$i; done
                    """).from("out.1", "in.1", "in.2").from("out.3", "in.3", "in.4").from("out.5", "in.5", "in.6")
                    .from("out.7", "in.7", "in.8"),
            Workload.of("known-gcc", "gcc -c of several files", C_FILES, """
                    gcc -c unit1.c unit2.c unit3.c
                    """).each(UNITS, "unit#.o", "unit#.c", "unit#.h")
                    .joinsNeedlessly(Joined.EARLIER, "the driver empties one temporary file for the assembler and uses it again: "
                            + "that a file was emptied does not cut what it came from"),
            Workload.of("known-gcc-pipe", "gcc -pipe -c of several files", C_FILES, """
                    gcc -pipe -c unit1.c unit2.c unit3.c
                    """).each(UNITS, "unit#.o", "unit#.c", "unit#.h"),
            Workload.of("known-make-j2", "make -j2 of several files", C_FILES + MAKEFILE, """
                    make -s -j2
                    """).each(UNITS, "unit#.o", "unit#.c", "unit#.h"),
            Workload.of("known-replaced", "a result written anew, then renamed over the old one", INPUTS, """
                    sort in.1 >out.1
                    cp out.1 out.2
                    sort in.2 >new
                    mv new out.2
                    """).from("out.1", "in.1").from("out.2", "in.2"),
            Workload.of("known-truncated", "a result written anew in its place", INPUTS, """
                    sort in.1 >out.1
                    cp out.1 out.2
                    sort in.2 >out.2
                    """).from("out.1", "in.1").from("out.2", "in.2")
                    .joinsNeedlessly(Joined.EARLIER, "that a file was emptied does not cut what it came from"));

    /** Those that only have to look the same by both front-ends. */
    static final List<Workload> LARGE = List.of(
            Workload.of("large-build", "make of some of this project's testers", """
                    sources=$(dirname "$(command -v flow)")/../../src/test/c
                    cp "$sources/names.c" "$sources/storm.c" "$sources/attributes.c" "$sources/pingpong.c" "$sources/tester.h" .
                    printf 'all: names storm attributes pingpong\\n%%: %%.c tester.h\\n\\tcc -std=gnu11 -pthread -o $@ $<\\n' >Makefile
                    """, """
                    make -s -j2
                    """),
            Workload.of("large-python", "a Python program with threads, children and a data base", "", """
                    cat >program.py <<'PROGRAM'
                    import csv, gzip, json, sqlite3, subprocess, threading
                    rows = [{"n": i, "text": "row %d" % i} for i in range(200)]
                    with open("rows.csv", "w") as out:
                        writer = csv.DictWriter(out, ["n", "text"])
                        writer.writerows(rows)
                    base = sqlite3.connect("base.db")
                    base.execute("create table t(n, text)")
                    base.executemany("insert into t values(:n, :text)", rows)
                    base.commit()
                    def pack(number):
                        with open("rows.csv", "rb") as source, gzip.open("rows.%d.gz" % number, "wb") as out:
                            out.write(source.read())
                    threads = [threading.Thread(target=pack, args=(i,)) for i in range(4)]
                    for thread in threads: thread.start()
                    for thread in threads: thread.join()
                    counted = subprocess.run(["wc", "-l"], stdin=open("rows.csv"), capture_output=True, text=True).stdout
                    json.dump({"counted": counted, "sum": base.execute("select sum(n) from t").fetchone()}, open("sum.json", "w"))
                    PROGRAM
                    /usr/bin/python3 program.py
                    """),
            Workload.of("large-nginx", "nginx with two workers under load", nginxSetup("2", "on"), START_NGINX + """
                    for client in 1 2 3 4; do
                        (for i in 1 2 3 4 5 6 7 8; do answers ask nginx.sock request.$i out.$client.$i; done) &
                        clients="$clients $!"
                    done
                    wait $clients
                    kill -QUIT $nginx
                    wait $nginx
                    """));

    /** All of them. */
    static Stream<Workload> all() {
        return Stream.concat(KNOWN.stream(), LARGE.stream());
    }

    private static Workload server(String mode, String title, String clients) {
        return Workload.of("known-server-" + mode, title, INPUTS, """
                answers %s 8 port &
                server=$!
                while [ ! -s port ]; do sleep 0.05; done
                """.formatted(mode) + clients + "wait $server\n").each(FILES, "out.#", "in.#", "request.#");
    }

    private static String nginxSetup(String workers, String sendfile) {
        return "mkdir tmp\n" + NGINX.replace("WORKERS", workers).replace("SENDFILE", sendfile);
    }

    private static Workload nginx(String name, String title, String sendfile) {
        return Workload.of(name, title, nginxSetup("1", sendfile), START_NGINX + """
                for i in 1 2 3 4 5 6 7 8; do answers ask nginx.sock request.$i out.$i; done
                kill -QUIT $nginx
                wait $nginx
                """).each(FILES, "out.#", "in.#", "request.#");
    }
}
