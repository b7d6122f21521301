// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Whose processes a policy marks. A process is looked at when it is first met, when it executes a program, when its user, group, namespaces
 * or cgroup change, and when the policy does; one that is marked stays marked when the target goes.
 */
public sealed interface Target {
    /** Real user id; also the files that the user owns. */
    record User(int id) implements Target {
    }

    /** Real group id; also the files that the group owns. */
    record Group(int id) implements Target {
    }

    /**
     * A namespace.
     *
     * @param inode its number, as in {@code /proc/PID/ns}
     */
    record Namespace(Kind kind, int inode) implements Target {
        /** In the order of {@code enum target_kind}. */
        public enum Kind { UTS, IPC, MOUNT, PID, NET, CGROUP }
    }

    /**
     * A cgroup of the unified hierarchy, not those below it.
     *
     * @param id the inode number of its folder
     */
    record Cgroup(long id) implements Target {
    }

    /**
     * A security context of the major security module: SELinux's, or the name of an AppArmor profile, with or without its mode.
     *
     * @param context as {@code /proc/PID/attr/current} shows it
     */
    record SecurityContext(String context) implements Target {
    }

    /**
     * Addresses that sockets are bound to or accept at (ingress), or connect to (egress): the process and the socket are marked. The
     * first that fits counts.
     *
     * @param prefixBits how many leading bits of the address must be the same; 0 to 32 (IPv4) or 128
     * @param port 0 for any
     */
    record Address(InetAddress address, int prefixBits, int port, boolean egress) implements Target {
        public Address {
            int most = address instanceof Inet4Address ? 32 : 128;
            if (prefixBits < 0 || prefixBits > most || port < 0 || port > 65535) {
                throw new IllegalArgumentException("no such address: address=" + address.getHostAddress() + ", prefixBits="
                        + prefixBits + ", port=" + port + "; want 0 to " + most + " bits, and a port from 0 to 65535");
            }
        }

        /** The first {@link #prefixBits} bits of 128, as IPv6 has IPv4's addresses. */
        byte[] mask() {
            byte[] mask = new byte[16];
            int bits = address instanceof Inet4Address ? 96 + prefixBits : prefixBits;
            for (int i = 0; i < bits; i++) {
                mask[i >> 3] |= (byte) (0x80 >> (i & 7));
            }
            return mask;
        }

        /** What the mask leaves of the address. */
        byte[] bytes() {
            byte[] bytes = new byte[16];
            byte[] given = address.getAddress();
            if (given.length == 4) {
                bytes[10] = (byte) 0xff;
                bytes[11] = (byte) 0xff;
            }
            System.arraycopy(given, 0, bytes, 16 - given.length, given.length);
            byte[] mask = mask();
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] &= mask[i];
            }
            return bytes;
        }
    }
}
