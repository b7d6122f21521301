#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# record.sh SCRIPTS TESTERS WORK RESULT COMMAND...: runs all scenarios in WORK under the recorder COMMAND, and leaves in RESULT:
#   ports      of the server that stands outside the recorded tree
#   status     of COMMAND
#   listing    what lies in WORK at the end: path, type, device, inode, target of a link; each ended by a NUL
#   scenarios  a folder for each scenario: its status and log
# SCRIPTS has a script for each scenario. The same natively and in a guest.
set -eu
scripts=$1 testers=$2 work=$3 result=$4
shift 4
PATH=$testers:$PATH
export PATH LC_ALL=C

for program in ar cat cp find gcc git gzip ld make mkfifo mv /usr/bin/python3 sort sqlite3 tar timeout tr; do
    if ! command -v "$program" >/dev/null; then
        echo "record.sh: program missing: $program; apt-get install gcc git make python3 sqlite3" >&2
        exit 1
    fi
done

mkdir -p "$work" "$result/scenarios"
for script in "$scripts"/*.sh; do
    name=${script##*/}
    name=${name%.sh}
    mkdir "$work/$name"
    for file in source other decoy; do
        echo "$file of $name" >"$work/$name/$file"
    done
done

# What the recorder and its command have open from before.
mkdir -p "$work/opened-before"
echo early >"$work/opened-before/early"

remote serve "$result/ports" &
server=$!
trap 'kill $server' EXIT
while [ ! -s "$result/ports" ]; do sleep 0.05; done
read -r TCP_PORT UDP_PORT <"$result/ports"
export TCP_PORT UDP_PORT

status=0
"$@" /bin/sh "${0%/*}/drive.sh" "$scripts" "$work" <"$work/opened-before/early" || status=$?
echo $status >"$result/status"

find "$work" -printf '%p\0%y\0%D\0%i\0%l\0' >"$result/listing"
for script in "$scripts"/*.sh; do
    name=${script##*/}
    name=${name%.sh}
    mkdir "$result/scenarios/$name"
    cp "$work/$name/status" "$work/$name/log" "$result/scenarios/$name/" || true
done
