// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

/** What an object can bear; {@code enum mark} of {@code bpf/select.h}, whose bits are CamFlow's. */
public enum Mark {
    /** What touches it is recorded, even where not everything is. */
    TRACKED(1),
    /** What touches it is not recorded. */
    OPAQUE(2),
    /** With {@link #TRACKED}: what flows out of it hands both on, and the taint. */
    PROPAGATE(4),
    /** Of a socket: what its packets carry is wanted. Takes effect where packets are recorded. */
    RECORD(8);

    private final int bit;

    Mark(int bit) {
        this.bit = bit;
    }

    public int bit() {
        return bit;
    }
}
