#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# in-guest.sh SCRIPTS TESTERS FRONT_ENDS HEADWATER...: records the scenarios once for each front-end, on an ext4 file system as
# programs find it on a disk (the guest's root is an overlay, which opens each file twice). HEADWATER is the words that start
# the command line. Leaves in $GUEST_OUT/FRONT_END-1 what record.sh leaves, the recorder's stderr, and the store; -2 and -3 are
# there if the ones before lost something by fexit.
set -eu
scripts=$1 testers=$2 front_ends=$3
shift 3
ATTEMPTS=3

modprobe loop
truncate -s 256M /dev/shm/disk
mkfs.ext4 -q -F /dev/shm/disk
mkdir -p /mnt/scenarios
mount -o loop /dev/shm/disk /mnt/scenarios
mkdir /mnt/scenarios/tmp
export TMPDIR=/mnt/scenarios/tmp

for front_end in $front_ends; do
    attempt=1
    while :; do
        name=$front_end-$attempt
        result=$GUEST_OUT/$name
        mkdir -p "$result"
        # The store stays in memory while it is written: it is mapped, and the share is no file system for that.
        sh "${0%/*}/record.sh" "$scripts" "$testers" "/mnt/scenarios/$name" "$result" "$@" run --store "/dev/shm/store" \
            --front-end "$front_end" -- 2>"$result/stderr" || echo "record.sh: status $?" >>"$result/stderr"
        if [ -d /dev/shm/store ]; then
            cp -r /dev/shm/store "$result/store"
            rm -r /dev/shm/store
        fi
        # The kernel may skip programs of fexit; with any other front-end a loss is a failure.
        if [ "$front_end" != fexit ] || [ $attempt = $ATTEMPTS ] || grep -q ' edges, 0 lost, ' "$result/stderr"; then
            break
        fi
        attempt=$((attempt + 1))
    done
done
