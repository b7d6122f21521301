#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# camflow-in-guest.sh FRONT_END CHECKOUT HEADWATER...: a daemon that records what a camflow.ini asks for, changed while it runs by
# CamFlow's command (the launcher, as installed), by a signal and by a reload, and asked by a member of its group and by others; and
# programs that log (logs-in-guest.sh). Leaves statuses, answers, the output and the store in $GUEST_OUT.
set -eu
tests=$(cd "${0%/*}/.." && pwd)
# shellcheck source=SCRIPTDIR/logs-in-guest.sh
. "$tests/sh/logs-in-guest.sh"
front_end=$1
checkout=$2
shift 2
out=$GUEST_OUT
store=/dev/shm/system
work=/dev/shm/work
mkdir -p "$work/logs"
chmod 777 "$work"
cd "$work"

# status NAME COMMAND...: runs it and keeps what it says and how it ends.
status() {
    name=$1
    shift
    set +e
    "$@" >"$out/$name.out" 2>"$out/$name.err"
    echo $? >"$out/$name.status"
    set -e
}

# An installed Headwater: both launchers, beside no sources, for every user to run. Its Java is a copy of this build's class path,
# started as HEADWATER says.
installed=/dev/shm/installed
mkdir -p "$installed/java/bin" "$installed/lib"

# copied CLASS_PATH: copies it, and prints what the copy is called.
copied() {
    number=0
    copy=
    for entry in $(echo "$1" | tr : ' '); do
        number=$((number + 1))
        [ ! -e "$entry" ] || cp -r "$entry" "$installed/lib/$number"
        copy=$copy:$installed/lib/$number
    done
    echo "${copy#:}"
}

before=
for word; do
    [ "$before" != -cp ] || word=$(copied "$word")
    before=$word
    set -- "$@" "$word"
    shift
done
chmod -R a+rX "$installed"
cp "$checkout/headwater" "$checkout/camflow" "$installed"
{
    echo '#!/bin/sh'
    # shellcheck disable=SC2016
    echo 'while [ "$1" != headwater.cli.Main ]; do shift; done; shift'
    echo "exec $* \"\$@\""
} >"$installed/java/bin/java"
chmod 755 "$installed/java/bin/java"
echo 'JAVA_VERSION="25"' >"$installed/java/release"
export HEADWATER_JAVA_HOME=$installed/java
export HEADWATER_STORE=$store
camflow=$installed/camflow

echo plain >plain
echo secret >secret
status absent "$camflow" -s
printf '[provenance]\nenabled=true\nall=false\n[compression]\nversion=true\nnode=true\nedge=true\n[file]\npropagate=%s\n[headwater]\ngroup=nogroup\n[annotation]\nfile=app %s/logs/\nsyslog=logins app\njournal=unit app.service\n' \
    "$work/secret" "$work" >camflow.ini
printf '[general]\noutput=log\nformat=w3c\n[log]\npath=%s\n' "$out/graph.log" >camflowd.ini
logs_listen "$tests"
# In the foreground, as a service manager has it: nobody else's bound on how long an emulated machine may take.
"$@" start --foreground --config camflow.ini --outputs camflowd.ini --front-end "$front_end" >"$out/start.out" 2>"$out/start.err" &
daemon=$!
until grep -q ': recording' "$out/start.err"; do
    kill -0 "$daemon" || { cat "$out/start.err" >&2; exit 1; }
    sleep 0.2
done
status state "$camflow" -s
cat plain >plain-untracked
cat secret >secret-copy
status file "$camflow" --file secret-copy
logs_of_tracked
status all "$camflow" -a true
cat plain >plain-all
sh -c 'read -r taken <plain; echo "served $taken" >>logs/app.log'
logs_of_all "$tests"
status member setpriv --reuid 65534 --regid 65534 --clear-groups "$camflow" --duplicate true
status other setpriv --reuid 65534 --regid 1 --clear-groups "$camflow" -e false
sed -i 's/all=false/all=true\nnode_filter=directory/' camflow.ini
kill -s HUP "$daemon"
for _ in 1 2 3 4 5 6 7 8 9 10; do
    status after-hangup "$camflow" -s
    grep -q '^directory$' "$out/after-hangup.out" && break
    sleep 1
done
echo 'node_filter=directoy' >>camflow.ini
echo '[provenance]
node_filter=directoy' >>camflow.ini
status bad-reload "$@" reload
status opaque "$camflow" --opaque-file plain true
cat plain >plain-opaque
status follow timeout 90 "$@" export --follow --format spade
status stop "$@" stop
status daemon wait "$daemon"
logs_end
status lines "$@" lines
cp -r "$store" "$out/store"
