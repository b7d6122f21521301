# SPDX-License-Identifier: Apache-2.0
"""Writes lines to logs in every way that is annotated: lines.py FOLDER. Each line is about one file, which is read just before it."""
import os
import socket
import sys
import threading

folder = sys.argv[1]
os.chdir(folder)


def read(name):
    with open(name) as file:
        return file.read()


def said(what, how):
    """Reads the file of this name, made by the test, then says so."""
    read("in/" + what)
    how(what + "\n")


def opened(flags=os.O_APPEND):
    return os.open("logs/a.log", os.O_WRONLY | os.O_CREAT | flags, 0o644)


log = opened()
said("write", lambda line: os.write(log, line.encode()))
said("write", lambda line: os.write(log, line.encode()))
said("writev", lambda line: os.writev(log, [line[:3].encode(), b"", line[3:].encode()]))
plain = opened(0)
said("pwrite", lambda line: os.pwrite(plain, line.encode(), 1000))
said("pwritev", lambda line: os.pwritev(plain, [line.encode()], 2000))
said("parts", lambda line: (os.write(log, line[:2].encode()), os.write(log, line[2:].encode())))

# Renamed, it stays a log; what is made in its place is one from its first byte.
os.rename("logs/a.log", "elsewhere.log")
said("renamed", lambda line: os.write(log, line.encode()))
said("made", lambda line: os.write(opened(), line.encode()))

thread = threading.Thread(target=lambda: said("thread", lambda line: os.write(opened(), line.encode())))
thread.start()
thread.join()

# A child's own line in the same log, begun before the parent's.
child = os.fork()
if child == 0:
    said("child", lambda line: os.write(log, line.encode()))
    os._exit(0)
os.waitpid(child, 0)

messages = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
messages.bind(folder + "/logs/messages")
sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
said("sendto", lambda line: sender.sendto(line.encode(), folder + "/logs/messages"))
said("sendmsg", lambda line: sender.sendmsg([line[:2].encode(), line[2:].encode()], [], 0, folder + "/logs/messages"))
sender.connect(folder + "/logs/messages")
said("connected", lambda line: sender.send(line.encode()))
other = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
other.bind(folder + "/elsewhere.socket")
stranger = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
said("not-a-log", lambda line: stranger.sendto(line.encode(), folder + "/elsewhere.socket"))

listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listening.bind(folder + "/logs/stream")
listening.listen()
stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
stream.connect(folder + "/logs/stream")
said("stream", lambda line: stream.sendall(line.encode()))
said("streamwrite", lambda line: os.write(stream.fileno(), line.encode()))
