#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a member of the socket's group, and one who is none, may do to a daemon. Prints a line for each attempt: its name, and what came.

    control_attacks.py SOCKET FOLDER OUTSIDER|MEMBER     FOLDER is where this user may write
"""
import array
import base64
import errno
import json
import os
import socket
import sys
import threading
import time

PATH, FOLDER, WHO = sys.argv[1:]


def said(name, what):
    print(name, what, flush=True)


def connect():
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(20)
    while True:
        try:
            s.connect(PATH)
            return s
        except BlockingIOError:
            # As many as may wait to be accepted do.
            time.sleep(0.002)


def line(s):
    got = b""
    while not got.endswith(b"\n"):
        more = s.recv(1 << 16)
        if not more:
            return got
        got += more
    return got


def ask(**members):
    with connect() as s:
        s.sendall(json.dumps({"version": 1, **members}).encode() + b"\n")
        return json.loads(line(s))


def short(answer):
    return "ok" if answer["ok"] else "refused " + answer["error"].replace("\n", "|")[:160]


def raw(name, data):
    """One line as it is; a connection lives on after what is no request."""
    with connect() as s:
        try:
            s.sendall(data + b"\n")
        except OSError as e:
            if e.errno not in (errno.EPIPE, errno.ECONNRESET):
                raise
        answer = line(s)
        said(name, short(json.loads(answer)) if answer else "closed")


def edit(**one):
    return ask(request="edit", edits=[one])


def outsider():
    refused = 0
    for _ in range(10000):
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(PATH)
            s.close()
        except PermissionError:
            refused += 1
        s.close()
    said("connects", refused)
    for name, act in (("delete", lambda: os.unlink(PATH)), ("replace", lambda: os.rename(FOLDER, PATH)),
                      ("link", lambda: os.symlink("/etc/passwd", PATH + ".x")),
                      ("lock", lambda: os.open(PATH + ".lock", os.O_RDWR))):
        try:
            act()
            said(name, "done")
        except PermissionError:
            said(name, "denied")


def lines():
    raw("huge", b"x" * (1 << 20))
    raw("deep", b'{"version":1,"request":"edit","edits":' + b"[" * 30000 + b"]" * 30000 + b"}")
    raw("utf8", b'{"version":1,"request":"\xff\xfe"}')
    raw("nul", b'{"version":1,"request":"sta\0tus"}')
    raw("nul-path", b'{"version":1,"request":"node","path":"/etc\\u0000/passwd"}')
    raw("surrogate", b'{"version":1,"request":"node","path":"/\\ud800"}')
    raw("twice", b'{"version":1,"request":"status","request":"stop"}')
    raw("number", b'{"version":1' + b"0" * 5000 + b',"request":"status"}')
    raw("pid", b'{"version":1,"request":"mark","pid":"99999999999","track":true}')
    raw("pid-negative", b'{"version":1,"request":"mark","pid":-1,"opaque":true}')
    raw("relative", b'{"version":1,"request":"mark","path":"../etc","track":true}')


def edits():
    for name, value in (("newline", "root\n[provenance]\nenabled=false"), ("return", "root\r[user]"), ("escape", "\x1b[31mroot"),
                        ("comment", "root ;x"), ("nobody", "no-such-user")):
        said("edit-" + name, short(edit(do="add", section="user", key="track", value=value)))
    said("edit-section", short(edit(do="add", section="user]\n[provenance", key="track", value="root")))
    said("edit-key", short(edit(do="set", section="compression", key="node=false\nedge", value="true")))
    said("edit-machine", short(edit(do="set", section="provenance", key="machine_id", value="7")))
    said("edit-store", short(edit(do="set", section="headwater", key="store", value="/tmp/x")))
    said("edit-group", short(edit(do="set", section="headwater", key="group", value="root")))
    said("edit-half", short(ask(request="edit", edits=[
        {"do": "set", "section": "provenance", "key": "enabled", "value": False},
        {"do": "add", "section": "provenance", "key": "node_filter", "value": "no-such-type"}])))
    said("edit-many", short(ask(request="edit", edits=[{"do": "add", "section": "user", "key": "track", "value": "x"}] * 2000)))
    said("edit-context", short(edit(do="add", section="secctx", key="track", value="c ;d")))
    policy = ask(request="policy")
    ini = base64.b64decode(policy["ini"]).decode()
    said("ini", "whole" if "\nenabled=true\n" in ini and ini.count("[provenance]") == 1 and "enabled=false" not in ini else repr(ini))


def paths():
    fifo = os.path.join(FOLDER, "fifo")
    os.mkfifo(fifo)
    began = time.monotonic()
    said("fifo", short(ask(request="mark", path=fifo, track=True)))
    name = os.path.join(FOLDER, "two\nlines\x1b[2J")
    open(name, "w").close()
    said("name", short(ask(request="mark", path=name, track=True)))
    said("long", short(ask(request="mark", path="/" + "x" * 60000, track=True)))
    loop = os.path.join(FOLDER, "loop")
    os.symlink(loop, loop)
    said("loop", short(ask(request="mark", path=loop, track=True)))
    said("waited", "no" if time.monotonic() - began < 5 else "yes")


def passed():
    s = connect()
    readers, writers = os.pipe()
    descriptors = array.array("i", [readers] * 200)
    s.sendmsg([b'{"version":1,"request":"version"}\n'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
    said("descriptors", short(json.loads(line(s))))
    os.close(readers)
    try:
        os.write(writers, b"x")
        said("descriptors-kept", "yes")
    except BrokenPipeError:
        said("descriptors-kept", "no")


def storm():
    """Half-open connections, slow readers and a flood of changes, all at once; another asks meanwhile."""
    kept = []
    stop = time.monotonic() + 4
    worst = [0.0]
    changes = [0]

    def change():
        while time.monotonic() < stop:
            try:
                edit(do="set", section="compression", key="duplicate", value=changes[0] % 2 == 0)
                changes[0] += 1
            except OSError:
                time.sleep(0.01)

    def deaf():
        """Asks and does not listen."""
        s = connect()
        kept.append(s)
        s.setblocking(False)
        while time.monotonic() < stop:
            try:
                s.send(b'{"version":1,"request":"policy"}\n' * 50)
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                return

    threads = [threading.Thread(target=change) for _ in range(8)] + [threading.Thread(target=deaf) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(32):
        s = connect()
        s.send(b'{"version":1,')
        kept.append(s)
    while time.monotonic() < stop:
        began = time.monotonic()
        ask(request="version")
        worst[0] = max(worst[0], time.monotonic() - began)
        time.sleep(0.02)
    for thread in threads:
        thread.join()
    said("changes", changes[0])
    said("slowest-ms", int(worst[0] * 1000))
    for s in kept:
        s.close()
    connects = 0
    began = time.monotonic()
    while connects < 3000 and time.monotonic() - began < 8:
        connect().close()
        connects += 1
    said("storm-connects", connects)
    said("after", short(ask(request="status")))


if WHO == "OUTSIDER":
    outsider()
else:
    lines()
    edits()
    paths()
    passed()
    storm()
