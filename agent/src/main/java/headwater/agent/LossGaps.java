// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.LossHandler;
import headwater.model.Gap;
import headwater.record.RecordClass;

/** What the log says of a loss that the capture reports. */
final class LossGaps {
    private LossGaps() {
    }

    /** What of the record is missing, by the class of the records that were lost. */
    static Gap.Kind kind(int recordClass) {
        return switch (recordClass) {
            case RecordClass.PROCESS -> Gap.Kind.PROCESS;
            case RecordClass.OBJECT -> Gap.Kind.OBJECT;
            case RecordClass.CONNECTION -> Gap.Kind.CONNECTION;
            case RecordClass.NAME -> Gap.Kind.NAME;
            case RecordClass.ACCESS -> Gap.Kind.ACCESS;
            case RecordClass.TRANSFER -> Gap.Kind.TRANSFER;
            case RecordClass.LINE -> Gap.Kind.LINE;
            default -> Gap.Kind.ANY;
        };
    }

    /** Why, by the cause that {@link LossHandler} has. */
    static Gap.Cause cause(int lossCause) {
        return switch (lossCause) {
            case LossHandler.RING_FULL -> Gap.Cause.RING_FULL;
            case LossHandler.MAP_FULL -> Gap.Cause.MAP_FULL;
            case LossHandler.UNREADABLE -> Gap.Cause.UNREADABLE;
            case LossHandler.FOREIGN_ABI -> Gap.Cause.FOREIGN_ABI;
            case LossHandler.SHED -> Gap.Cause.SHED;
            case LossHandler.HOOK_SKIPPED -> Gap.Cause.HOOK_SKIPPED;
            default -> Gap.Cause.CAUSE_MISSING;
        };
    }
}
