# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154 # variables of dev/guest
#
# Sourced by dev/guest: the ext4 root image, a minimal Debian 12 with what Headwater needs at run time and the
# host's JDK at its own path. Built once; a change of this file or of the JDK builds it anew.

readonly image_mb=2048
# Beyond minbase (which has bash, coreutils, gzip and tar): the recorder's libraries, and what tests of a kernel use.
readonly image_packages=libbpf1,libelf1,zlib1g,kmod,iproute2,procps,attr

# build_image FILE JDK MIRROR KEYRING
build_image() {
    local file=$1 jdk=$2 mirror=$3 keyring=$4 work options=()
    work=$(mktemp -d "$cache/images/build.XXXXXX")
    # shellcheck disable=SC2064 # the folder of this build
    trap "rm -rf --one-file-system '$work'" EXIT
    [[ -z $keyring ]] || options+=("--keyring=$keyring")
    say "building the ext4 root image, once; takes one to three minutes: mirror from the machine's apt sources"
    # In a mount namespace of its own, so that debootstrap's mounts go with it.
    unshare -m debootstrap --variant=minbase "--include=$image_packages" "${options[@]}" \
        bookworm "$work/root" "$mirror" > "$work/log" 2>&1 < /dev/null || {
        tail -n 5 "$work/log" >&2
        fail "$status_suite" "debootstrap failed: suite=bookworm"
    }
    rm -rf "$work"/root/var/cache/apt/* "$work"/root/var/lib/apt/lists/*
    if [[ -n $jdk ]]; then
        mkdir -p "$work/root$jdk"
        tar -C "$jdk" --exclude=./lib/src.zip --exclude=./jmods -cf - . | tar -C "$work/root$jdk" -xf -
    fi
    # No journal, and names that do not change: nothing writes behind a measurement's back, and two builds look alike.
    mke2fs -q -t ext4 -b 4096 -O ^has_journal -U 11111111-2222-3333-4444-555555555555 \
        -E hash_seed=11111111-2222-3333-4444-555555555555 -d "$work/root" "$work/image" "${image_mb}M" > "$work/log" 2>&1
    mv "$work/image" "$file"
}

# root_image: the image's file, for the wanted size; made if needed.
root_image() {
    local jdk found mirror keyring release recipe file sized
    jdk=$(jdk)
    found=$(repository bookworm)
    [[ -n $found ]] || fail "$status_suite" "no apt source of this machine serves it: suite=bookworm"
    mirror=${found% *}
    keyring=$(signed_by "${found#* }")
    release=none
    [[ -z $jdk ]] || release=$(cat "$jdk/release")
    recipe=$(cat "$here/guest.d/image.sh" - <<< "$jdk $release" | sha256sum | cut -c 1-12)
    mkdir -p "$cache/images"
    file=$cache/images/$recipe.ext4
    if [[ ! -s $file ]]; then
        find "$cache/images" -mindepth 1 -maxdepth 1 -mtime +1 -exec rm -rf {} +
        (build_image "$file" "$jdk" "$mirror" "$keyring") >&2
    fi
    if ((disk != image_mb)); then
        sized=$cache/images/$recipe-$disk.ext4
        if [[ ! -s $sized ]]; then
            cp --sparse=always "$file" "$sized.new"
            truncate -s "${disk}M" "$sized.new"
            resize2fs "$sized.new" > "$sized.log" 2>&1 || fail "$status_machine" "resize2fs: $(tail -n 1 "$sized.log")"
            rm -f "$sized.log"
            mv "$sized.new" "$sized"
        fi
        file=$sized
    fi
    echo "$file"
}
