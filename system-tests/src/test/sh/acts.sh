#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# acts.sh WORK: writes files as other users and elsewhere. The programs lie in WORK, as a set-uid file must not be in a folder of
# the system. For the record; it is recorded.
set -eu
work=$1
umask 000
echo source >"$work/source"
: >"$work/by-another-user"
: >"$work/by-set-uid"
: >"$work/in-own-namespace"
chmod 777 "$work"
chmod 666 "$work"/*

# One process that becomes another user, with what it has read.
python3 - "$work" <<'TEXT'
import os, sys
work = sys.argv[1]
text = open(work + "/source").read()
file = os.open(work + "/by-another-user", os.O_WRONLY)
os.setgroups([])
os.setgid(65533)
os.setuid(65534)
os.write(file, text.encode())
TEXT

cp "$(command -v tee)" "$work/tee"
chown 1234 "$work/tee"
chmod 4755 "$work/tee"
# What lies above must let the other user through, whatever folder it is; so the program is opened by the one that may.
python3 - "$work" <<'TEXT'
import os, sys
work = sys.argv[1]
os.chdir(work)
program = os.open("tee", os.O_RDONLY)
file = os.open("by-set-uid", os.O_WRONLY)
read, write = os.pipe()
os.write(write, b"text")
os.close(write)
os.dup2(read, 0)
os.dup2(file, 1)
os.setgid(65533)
os.setuid(65534)
os.execve(program, ["tee"], {})
TEXT

python3 - "$work" <<'TEXT'
import ctypes, os, sys
file = os.open(sys.argv[1] + "/in-own-namespace", os.O_WRONLY)
assert ctypes.CDLL(None, use_errno=True).unshare(0x04000000) == 0, os.strerror(ctypes.get_errno())
os.write(file, b"text")
TEXT
