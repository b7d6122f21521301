# SPDX-License-Identifier: Apache-2.0
"""Writes lines to logs in every way that is annotated: lines.py FOLDER. Each line is about one file, which is read just before it."""
import ctypes
import os
import socket
import struct
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


# What io_submit writes to a log cannot be copied at the call's end. The bytes of the next call, to another file, are no line of the log.
def submit(fd, text):
    libc = ctypes.CDLL(None, use_errno=True)
    context = ctypes.c_ulong(0)
    if libc.syscall(206, 1, ctypes.byref(context)) != 0:  # io_setup
        sys.exit("io_setup: " + os.strerror(ctypes.get_errno()))
    memory = ctypes.create_string_buffer(text)
    # struct iocb (linux/aio_abi.h), IOCB_CMD_PWRITE
    block = ctypes.create_string_buffer(struct.pack("=QIIHhIQQqQII", 0, 0, 0, 1, 0, fd, ctypes.addressof(memory), len(text), 0, 0, 0, 0))
    blocks = (ctypes.c_void_p * 1)(ctypes.addressof(block))
    if libc.syscall(209, context, 1, blocks) != 1:  # io_submit
        sys.exit("io_submit: " + os.strerror(ctypes.get_errno()))
    libc.syscall(207, context)  # io_destroy: awaits it


submit(opened(), b"silent\n")
os.write(os.open("elsewhere", os.O_WRONLY | os.O_CREAT, 0o644), b"not a line\n")
