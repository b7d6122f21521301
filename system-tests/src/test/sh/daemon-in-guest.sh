#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# daemon-in-guest.sh FRONT_END LAUNCHER HEADWATER...: records the whole guest while files are copied, asks while the daemon
# runs (by Java as the words HEADWATER give it, and by the script LAUNCHER), and stops it. Leaves statuses, answers and the
# store in $GUEST_OUT.
set -eu
front_end=$1
launcher=$2
shift 2
out=$GUEST_OUT
store=/dev/shm/system
work=/dev/shm/work
mkdir -p "$work"
chmod 777 "$work"
cd "$work"

# status NAME COMMAND...: runs it and keeps its process id, what it says and how it ends.
status() {
    name=$1
    shift
    set +e
    # shellcheck disable=SC2016
    sh -c 'echo $$ >"$0"; exec "$@"' "$out/$name.pid" "$@" >"$out/$name.out" 2>"$out/$name.err"
    echo $? >"$out/$name.status"
    set -e
}

# An installed Headwater: the launcher, beside no sources. Its Java is this build's class path, started as HEADWATER says.
installed=/dev/shm/installed
mkdir -p "$installed/java/bin"
cp "$launcher" "$installed/headwater"
{
    echo '#!/bin/sh'
    # shellcheck disable=SC2016
    echo 'while [ "$1" != headwater.cli.Main ]; do shift; done; shift'
    echo "exec $* \"\$@\""
} >"$installed/java/bin/java"
chmod 755 "$installed/java/bin/java"
echo 'JAVA_VERSION="25"' >"$installed/java/release"
export HEADWATER_JAVA_HOME=$installed/java

echo secret >source
sleep 1000 <source &
echo $! >"$out/before.pid"

status status-before "$@" status --store "$store"
status start "$@" start --store "$store" --front-end "$front_end"
status status "$@" status --store "$store" --json
status start-again "$@" start --store "$store"
status run-beside "$@" run --store "$store" -- true
sort source >between
cat between >sink
sleep 2
status ancestors "$@" ancestors "$work/sink" --store "$store" --json
status launched "$installed/headwater" ancestors "$work/sink" "--store=$store" --json
HEADWATER_STORE=$store status by-environment "$installed/headwater" status
status run "$installed/headwater" run --front-end trace --store /dev/shm/other -- cp source by-run
chmod 711 "$store"
# shellcheck disable=SC2016
status nobody setpriv --reuid 65534 --regid 65534 --clear-groups sh -c '{ true >>"$0/opaque"; } 2>/dev/null && exit 9
    cat source >by-nobody' "$store"
chmod 700 "$store"
cat "$store/opaque" source >by-reader
cat by-reader >last
sleep 2
status stop "$installed/headwater" stop --store "$store"
status status-after "$@" status --store "$store"
cat sink >unseen
cp -r "$store" "$out/store"
