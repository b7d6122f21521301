#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# reboot-in-guest.sh BOOT DEVICE HEADWATER...: one of two boots that share a disk. The first records with the daemon, lets the
# kernel forget its inodes, and records with a second daemon; the second boot records with a third. Store and files lie on the
# disk; a file is marked by CamFlow's command at the first boot, and looked up at the second. Leaves the store and that command's
# answers in $GUEST_OUT at the second boot.
set -eu
boot=$1 device=$2
shift 2
modprobe virtio_blk
modprobe ext4
mkdir -p /mnt/disk
mount -t ext4 "$device" /mnt/disk
cd /mnt/disk
store=/mnt/disk/store

# daemon FRONT_END SCRIPT HEADWATER...: records what the script does, whose arguments are the words of HEADWATER.
daemon() {
    front_end=$1 script=$2
    shift 2
    # In the foreground, as a service manager has it: nobody else's bound on how long an emulated machine may take.
    "$@" start --foreground --store "$store" --front-end "$front_end" 2>"$GUEST_OUT/daemon.log" &
    until grep -q 'recording the whole system' "$GUEST_OUT/daemon.log"; do
        kill -0 $! || { cat "$GUEST_OUT/daemon.log" >&2; exit 1; }
        sleep 0.2
    done
    sh -euc "$script" sh "$@"
    # What is asked of a process takes a moment.
    sleep 1
    "$@" stop --store "$store"
    wait
}

case $boot in
    1)
        echo secret >/mnt/disk/source
        mkfifo fifo
        mkdir /sys/fs/cgroup/docker-0000000000000000000000000000000000000000000000000000000000000abc.scope
        daemon lsm '
            cat source >first
            sync
            echo 2 >/proc/sys/vm/drop_caches
            cat first >second
            mkdir lsm
            sh '"${0%/*}"'/acts.sh /mnt/disk/lsm
            sh -c "echo 0 >/sys/fs/cgroup/docker-0000000000000000000000000000000000000000000000000000000000000abc.scope/cgroup.procs
                echo text >in-container"
            cat fifo >from-fifo &
            cat source >fifo
            wait
            sh -c "sleep 1; echo text >labelled"
            echo marked >marked
            "$@" camflow --track-file /mnt/disk/marked propagate
            "$@" camflow --taint-file /mnt/disk/marked 5
        ' "$@"
        cp -r /proc/self/attr/current "$GUEST_OUT/context"
        echo 3 >/proc/sys/vm/drop_caches
        daemon trace '
            cat second >third
            mkdir trace
            sh '"${0%/*}"'/acts.sh /mnt/disk/trace
        ' "$@"
        ;;
    2)
        daemon lsm '
            cat third >fourth
            cat fifo >from-fifo-later &
            echo other >fifo
            wait
            "$@" camflow --file /mnt/disk/marked >"$GUEST_OUT/marked"
            "$@" camflow -a false
            cat marked >from-marked
            cat source >from-unmarked
            "$@" camflow --file /mnt/disk/from-marked >"$GUEST_OUT/from-marked"
        ' "$@"
        cp -r "$store" "$GUEST_OUT/store"
        ;;
esac
cd /
umount /mnt/disk
