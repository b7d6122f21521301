// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import java.util.List;

/** Values that one process sets and another asks for; names that a watch of inotify or fanotify tells. */
final class SettingChannels {
    private SettingChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                told("inotify", "inotify(7)", "the secret is the name of a file that is made in a watched directory"),
                told("inotify-path", "inotify(7), mkdir(2)", "the same of a directory"),
                told("fanotify", "fanotify(7), FAN_REPORT_DFID_NAME", "the same, of a directory that is marked"),
                told("fanotify-file-system", "fanotify(7), FAN_MARK_FILESYSTEM", "the same, of a whole file system")
                        .unseen(BlindSpot.WATCHED_FILE_SYSTEMS),
                Scenario.of("set-position", "lseek(2)", "the position of an open file that both have is the message",
                        "settings position source sink other second\n").from("sink", "source").notFrom("sink", "other")
                        .unseen(BlindSpot.SHARED_SETTINGS),
                set("limit", "prlimit(2), getrlimit(2)", "another process's limit is the message")
                        .unseenOn(Kernel.V6_1, BlindSpot.OTHER_SETTINGS),
                set("priority", "setpriority(2)", "another process's priority is the message")
                        .unseenOn(Kernel.V6_1, BlindSpot.OTHER_SETTINGS),
                set("scheduling", "sched_setscheduler(2)", "another process's policy is the message")
                        .unseenOn(Kernel.V6_1, BlindSpot.OTHER_SETTINGS));
    }

    static List<Scenario> network() {
        return List.of(
                set("option", "setsockopt(2), getsockopt(2)", "an option of a socket that both have is the message"),
                set("zero-copy", "getsockopt(2), TCP_ZEROCOPY_RECEIVE", "received by asking for an option"),
                device("sent", "two TUN devices, read", "sent over UDP to addresses behind them")
                        .from("second", "other").notFrom("second", "source"),
                device("sent-blocked", "a TUN device, a reader that waits", "sent over UDP to an address behind it"),
                device("came", "a TUN device, written", "a packet that is received over UDP"),
                device("ring", "AF_PACKET, PACKET_RX_RING, mmap(2)", "a packet of UDP, found in a mapped ring")
                        .notFrom("sink", "other"));
    }

    private static Scenario told(String mode, String channel, String description) {
        return Scenario.of("watch-" + mode, channel, description, """
                mkdir folder second
                watches %s source sink other
                """.formatted(mode)).from("sink", "source").notFrom("sink", "other");
    }

    /** Two that set and two that ask, of two things. */
    private static Scenario set(String mode, String channel, String description) {
        return Scenario.of("set-" + mode, channel, description, "settings " + mode + " source sink other second\n")
                .from("sink", "source").notFrom("sink", "other").from("second", "other").notFrom("second", "source");
    }

    private static Scenario device(String mode, String channel, String description) {
        return Scenario.of("device-" + mode, channel, description, "modprobe -q tun || :\ndevices " + mode
                + " source sink other second\n")
                .from("sink", "source").notFrom("sink", "other");
    }
}
