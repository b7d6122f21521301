#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# wire.sh send|receive TESTERS WORK RESULT COMMAND...: one end of a wire between two machines, 10.77.0.1 and fd77::1 (receive)
# and .2 and ::2 (send), under the recorder COMMAND. Sends WORK/source by TCP on IPv4 and WORK/source6 by UDP on IPv6; what
# arrives is WORK/sink and WORK/sink6. Leaves in RESULT: status of COMMAND, and its export of $WIRE_STORE, export.json.
# $WIRE_GROUP: a control group for the recorded processes; $WIRE_NETWORK: a file of the network namespace that they use.
set -eu
side=$1 testers=$2 work=$3 result=$4
shift 4
PATH=$testers:$PATH
export PATH
mkdir -p "$work" "$result"
cd "$work"

enter=
[ -z "${WIRE_NETWORK:-}" ] || enter="nsenter --net=$WIRE_NETWORK"
group=
[ -z "${WIRE_GROUP:-}" ] || group="echo \$\$ >$WIRE_GROUP/cgroup.procs"
case $side in
    send)
        echo 'by TCP' >source
        echo 'by UDP' >source6
        script='wire send source 10.77.0.1; wire send-datagram source6 fd77::1'
        ;;
    receive)
        script='wire receive-datagram fd77::1 sink6 & wire receive 10.77.0.1 sink; wait'
        ;;
esac
packets=--packets
[ -z "${WIRE_GROUP:-}" ] || packets=--packets-of=$WIRE_GROUP
status=0
# shellcheck disable=SC2086
"$@" run --store "$WIRE_STORE" --front-end "$WIRE_FRONT_END" "$packets" -- $enter sh -ec "$group
$script" || status=$?
echo $status >"$result/status"
"$@" export --store "$WIRE_STORE" --format w3c >"$result/export.json"
