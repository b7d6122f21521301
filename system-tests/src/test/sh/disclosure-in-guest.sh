#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# In a guest: the daemon records the whole system, and programs tell it of themselves. $1 the front-end, $2 the checkout, the rest: the
# words that start headwater. Leaves in $GUEST_OUT what was said.
set -eu
front_end=$1
checkout=$2
shift 2
store=/dev/shm/store
work=/dev/shm/work
export PYTHONDONTWRITEBYTECODE=1 HEADWATER=/dev/shm/headwater
unset HEADWATER_DISCLOSURE || :
mkdir "$work"
chmod 777 "$work"
{
    echo '#!/bin/sh'
    echo "exec $* \"\$@\""
} >"$HEADWATER"
chmod 755 "$HEADWATER"

cd "$work"
for colour in red green blue; do convert-im6.q16 -size 16x16 xc:$colour $colour.jpg; done
"$HEADWATER" start --store "$store" --front-end "$front_end"
"$HEADWATER" status --store "$store" --json >"$GUEST_OUT/status"
"$checkout/examples/disclosure/mogrify-disclosed" png red.jpg green.jpg blue.jpg
touch go
HEADWATER_DISCLOSURE=/run/headwater/disclose.sock python3 "$checkout/system-tests/src/test/python/disclosures.py" \
    "$checkout/examples/disclosure" "$work" >"$GUEST_OUT/said"
"$HEADWATER" ancestors "$work/blue.png" --store "$store" --json >"$GUEST_OUT/seen"
"$HEADWATER" ancestors "$work/blue.png" --store "$store" --json --disclosed >"$GUEST_OUT/told"
"$HEADWATER" stop --store "$store"
