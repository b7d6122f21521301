# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of dev/guest
#
# Sourced by dev/guest: --kernel all.

readonly matrix=(6.1 6.12 6.18) parallel=2

# run_matrix COMMAND...: the command on every series, at most two guests at a time; prints each one's output when it
# has ended, then a summary. Exits with 0 if all were 0, else with the first other status in the order of the series.
run_matrix() {
    local one started=() status=() ended=() pids=() running=0 next=0 pid code i worst=0
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    run_dir=$(mktemp -d "${TMPDIR:-/tmp}/guest.XXXXXX")
    while ((next < ${#matrix[@]} || running > 0)); do
        if ((next < ${#matrix[@]} && running < parallel)); then
            one=(--kernel "${matrix[next]}")
            [[ -z $out ]] || one+=(--out "$out/${matrix[next]}")
            [[ $prepare == yes ]] || one+=("${passed[@]}" -- "$@")
            [[ $prepare == no ]] || one+=("${passed[@]}")
            spawn "$here/guest" "${one[@]}" > "$run_dir/$next.out" 2> "$run_dir/$next.err" < /dev/null &
            pids[next]=$!
            processes=("${pids[@]}")
            started[next]=$SECONDS
            next=$((next + 1))
            running=$((running + 1))
            continue
        fi
        code=0
        wait -n -p pid "${pids[@]}" || code=$?
        running=$((running - 1))
        for i in "${!pids[@]}"; do
            [[ ${pids[i]} == "$pid" ]] || continue
            status[i]=$code
            ended[i]=$((SECONDS - started[i]))
            unset "pids[i]"
            processes=("${pids[@]}")
            say "== kernel ${matrix[i]} =="
            cat "$run_dir/$i.out"
            cat "$run_dir/$i.err" >&2
        done
    done
    for i in "${!matrix[@]}"; do
        say "summary: kernel=${matrix[i]}, status=${status[i]}, seconds=${ended[i]}"
        ((worst != 0)) || worst=${status[i]}
    done
    exit "$worst"
}
