#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# wire-in-guest.sh send|receive TESTERS HEADWATER...: sets up the guest's end of the wire (dev/guest --wire) and runs wire.sh.
set -eu
side=$1 testers=$2
shift 2
number=1
[ "$side" = receive ] || number=2
# Two machines, as far as their records are concerned.
echo "wire-$side" >/etc/machine-id
modprobe virtio_net
tries=0
while [ ! -d /sys/class/net/eth0 ]; do
    tries=$((tries + 1))
    [ $tries -lt 100 ]
    sleep 0.1
done
ip addr add 10.77.0.$number/24 dev eth0
ip addr add fd77::$number/64 dev eth0 nodad
ip link set eth0 up
WIRE_STORE=/dev/shm/store WIRE_FRONT_END=lsm
export WIRE_STORE WIRE_FRONT_END
sh "${0%/*}/wire.sh" "$side" "$testers" /dev/shm/wire "$GUEST_OUT" "$@"
