# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154 # variables of dev/guest
#
# Sourced by dev/guest: one boot, from the shares to the command's status.

readonly virtiofsd=/usr/lib/qemu/virtiofsd
run_dir='' processes=()

# spawn PROGRAM ARGUMENT... &: a child that dies with this shell, however it ends. Always in the background; by
# exec, so that $! is the program and not a shell around it.
spawn() { exec setpriv --pdeathsig TERM "$@"; }

# Nothing may interrupt it: a second Ctrl-C would leave the rest behind.
clean_up() {
    local process
    trap '' INT TERM HUP
    for process in "${processes[@]}"; do
        kill "$process" 2> /dev/null || true
    done
    for process in "${processes[@]}"; do
        wait "$process" 2> /dev/null || true
    done
    [[ -z $run_dir ]] || rm -rf --one-file-system "$run_dir"
}

# share TAG FOLDER CACHE ro|rw: a virtiofs server for FOLDER, and QEMU's arguments for it.
# Read-only means: on a read-only bind mount in a mount namespace of its own, so that no fault of the
# guest or the server can write. Mounts below FOLDER are not in it; those of "$seen" are bound as well.
share() {
    local tag=$1 folder=$2 caching=$3 access=$4 socket=$run_dir/$1.sock
    # shellcheck disable=SC2016 # expands in the inner shell
    spawn unshare -m /bin/bash -c '
        set -e
        socket=$1 folder=$2 caching=$3 access=$4 view=$5
        shift 5
        # The server leaves a lock file for each socket here, for ever; here they go with the namespace.
        mkdir -p /run/virtiofsd
        mount -t tmpfs tmpfs /run/virtiofsd
        mount --bind "$folder" "$view"
        for mount in "$@"; do
            [[ $mount == / ]] || mount --bind "$mount" "$view$mount"
            [[ $mount == / || $access == rw ]] || mount -o remount,bind,ro "$view$mount"
        done
        [[ $access == rw ]] || mount -o remount,bind,ro "$view"
        exec "$0" --socket-path="$socket" -o source="$view" -o cache="$caching" -o xattr -o sandbox=chroot -f
    ' "$virtiofsd" "$socket" "$folder" "$caching" "$access" "$run_dir/view-$tag" "${@:5}" \
        > "$run_dir/$tag.log" 2>&1 < /dev/null &
    processes+=($!)
    qemu+=(-chardev "socket,id=$tag,path=$socket" -device "vhost-user-fs-pci,queue-size=1024,chardev=$tag,tag=$tag")
}

# await_shares: until each server listens.
await_shares() {
    local tag tries
    for tag in "$@"; do
        for ((tries = 0; ; tries++)); do
            [[ ! -S $run_dir/$tag.sock ]] || break
            ((tries < 200)) || fail "$status_machine" "share not up: tag=$tag, said=$(tail -n 3 "$run_dir/$tag.log")"
            sleep 0.05
        done
    done
}

# mounts_of PATH...: the mount points that hold the paths.
mounts_of() {
    local path
    for path in "$@"; do
        findmnt -n -o TARGET -T "$path"
    done | sort -u
}

# write_control OUTPUT WITH_DISK COMMAND...: what the guest reads at its start.
write_control() {
    local output=$1 disk=$2 entry name
    shift 2
    {
        for entry in "${environment[@]}"; do
            name=${entry%%=*}
            [[ $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || fail "$status_usage" "not a variable's name: env=$name"
            if [[ $entry == *=* ]]; then
                printf 'export %s=%q\n' "$name" "${entry#*=}"
            else
                printf 'export %s=%q\n' "$name" "${!name:-}"
            fi
        done
        printf '%q ' "$@"
        printf '\n'
    } > "$run_dir/control/command"
    {
        printf 'cwd=%q\njava_home=%q\noutput=%q\nwith_disk=%q\n' "$PWD" "$(jdk)" "$output" "$disk"
        printf 'paths=('
        ((${#with[@]} == 0)) || printf ' %q' "${with[@]}"
        printf ' )\n'
    } > "$run_dir/control/settings"
    cp "$here/guest.d/run" "$run_dir/control/run"
    : > "$run_dir/control/stdout"
    : > "$run_dir/control/stderr"
}

# add_disk FILE OPTIONS
add_disk() { qemu+=(-drive "file=$1,if=virtio,format=raw,$2"); }

# follow PID FILE: copies FILE as it grows, until process PID has ended.
follow() { spawn tail -q -c +1 -s 0.2 -f --pid="$1" "$2"; }

# absolute_paths: makes the --with paths absolute and checks them.
absolute_paths() {
    local i
    for i in "${!with[@]}"; do
        [[ -e ${with[i]} ]] || fail "$status_usage" "no such file: with=${with[i]}"
        with[i]=$(realpath -s "${with[i]}")
    done
}

# boot COMMAND...: runs the command in a guest and exits with its status.
boot() {
    local qemu output=live with_disk='' arguments machine status=0
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    absolute_paths
    run_dir=$(mktemp -d "${TMPDIR:-/tmp}/guest.XXXXXX")
    mkdir "$run_dir"/{control,view-hostroot,view-control,view-out,view-modules}
    if [[ -z $out ]]; then
        out=$run_dir/out
    fi
    mkdir -p "$out"
    out=$(realpath "$out")

    machine="-M q35,memory-backend=memory -object memory-backend-memfd,id=memory,size=${memory}M,share=on"
    machine+=" -m $memory -smp $smp -cpu max -display none -monitor none -nodefaults -no-reboot"
    read -ra qemu <<< "$machine"
    if [[ $icount == yes ]]; then
        # Same seed, same clock, same addresses in each run: two runs differ only by what they execute.
        qemu+=(-accel "tcg,thread=single" -icount "shift=0,sleep=off" -seed 1)
        qemu+=(-rtc "base=2026-01-01T00:00:00,clock=vm")
        append="nokaslr norandmaps $append"
        output=held
    else
        qemu+=(-accel "tcg,thread=multi")
    fi
    [[ $root != ext4 ]] || add_disk "$image" snapshot=on
    if ((${#with[@]} > 0)); then
        tar -cf "$run_dir/with.tar" -C / -- "${with[@]#/}"
        add_disk "$run_dir/with.tar" readonly=on
        with_disk=/dev/vda
        [[ $root != ext4 ]] || with_disk=/dev/vdb
    fi
    write_control "$output" "$with_disk" "$@"

    local shares=(control out modules)
    if [[ $root == virtiofs ]]; then
        local seen
        mapfile -t seen < <(mounts_of "$here" "$PWD" "$(jdk)")
        share hostroot / always ro "${seen[@]}"
        shares+=(hostroot)
    fi
    share control "$run_dir/control" none rw
    share out "$out" none rw
    share modules "$(echo "$kernel_dir"/lib/modules/*)" always ro
    await_shares "${shares[@]}"

    # no_timer_check: on a busy host the emulated timer may be too slow for the check, and the kernel panics.
    arguments="console=ttyS0 quiet no_timer_check panic=-1 oops=panic mitigations=off guest.root=$root $append"
    spawn timeout -k 5 "$limit" qemu-system-x86_64 "${qemu[@]}" "${qemu_extra[@]}" \
        -serial "file:$run_dir/serial" -kernel "$(echo "$kernel_dir"/boot/vmlinuz-*)" -initrd "$initramfs" \
        -append "$arguments" > "$run_dir/qemu.log" 2>&1 < /dev/null &
    local emulator=$!
    processes=("$emulator" "${processes[@]}")
    if [[ $output == live ]]; then
        follow "$emulator" "$run_dir/control/stdout" &
        local out_copy=$!
        follow "$emulator" "$run_dir/control/stderr" >&2 &
        local error_copy=$!
        processes+=("$out_copy" "$error_copy")
    fi
    wait "$emulator" || status=$?
    if [[ $output == live ]]; then
        wait "$out_copy" "$error_copy" || true
    else
        cat "$run_dir/control/stdout"
        cat "$run_dir/control/stderr" >&2
    fi
    report_end "$status"
}

# report_end EMULATOR_STATUS: exits with the command's status, or says why there is none.
report_end() {
    local control=$run_dir/control
    if [[ $times == yes && -s $control/started ]]; then
        say "times: kernel=$(basename "$kernel_dir"), start_s=$(cat "$control/started")," \
            "end_s=$(cat "$control/ended" 2> /dev/null || echo none), wall_s=$SECONDS"
    fi
    if [[ -s $control/status ]]; then
        exit "$(cat "$control/status")"
    fi
    # 137: it did not end on the first signal. (Killed earlier than that, by somebody else, it is not a timeout.)
    if (($1 == 124 || ($1 == 137 && SECONDS >= limit))); then
        say "timeout: limit_s=$limit, kernel=$kernel"
        tail -n 5 "$run_dir/serial" >&2 2> /dev/null || true
        exit "$status_timeout"
    fi
    say "ended without a status: kernel=$(basename "$kernel_dir"), emulator_status=$1"
    # A panic with its cause and stack is that long.
    tail -n 120 "$run_dir/serial" >&2 2> /dev/null || true
    tail -n 10 "$run_dir/qemu.log" >&2
    exit "$status_lost"
}
