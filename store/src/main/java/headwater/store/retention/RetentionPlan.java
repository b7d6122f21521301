// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import headwater.store.log.LogFormat;
import headwater.store.log.LogPosition;
import headwater.store.log.LogReader;
import headwater.store.seal.DropStatement.Why;
import headwater.store.seal.Statement;
import headwater.store.seal.StatementFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a policy says of a log as it is now.
 *
 * @param segments how many segments are to be dropped, from the beginning; 0 for none
 * @param bytes how much room that makes, without what will be carried
 * @param end where the log would begin then
 * @param why the bound that asked for the last of them
 * @param held how many more the policy would drop, if they did not hold what was written and signed last
 * @param pin what keeps the next segment, though it is older than the rest is kept; null if nothing does
 */
public record RetentionPlan(int segments, long bytes, LogPosition end, Why why, int held, Pin pin) {
    /**
     * An important node, for which a segment is kept.
     *
     * @param segment the number of the segment
     * @param object of which the node is a version
     * @param untilNs when it will be too old too, nanoseconds since the Unix epoch; {@link RetentionPolicy#UNBOUNDED} for never
     */
    public record Pin(int segment, long node, long object, long untilNs) {
    }

    /**
     * Makes the plan. The newest segment stays, and the one in which the newest signed statement is: what is dropped is signed, and what
     * is left has a statement.
     *
     * @param nowNs nanoseconds since the Unix epoch
     */
    static RetentionPlan of(LogReader log, RetentionPolicy policy, long nowNs, Pins pins) throws IOException {
        LogPosition start = log.start();
        Path directory = log.directory();
        int last = log.newestSegment();
        Optional<Statement> signed = StatementFiles.newest(directory);
        int bound = Math.min(last, signed.map(Statement::segment).orElse(0));
        long size = size(directory);
        int segments = 0;
        int held = 0;
        long freed = 0;
        Why why = Why.ASKED;
        LogPosition end = start;
        Pin pin = null;
        for (int segment = start.segment(); segment < last; segment++) {
            LogPosition next = log.segmentStart(segment + 1);
            boolean large = policy.sizeBytes() != RetentionPolicy.UNBOUNDED && size - freed > policy.sizeBytes();
            boolean old = policy.isOld(next.timeNs(), nowNs);
            if (!old && policy.isOldUnlessImportant(next.timeNs(), nowNs) && !large && segment < bound) {
                pin = pin(pins, end, next, policy);
                old = pin == null;
            }
            if (!old && !large) {
                break;
            }
            if (segment >= bound) {
                held++;
                continue;
            }
            segments++;
            why = old ? Why.AGE : Why.SIZE;
            freed += sizeOf(directory.resolve(LogFormat.segmentName(segment))) + sizeOf(directory.resolve(StatementFiles.name(segment)));
            end = next;
        }
        return pins.stopped() ? new RetentionPlan(0, 0, start, Why.ASKED, 0, null)
                : new RetentionPlan(segments, freed, end, why, held, pin);
    }

    private static Pin pin(Pins pins, LogPosition from, LogPosition to, RetentionPolicy policy) {
        long node = pins.find(from, to);
        long ageNs = policy.importantAgeNs();
        return node < 0 ? null : new Pin(from.segment(), node, pins.object(node),
                ageNs == RetentionPolicy.UNBOUNDED ? RetentionPolicy.UNBOUNDED : to.timeNs() + ageNs);
    }

    private static long size(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(RetentionPlan::sizeOf).sum();
        }
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            // It is not there, or no more.
            return 0;
        }
    }
}
