# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154 # variables of dev/guest
#
# Sourced by dev/guest: what the machine must have.

# missing_packages PACKAGE...: those that are not installed.
missing_packages() {
    local package
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${Status}' "$package" 2> /dev/null) == "install ok installed" ]] || echo "$package"
    done
}

# prepare_machine: installs what a run needs, saying so first.
prepare_machine() {
    local packages missing log
    packages=(qemu-system-x86 qemu-system-common seabios busybox-static cpio kmod xz-utils zstd util-linux)
    [[ $root != ext4 ]] || packages+=(debootstrap e2fsprogs)
    ((EUID == 0)) || fail "$status_machine" "root is needed (mounts, debootstrap): uid=$EUID; run it with sudo"
    mapfile -t missing < <(missing_packages "${packages[@]}")
    ((${#missing[@]} == 0)) && return
    say "installing with apt-get: ${missing[*]}"
    log=$(mktemp)
    {
        apt-get update && DEBIAN_FRONTEND=noninteractive \
            apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}"
    } > "$log" 2>&1 < /dev/null || {
        tail -n 5 "$log" >&2
        fail "$status_machine" "installation failed: packages=${missing[*]}, log=$log"
    }
    rm -f "$log"
}

# jdk: the host's JDK that guests use; empty where there is none.
jdk() {
    if [[ -n ${GUEST_JDK:-} ]]; then
        readlink -f "$GUEST_JDK"
        return
    fi
    local release version
    for release in /usr/lib/jvm/*/release; do
        [[ -r $release ]] || continue
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release")
        if ((${version:-0} >= 25)); then
            echo "$version $(readlink -f "${release%/release}")"
        fi
    done | sort -n | tail -n 1 | cut -d ' ' -f 2-
}
