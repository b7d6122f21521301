#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A client of Headwater's disclosure protocol (docs/disclosure.md) in the standard library of Python.

As a program:  disclose.py OUTPUT INPUT    says that OUTPUT, which this process can write, is derived from INPUT
"""
import json
import os
import socket
import sys

SYSTEM = "/run/headwater/disclose.sock"


class Refused(Exception):
    """The recording did not take it: error is one word, the message a sentence."""

    def __init__(self, answer):
        super().__init__(answer["message"])
        self.error = answer["error"]


class Disclosure:
    """A connection of this very process: a child needs its own."""

    def __init__(self, path=None):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path or os.environ.get("HEADWATER_DISCLOSURE") or SYSTEM)
        self.answers = self.socket.makefile("r", encoding="utf-8")
        greeting = self._answer()
        self.send({"hello": {"version": 1, "challenge": greeting["challenge"]}})

    def _answer(self):
        line = self.answers.readline()
        if not line:
            raise ConnectionError("the recording has ended the connection")
        answer = json.loads(line)
        if answer.get("ok") is False:
            raise Refused(answer)
        return answer

    def send(self, request, descriptors=()):
        """Sends one line, with open files that it may name by their place; returns the answer."""
        line = (json.dumps(request) + "\n").encode()
        if descriptors:
            socket.send_fds(self.socket, [line], list(descriptors))
        else:
            self.socket.sendall(line)
        return self._answer()

    def disclose(self, nodes=(), relations=(), log=(), descriptors=()):
        told = {"nodes": list(nodes), "relations": list(relations), "log": list(log)}
        return self.send({"disclose": told}, descriptors).get("objects", {})


def path(name):
    return {"path": os.path.abspath(name)}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    Disclosure().disclose(relations=[
        {"relation": "wasDerivedFrom", "effect": path(sys.argv[1]), "cause": path(sys.argv[2])}])
