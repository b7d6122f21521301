#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selection-in-guest.sh CHECKOUT JAVA CLASSPATH CLASS...: runs agent's tests in a guest by each front-end. Leaves a line for each test in
# $GUEST_OUT/results.FRONT_END.
set -eu
checkout=$1 java=$2 classpath=$3
shift 3
cd "$checkout/agent"
for front_end in lsm trace; do
    "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -Xmx700m -Djava.io.tmpdir=/dev/shm \
        -Dheadwater.front-end="$front_end" -cp "$classpath" \
        headwater.systemtests.TestsInGuest "$GUEST_OUT/results.$front_end" "$@" >&2
done
