#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# drive.sh SCRIPTS WORK: what is recorded. One scenario after another, each in a process of its own, so that nothing of one
# reaches another. The shell that runs this must never read what a scenario made.
scripts=$1 work=$2
for script in "$scripts"/*.sh; do
    name=${script##*/}
    name=${name%.sh}
    (
        cd "$work/$name" || exit
        cat decoy >decoy.out </dev/null
        if [ "$name" = opened-before ]; then
            timeout 120 sh -e "$script" >log 2>&1
        else
            timeout 400 sh -e "$script" >log 2>&1 </dev/null
        fi
        echo $? >status
    )
done
