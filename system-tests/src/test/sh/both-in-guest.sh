#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# both-in-guest.sh SCRIPTS TESTERS HEADWATER...: records all scripts once, by two daemons at once (two-daemons.sh), on an ext4
# file system. HEADWATER is the words that start the command line. Leaves in $GUEST_OUT/both what record.sh and two-daemons.sh leave.
set -eu
scripts=$1 testers=$2
shift 2
modprobe loop
truncate -s 256M /dev/shm/disk
mkfs.ext4 -q -F /dev/shm/disk
mkdir -p /mnt/scenarios
mount -o loop /dev/shm/disk /mnt/scenarios
mkdir /mnt/scenarios/tmp
export TMPDIR=/mnt/scenarios/tmp

headwater=/dev/shm/headwater
{
    echo '#!/bin/sh'
    echo "exec $* \"\$@\""
} >"$headwater"
chmod 755 "$headwater"
mkdir -p "$GUEST_OUT/both"
sh "${0%/*}/record.sh" "$scripts" "$testers" /mnt/scenarios/both "$GUEST_OUT/both" \
    sh "${0%/*}/two-daemons.sh" "$headwater" "$GUEST_OUT/both" 2>"$GUEST_OUT/both/stderr"
