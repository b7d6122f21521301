#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a process may tell of, and what not. Prints one line for each attempt: its name, and "ok" or the error.

    disclosures.py CLIENT WORK      CLIENT is the folder of disclose.py, WORK is where nobody may write
"""
import os
import socket
import sys
import time

sys.path.insert(0, sys.argv[1])
import disclose as protocol  # noqa: E402

os.chdir(sys.argv[2])


def attempt(name, tell):
    try:
        tell()
        print(name, "ok", flush=True)
    except protocol.Refused as refusal:
        print(name, refusal.error, refusal, flush=True)
    except ConnectionError:
        print(name, "gone", flush=True)


def derived(effect, cause):
    return [{"relation": "wasDerivedFrom", "effect": effect, "cause": cause}]


def unproven(first_line):
    """Sends a first line that is not the hello that the greeting asks for."""
    other = protocol.Disclosure.__new__(protocol.Disclosure)
    other.socket = socket.socket(socket.AF_UNIX)
    other.socket.connect(os.environ["HEADWATER_DISCLOSURE"])
    other.answers = other.socket.makefile("r")
    other._answer()
    other.send(first_line)


if os.environ.get("CONNECTION"):
    # The same process, another program; the connection is of before.
    inherited = protocol.Disclosure.__new__(protocol.Disclosure)
    inherited.socket = socket.socket(fileno=int(os.environ["CONNECTION"]))
    inherited.answers = inherited.socket.makefile("r")
    attempt("after-exec", lambda: inherited.disclose(log=[{"text": "x"}]))
    attempt("after-exec-anew", lambda: protocol.Disclosure().disclose(log=[{"text": "x"}]))
    sys.exit()

with open("ready.new", "w") as ready:
    ready.write(os.environ["HEADWATER_DISCLOSURE"])
os.rename("ready.new", "ready")
deadline = time.monotonic() + 60
while not os.path.exists("go") and time.monotonic() < deadline:
    time.sleep(0.02)

for name in ("input", "secret", "late"):
    with open(name, "w") as file:
        file.write(name)
os.chmod("secret", 0o600)
with open("mine", "w") as file:
    file.write("x")
os.chmod("mine", 0o666)
mine = protocol.path("mine")

own = protocol.Disclosure()
attempt("own", lambda: own.disclose(
    [{"name": "step", "class": "activity", "label": "a step", "attributes": {"app:width": 100}},
     {"name": "row", "class": "entity"}, {"name": "who", "class": "agent", "label": "somebody"}],
    [{"relation": "used", "effect": "step", "cause": protocol.path("input")},
     {"relation": "wasGeneratedBy", "effect": "row", "cause": "step"},
     {"relation": "wasAssociatedWith", "effect": "step", "cause": "who"},
     {"relation": "wasDerivedFrom", "effect": mine, "cause": "row", "attributes": {"by": "hand"}}],
    [{"text": "GET /input 200", "file": protocol.path("input")}]))
attempt("proc", lambda: own.disclose(relations=derived(mine, {"path": "/proc/self/environ"})))
attempt("proc-link", lambda: own.disclose(relations=derived(mine, {"path": "/proc/self/fd/1"})))
attempt("missing", lambda: own.disclose(relations=derived(mine, {"path": "/no/such"})))
reading = os.open("input", os.O_RDONLY)
writing = os.open("mine", os.O_WRONLY)
naming = os.open("mine", os.O_PATH)
both = [{"descriptor": 0}, {"descriptor": 1}]
attempt("descriptor", lambda: own.disclose(relations=derived(*both), descriptors=[writing, reading]))
attempt("descriptor-not-to-write", lambda: own.disclose(relations=derived(*both), descriptors=[reading, writing]))
attempt("descriptor-not-open", lambda: own.disclose(relations=derived(*both), descriptors=[writing, naming]))
attempt("descriptor-missing", lambda: own.disclose(relations=derived(*both), descriptors=[writing]))
attempt("descriptors-too-many", lambda: own.disclose(relations=derived(*both), descriptors=[reading] * 40))

attempt("no-hello", lambda: unproven({"disclose": {}}))
attempt("other-challenge", lambda: unproven({"hello": {"version": 1, "challenge": "0" * 32}}))
attempt("other-version", lambda: unproven({"hello": {"version": 2, "challenge": ""}}))
attempt("malformed", lambda: protocol.Disclosure().send("x"))

# The order of what was done and what was told.
placed = protocol.Disclosure()
with open("placed", "w") as file:
    file.write("before")
attempt("placed", lambda: placed.disclose(relations=derived(protocol.path("placed"), protocol.path("input"))))
open("late").read()
with open("placed", "a") as file:
    file.write("after")

inherited = protocol.Disclosure()
sys.stdout.flush()
child = os.fork()
if child == 0:
    attempt("child-of-the-teller", lambda: inherited.disclose(log=[{"text": "I am my parent"}]))
    os._exit(0)
os.waitpid(child, 0)

child = os.fork()
if child == 0:
    mine_only = protocol.Disclosure()
    mine_only.socket.set_inheritable(True)
    os.environ["CONNECTION"] = str(mine_only.socket.fileno())
    os.execv(sys.executable, [sys.executable] + sys.argv)
os.waitpid(child, 0)

before = protocol.Disclosure()
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
attempt("after-setuid", lambda: before.disclose(log=[{"text": "x"}]))
nobody = protocol.Disclosure()
attempt("nobody-own", lambda: nobody.disclose(relations=derived(mine, protocol.path("input"))))
attempt("nobody-cannot-write", lambda: nobody.disclose(relations=derived({"path": "/etc/passwd"}, mine)))
attempt("nobody-can-name", lambda: nobody.disclose(relations=derived(mine, {"path": "/etc/passwd"})))
attempt("nobody-hidden", lambda: nobody.disclose(relations=derived(mine, {"path": "/root/.profile"})))
attempt("nobody-hidden-missing", lambda: nobody.disclose(relations=derived(mine, {"path": "/root/no-such-file"})))
connections = [nobody]
try:
    while len(connections) < 100:
        connections.append(protocol.Disclosure())
except (protocol.Refused, ConnectionError):
    pass
print("connections", len(connections), flush=True)
flooded = time.monotonic()
lines = 0
while time.monotonic() - flooded < 3:
    nobody.disclose(log=[{"text": "x" * 4000}] * 10)
    lines += 1
print("flood", lines, flush=True)
