#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# block-in-guest.sh TESTERS HEADWATER...: records the tester `refused` with --on-loss block, the reader stopped until the tester
# says that it was refused. Leaves in $GUEST_OUT what the tester counted, how the recording ended, and the store.
set -eu
testers=$1
shift
out=$GUEST_OUT
store=/dev/shm/store
mkdir -p /dev/shm/work
cd /dev/shm/work

refused=
trap 'refused=1' USR1
"$@" run --store "$store" --front-end lsm --ring 1 --on-loss block -- \
    sh -c "touch ready; while [ ! -e go ]; do sleep 0.1; done; exec '$testers/refused' busy result $$" 2>"$out/run.err" &
headwater=$!
while [ ! -e ready ]; do sleep 0.1; done
kill -s STOP "$headwater"
touch go
tries=0
while [ -z "$refused" ] && [ "$tries" -lt 1200 ] && [ ! -s result ]; do
    sleep 0.1
    tries=$((tries + 1))
done
echo "${refused:-0}" >"$out/refused"
# Stopped, and so is all that it records: the others go on.
cat /proc/version >"$out/version"
kill -s CONT "$headwater"
set +e
wait "$headwater"
echo $? >"$out/run.status"
set -e
cat result >"$out/result"
"$@" ancestors busy --store "$store" --json >"$out/ancestors.json" 2>"$out/ancestors.err" || echo "status $?" >>"$out/ancestors.err"
cp -r "$store" "$out/store"
