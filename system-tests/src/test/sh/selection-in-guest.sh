#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selection-in-guest.sh CHECKOUT JAVA CLASSPATH CLASS...: runs agent's tests of selection in a guest, all of them within one capture for
# each front-end. There are two security contexts to be in: SELinux's where it is the guest's module, else AppArmor's. Leaves in
# $GUEST_OUT a line for each test in results.FRONT_END, and the module in module.
set -eu
checkout=$1 java=$2 classpath=$3
shift 3
contexts=$checkout/system-tests/src/test/contexts
if mount -t selinuxfs selinuxfs /sys/fs/selinux 2>/dev/null; then
    module=selinux first=system_u:system_r:first_t second=system_u:system_r:second_t enter='' become=''
    secilc -M false -o /dev/shm/policy -f /dev/null "$contexts/selinux.cil"
    # In one call, as the kernel wants it.
    dd if=/dev/shm/policy of=/sys/fs/selinux/load bs=1M 2>/dev/null
else
    module=apparmor first=headwater_first second=headwater_second enter='exec ' become='changeprofile '
    apparmor_parser -K -r "$contexts/apparmor"
fi
echo $module >"$GUEST_OUT/module"
cd "$checkout/agent"
for front_end in lsm trace; do
    "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -Xmx700m -Djava.io.tmpdir=/dev/shm \
        -Dheadwater.front-end="$front_end" -Dheadwater.one-capture=true -Dheadwater.contexts="$first,$second" \
        -Dheadwater.contexts.enter="$enter" -Dheadwater.contexts.become="$become" -cp "$classpath" \
        headwater.systemtests.TestsInGuest "$GUEST_OUT/results.$front_end" "$@" >&2
done
