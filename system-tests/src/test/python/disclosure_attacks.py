#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a process of no rights may try with the disclosure socket. Prints a line for each attempt: its name, and what came.

    disclosure_attacks.py CLIENT WORK [INNER]     CLIENT is the folder of disclose.py, in WORK everybody may write
"""
import array
import json
import os
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, sys.argv[1])
import disclose as protocol  # noqa: E402

os.chdir(sys.argv[2])
SOCKET = os.environ["HEADWATER_DISCLOSURE"]


def said(name, what):
    print(name, what, flush=True)


def attempt(name, tell):
    try:
        tell()
        said(name, "ok")
    except protocol.Refused as refusal:
        said(name, refusal.error)
    except (ConnectionError, ValueError) as e:
        said(name, "gone " + type(e).__name__)


def derived(effect, cause):
    return [{"relation": "wasDerivedFrom", "effect": effect, "cause": cause}]


def connect():
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(20)
    s.connect(SOCKET)
    return s


if len(sys.argv) > 3:
    # In mounts of its own, in which its own file stands where another is.
    inner = protocol.Disclosure()
    attempt("other-mounts", lambda: inner.disclose(relations=derived({"path": "/etc/hostname"}, {"path": "/etc/debian_version"})))
    attempt("other-mounts-write", lambda: inner.disclose(relations=derived({"path": "/etc/passwd"}, {"path": "/etc/debian_version"})))
    sys.exit()

if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)

with open("mine", "w") as file:
    file.write("x")
mine = protocol.path("mine")


def line_of(name, data):
    """After a good hello, a line that is none."""
    client = protocol.Disclosure()

    def send():
        try:
            client.socket.sendall(data + b"\n")
        except BrokenPipeError:
            pass
        client._answer()
    attempt(name, send)


line_of("huge", b"x" * (1 << 20))
line_of("deep", b'{"disclose":' * 5000 + b"1" + b"}" * 5000)
line_of("utf8", b'{"disclose":{"log":[{"text":"\xff\xfe\xc0\x80"}]}}')
line_of("nul", b'{"disclose":{"log":[{"text":"a\0b"}]}}')
line_of("nul-path", b'{"disclose":{"log":[{"text":"x","file":{"path":"/etc/passwd\\u0000x"}}]}}')
line_of("surrogate", b'{"disclose":{"log":[{"text":"\\ud800"}]}}')
line_of("surrogate-path", b'{"disclose":{"log":[{"text":"x","file":{"path":"/\\ud800"}}]}}')
line_of("newline", b'{"disclose":{"log":[{"text":"a\\nb\\u001b[2J"}]}}')
line_of("number", b'{"disclose":{"nodes":[{"name":"n","class":"entity","attributes":{"a":' + b"9" * 5000 + b"}}]}}")

# Who sends: the kernel says so, and lets nobody say he is another.
forger = protocol.Disclosure()
try:
    forger.socket.sendmsg([b"{}\n"], [(socket.SOL_SOCKET, socket.SCM_CREDENTIALS, struct.pack("iii", os.getppid(), 0, 0))])
    said("forged", "sent")
except PermissionError:
    said("forged", "denied")

# The parent is gone, its connection is not.
readers, writers = os.pipe()
if os.fork() == 0:
    orphaned = protocol.Disclosure()
    if os.fork() == 0:
        time.sleep(0.3)
        sys.stdout.flush()
        attempt("after-the-parent", lambda: orphaned.disclose(log=[{"text": "I am my parent"}]))
        os.write(writers, b"x")
        os._exit(0)
    os._exit(0)
os.wait()
os.read(readers, 1)

# Files that are not simply there.
files = protocol.Disclosure()
both = derived({"descriptor": 0}, {"descriptor": 1})
os.mkfifo("fifo")
fifo = os.open("fifo", os.O_RDWR)
plain = os.open("mine", os.O_RDWR)
gone = os.open("gone", os.O_RDWR | os.O_CREAT)
os.unlink("gone")
pair = socket.socketpair()
memory = os.memfd_create("m")
event = os.eventfd(0)
passwd = os.open("/etc/passwd", os.O_RDONLY)
attempt("fifo", lambda: files.disclose(relations=both, descriptors=[fifo, plain]))
attempt("fifo-path", lambda: files.disclose(relations=derived(mine, protocol.path("fifo"))))
attempt("deleted", lambda: files.disclose(relations=both, descriptors=[gone, plain]))
attempt("memfd", lambda: files.disclose(relations=both, descriptors=[memory, plain]))
attempt("socket", lambda: files.disclose(relations=both, descriptors=[pair[0].fileno(), plain]))
attempt("eventfd", lambda: files.disclose(relations=both, descriptors=[event, plain]))
attempt("not-mine", lambda: files.disclose(relations=both, descriptors=[passwd, plain]))
os.symlink("/etc/passwd", "to-passwd")
os.symlink("/proc/self/root/etc/passwd", "to-root")
os.symlink("loop", "loop")
for link in ("to-passwd", "to-root", "loop"):
    attempt("link-" + link, lambda: files.disclose(relations=derived(protocol.path(link), mine)))
for magic in ("/proc/1/root/etc/shadow", "/proc/self/cwd/mine", "/dev/fd/1", "/dev/stdin", "/proc/self/mem", "/sys/kernel/x"):
    attempt("magic-" + magic.replace("/", "_"), lambda: files.disclose(relations=derived({"path": magic}, mine)))
attempt("relative", lambda: files.disclose(relations=derived({"path": "../../etc/passwd"}, mine)))
# The mounts were made by a process that nobody records, so that its file is not known by any other name.
own = subprocess.run(["nsenter", "-t", os.environ["HOLDER"], "-U", "-m", "--preserve-credentials", "python3", sys.argv[0], sys.argv[1],
                      sys.argv[2], "INNER"], capture_output=True, text=True)
print(own.stdout, end="", flush=True)
if own.returncode:
    said("other-mounts-impossible", own.stderr.strip().replace("\n", "|"))

# Everything that one connection may name, and more.
names = protocol.Disclosure()


def name_all():
    for i in range(0, 8192, 512):
        names.disclose([{"name": "n%d" % (i + j), "class": "entity"} for j in range(512)])


attempt("names", name_all)
storm = protocol.Disclosure()
storm.disclose([{"name": "a", "class": "entity"}, {"name": "b", "class": "entity"}])
attempt("relations", lambda: storm.disclose(relations=derived("a", "b") * 1024))
attempt("relations-too-many", lambda: storm.disclose(relations=derived("a", "b") * 1025))
for one in (forger, files, names, storm):
    one.socket.close()

# Who does not listen, and who says nothing.
time.sleep(1)
deaf = protocol.Disclosure()
deaf.socket.setblocking(False)
sent = 0
until = time.monotonic() + 3
while time.monotonic() < until:
    try:
        sent += deaf.socket.send(b'{"disclose":{}}\n' * 100)
    except BlockingIOError:
        time.sleep(0.01)
    except OSError:
        break
said("deaf-bounded", "yes" if sent < (1 << 20) else "no")
silent = []
refused = 0
for _ in range(200):
    s = connect()
    if b"too-many-connections" in s.recv(4096):
        refused += 1
        s.close()
    else:
        silent.append(s)
said("silent", len(silent))
said("refused", refused)
began = time.monotonic()
for _ in range(10000):
    while True:
        try:
            connect().close()
            break
        except BlockingIOError:
            time.sleep(0.002)
said("storm-ms", int(1000 * (time.monotonic() - began)))
for s in silent:
    s.close()
deaf.socket.close()
time.sleep(0.5)
attempt("after", lambda: protocol.Disclosure().disclose(log=[{"text": "x"}]))
with open("done.new", "w") as file:
    file.write("x")
os.rename("done.new", "done")
