#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# wire-of-namespaces.sh TESTERS WORK RESULT GROUPS HEADWATER...: the two ends of a wire are two network namespaces of this
# machine, each recorded by a recorder of its own, into a store of its own; neither knows of the other. GROUPS: the unified
# hierarchy of control groups, in which each end has a group while this runs.
set -eu
testers=$1 work=$2 result=$3 groups=$4
shift 4

unshare -n sleep 600 &
receive=$!
unshare -n sleep 600 &
send=$!
for side in receive send; do
    mkdir "$groups/headwater-$$-$side"
done
clean_up() {
    kill "$receive" "$send" || :
    rmdir "$groups/headwater-$$-receive" "$groups/headwater-$$-send" || :
}
trap clean_up EXIT
own=$(readlink /proc/self/ns/net)
for process in $receive $send; do
    while [ "$(readlink "/proc/$process/ns/net")" = "$own" ]; do sleep 0.05; done
done
nsenter --net="/proc/$receive/ns/net" ip link add wire1 type veth peer name wire2 netns "$send"
number=0
for process in $receive $send; do
    number=$((number + 1))
    nsenter --net="/proc/$process/ns/net" sh -ec "ip link set lo up; ip addr add 10.77.0.$number/24 dev wire$number
        ip addr add fd77::$number/64 dev wire$number nodad; ip link set wire$number up"
done

WIRE_FRONT_END=trace
export WIRE_FRONT_END
WIRE_NETWORK=/proc/$receive/ns/net WIRE_GROUP=$groups/headwater-$$-receive WIRE_STORE=$work/receive.store \
    sh "${0%/*}/wire.sh" receive "$testers" "$work/receive" "$result/receive" "$@" &
receiver=$!
WIRE_NETWORK=/proc/$send/ns/net WIRE_GROUP=$groups/headwater-$$-send WIRE_STORE=$work/send.store \
    sh "${0%/*}/wire.sh" send "$testers" "$work/send" "$result/send" "$@"
wait $receiver
