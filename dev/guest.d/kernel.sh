# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154 # variables of dev/guest
#
# Sourced by dev/guest: finds, fetches and unpacks stock Debian kernels into $cache/kernels/SERIES.
# apt works on lists and caches of its own in $cache/apt; the machine's apt state is only read.

# repository SUITE: where the machine itself takes SUITE's component main from, as "URI SOURCES_FILE:LINE".
repository() {
    # shellcheck disable=SC2016 # apt expands these
    apt-get indextargets "Created-By: Packages" "Release: $1" "Component: main" \
        --format '$(REPO_URI) $(SOURCESENTRY)' 2> /dev/null | head -n 1
}

# signed_by SOURCES_FILE:LINE: the keyring named in that source's entry; nothing where it names none
# (apt's trusted keyrings hold then, as they do for the machine).
signed_by() {
    local file=${1%:*} line=${1##*:}
    [[ -r $file ]] || return 0
    case $file in
        *.sources)
            awk -v first="$line" 'NR >= first && /^[[:space:]]*$/ { exit }
                NR >= first && tolower($1) == "signed-by:" { print $2; exit }' "$file"
            ;;
        *) sed -n "${line}s/.*signed-by=\([^] ]*\).*/\1/p" "$file" ;;
    esac
}

# write_sources FILE SUITE...: apt sources for the suites, at the machine's mirror and with its keyring.
write_sources() {
    local file=$1 codename suite found uri keyring option
    shift
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    : > "$file.new"
    for suite in "$@"; do
        case $suite in
            *-security) found=$(repository "$codename-security") ;;
            *) found=$(repository "$codename") ;;
        esac
        [[ -n $found ]] || fail "$status_suite" "no apt source of this machine serves it: suite=$suite," \
            "codename=$codename; add Debian's $codename and $codename-security to its apt sources"
        uri=${found% *}
        keyring=$(signed_by "${found#* }")
        option=
        [[ -z $keyring ]] || option="[signed-by=$keyring] "
        echo "deb $option$uri $suite main" >> "$file.new"
    done
    mv "$file.new" "$file"
}

# private_apt DIR COMMAND...: apt-get or apt-cache on DIR's sources, lists and cache.
private_apt() {
    local dir=$1 tool=$2
    shift 2
    "$tool" -q -o "Dir::Etc::sourcelist=$dir/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o "Dir::State::Lists=$dir/lists" -o "Dir::Cache=$dir/cache" -o APT::Sandbox::User=root \
        -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 \
        -o APT::Update::Error-Mode=any "$@"
}

# newest_package APT_DIR SERIES: the newest cloud kernel of the series. By name and not through the meta package,
# as a backports suite's meta package follows the suite and leaves the series behind.
newest_package() {
    private_apt "$1" apt-cache pkgnames "linux-image-$2." |
        grep -E "^linux-image-${2//./\\.}\.[0-9][^ ]*-cloud-amd64\$" | sort -V | tail -n 1
}

# fetch_kernel SERIES: unpacks the newest kernel of the series; prints its folder.
fetch_kernel() {
    local series=$1 apt suites package work dir
    case $series in
        6.1 | 6.12) apt=$cache/apt/bookworm suites=(bookworm bookworm-security) ;;
        6.18) apt=$cache/apt/trixie-backports suites=(trixie-backports) ;;
        *) fail "$status_usage" "kernel series not known: kernel=$series, known=6.1 6.12 6.18" ;;
    esac
    mkdir -p "$apt"/{lists,cache}/partial
    write_sources "$apt/sources.list" "${suites[@]}"
    say "reading the package lists: suites=${suites[*]}"
    private_apt "$apt" apt-get update > "$apt/update.log" 2>&1 || {
        tail -n 3 "$apt/update.log" >&2
        fail "$status_suite" "suite not reachable: suites=${suites[*]}, log=$apt/update.log"
    }
    package=$(newest_package "$apt" "$series") || true
    [[ -n $package ]] || fail "$status_suite" "no such kernel: series=$series, suites=${suites[*]}"

    dir=$cache/kernels/$series/${package#linux-image-}
    if [[ ! -e $dir/complete ]]; then
        say "fetching $package"
        work=$cache/kernels/$series/new
        rm -rf "$work" "$dir"
        mkdir -p "$work/tree"
        (cd "$work" && private_apt "$apt" apt-get download "$package") > "$apt/download.log" 2>&1 || {
            tail -n 3 "$apt/download.log" >&2
            fail "$status_suite" "download failed: package=$package, log=$apt/download.log"
        }
        dpkg-deb -x "$work"/*.deb "$work/tree"
        [[ -e $work/tree/lib ]] || ln -s usr/lib "$work/tree/lib"
        depmod -b "$work/tree" "$(ls "$work/tree/lib/modules")"
        mv "$work/tree" "$dir"
        touch "$dir/complete"
        rm -rf "$work"
    fi
    echo "$dir"
}

# kernel_dir SERIES: the folder of the series' kernel, from the cache if it is there and no refresh was asked for.
kernel_dir() {
    local cached
    mkdir -p "$cache/kernels/$1"
    cached=$(find "$cache/kernels/$1" -mindepth 2 -maxdepth 2 -name complete | sort -V | tail -n 1)
    if [[ -n $cached && $refresh == no ]]; then
        echo "${cached%/complete}"
    else
        fetch_kernel "$1"
    fi
}

# initramfs KERNEL_DIR: the initramfs of that kernel for the present state of mkinitrd and init, made if needed.
initramfs() {
    local recipe file
    recipe=$(cat "$here/guest.d/mkinitrd" "$here/guest.d/init" /bin/busybox | sha256sum | cut -c 1-12)
    file=$1/initramfs-$recipe.gz
    if [[ ! -s $file ]]; then
        rm -f "$1"/initramfs-*
        "$here/guest.d/mkinitrd" "$1" "$file"
    fi
    echo "$file"
}
