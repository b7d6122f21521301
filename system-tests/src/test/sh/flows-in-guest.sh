#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# flows-in-guest.sh CHECKOUT JAVA CLASSPATH FRONT_END...: runs agent's random flows in a guest, by each front-end. Leaves in $GUEST_OUT what
# came of it in results.FRONT_END.
set -eu
checkout=$1 java=$2 classpath=$3
shift 3
cd "$checkout/agent"
for front_end in "$@"; do
    "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -Xmx700m -Djava.io.tmpdir=/dev/shm \
        -Dheadwater.front-end="$front_end" -Dheadwater.flows=20 -cp "$classpath" \
        headwater.systemtests.TestsInGuest "$GUEST_OUT/results.$front_end" headwater.agent.RandomFlowsTest >&2
done
