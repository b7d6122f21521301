# SPDX-License-Identifier: Apache-2.0
"""A program that logs as most do: for each file that is named, it reads that, then says by syslog(3) what was in it."""
import sys
import syslog

syslog.openlog("app", syslog.LOG_PID)
for name in sys.argv[1:]:
    with open(name) as order:
        syslog.syslog("done: " + order.read().strip())
