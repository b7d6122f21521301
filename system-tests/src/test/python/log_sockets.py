# SPDX-License-Identifier: Apache-2.0
"""Listens where a system's logs go, as the journal and a syslog daemon do: log_sockets.py HEARD SOCKET...; SOCKET is a path, with
stream: before it for a stream socket. What comes is appended to the file HEARD, a Python literal on each line, behind its socket."""
import os
import socket
import sys
import threading

heard = open(sys.argv[1], "a", buffering=1)
lock = threading.Lock()


def hear(path, said):
    with lock:
        heard.write(f"{path} {said!r}\n")


def messages(listening, path):
    while True:
        hear(path, listening.recv(1 << 16))


def stream(connection, path):
    said = b""
    while part := connection.recv(1 << 16):
        said += part
    hear(path, said)


def connections(listening, path):
    while True:
        connection, _ = listening.accept()
        threading.Thread(target=stream, args=(connection, path)).start()


threads = []
for path in sys.argv[2:]:
    kind, path = (socket.SOCK_STREAM, path[7:]) if path.startswith("stream:") else (socket.SOCK_DGRAM, path)
    listening = socket.socket(socket.AF_UNIX, kind)
    listening.bind(path)
    os.chmod(path, 0o666)
    if kind == socket.SOCK_STREAM:
        listening.listen()
    threads.append(threading.Thread(target=connections if kind == socket.SOCK_STREAM else messages, args=(listening, path)))
for thread in threads:
    thread.start()
hear("all", "listening")
for thread in threads:
    thread.join()
