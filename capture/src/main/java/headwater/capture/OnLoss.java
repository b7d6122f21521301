// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.record.RecordClass;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What gives way when more happens than the reader takes: the numbers of {@code enum on_loss} ({@code bpf/record.h}). */
public enum OnLoss {
    /** The record: what does not fit into a ring is left out, and counted. */
    RECORD,
    /** The least important of the record first, while a ring still has room. */
    SHED,
    /** The operation: it is refused with EAGAIN. Only where operations can be refused: {@link #refusal}. */
    BLOCK;

    /** The name that people use. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Why this policy cannot be had of a front-end; empty if it can. */
    public String refusal(FrontEnd frontEnd) {
        return this == BLOCK && frontEnd != FrontEnd.LSM
                ? "operations can be refused by the lsm front-end only: front-end=" + frontEnd.text()
                        + ", on-loss=" + text() + "; use --front-end lsm, or --on-loss shed or record"
                : "";
    }

    /**
     * SHED: up to how many bytes that the reader has not taken a record still gets into a ring. What reads and writes may
     * fill is half of it; a sixteenth is for processes alone.
     *
     * @param recordClass one of {@link RecordClass}
     */
    static int backlogMax(int recordClass, int ringBytes) {
        return switch (recordClass) {
            case RecordClass.LINE -> ringBytes / 4;
            case RecordClass.TRANSFER -> ringBytes / 2;
            case RecordClass.ACCESS -> ringBytes / 4 * 3;
            case RecordClass.NAME -> ringBytes / 8 * 7;
            case RecordClass.CONNECTION, RecordClass.OBJECT -> ringBytes / 16 * 15;
            default -> Integer.MAX_VALUE;
        };
    }

    /** BLOCK: from how many bytes on operations are refused. The rest is for what was let in before. */
    static int refuseFrom(int ringBytes) {
        return ringBytes / 4 * 3;
    }

    /**
     * The policy named {@code text}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static OnLoss ofText(String text) {
        for (OnLoss policy : values()) {
            if (policy.text().equals(text)) {
                return policy;
            }
        }
        throw new IllegalArgumentException("unknown policy: on-loss=" + text + "; use "
                + Arrays.stream(values()).map(OnLoss::text).collect(Collectors.joining(", ")));
    }
}
