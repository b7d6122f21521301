# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # variables of camflow-in-guest.sh
# Sourced by camflow-in-guest.sh: a listener at the sockets of syslog and of the journal, and programs that log there, unchanged:
# logger, systemd-cat, a program by syslog(3); in the unit app.service and beside it. What came is in $out/heard. Where a program
# can, it says its own pid.

unit=/sys/fs/cgroup/system.slice/app.service
logs_listener=

# logs_listen TESTS: before anything is recorded.
logs_listen() {
    mkdir -p /run/systemd/journal "$unit"
    python3 "$1/python/log_sockets.py" "$out/heard" /dev/log /run/systemd/journal/dev-log /run/systemd/journal/socket \
        stream:/run/systemd/journal/stdout &
    logs_listener=$!
    until grep -q listening "$out/heard" 2>/dev/null; do
        kill -0 "$logs_listener"
        sleep 0.2
    done
}

# in_unit COMMAND...: as the service manager starts it.
in_unit() {
    # shellcheck disable=SC2016 # expands in the inner shell
    sh -c 'echo $$ >"$0"; exec "$@"' "$unit/cgroup.procs" "$@"
}

# said NAME: a file of this name, that says so.
said() {
    echo "about $1" >"$1"
}

# logs_of_tracked: while only what is tracked is recorded. The file secret is.
logs_of_tracked() {
    said unwatched
    logger -i -t app -f unwatched
    logger -i -t app -f secret
}

# logs_of_all TESTS: while everything is recorded.
logs_of_all() {
    for name in order other-tag others order-1 order-2 note; do
        said "$name"
    done
    logger -i -t app -f order
    logger -i -t else -f other-tag
    logger -i -t app -f others
    python3 "$1/python/orders.py" order-1 order-2
    # The journal's own protocol: logger reads the fields, one on a line. Those of its own giving are a claim like any other.
    printf 'MESSAGE=about entry\nPRIORITY=5\n' >entry
    printf 'MESSAGE=about forged\nUNIT=app.service\n_SYSTEMD_UNIT=app.service\n' >forged
    in_unit logger --journald=entry
    logger --journald=forged
    # The standard output of services.
    said reply
    said stray
    in_unit systemd-cat -t web cat reply
    systemd-cat -t app.service cat stray
    # With the journal, /dev/log is a link.
    ln -sf /run/systemd/journal/dev-log /dev/log
    in_unit logger -i -t daemon -f note
    said note-2
    logger -i -t app -f note-2
}

logs_end() {
    kill "$logs_listener"
}
