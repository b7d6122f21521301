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
 */
public record RetentionPlan(int segments, long bytes, LogPosition end, Why why, int held) {
    /**
     * Makes the plan. The newest segment stays, and the one in which the newest signed statement is: what is dropped is signed, and what
     * is left has a statement.
     *
     * @param nowNs nanoseconds since the Unix epoch
     */
    static RetentionPlan of(LogReader log, RetentionPolicy policy, long nowNs) throws IOException {
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
        for (int segment = start.segment(); segment < last; segment++) {
            LogPosition next = log.segmentStart(segment + 1);
            boolean old = policy.ageNs() != RetentionPolicy.UNBOUNDED && next.timeNs() < nowNs - policy.ageNs();
            boolean large = policy.sizeBytes() != RetentionPolicy.UNBOUNDED && size - freed > policy.sizeBytes();
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
        return new RetentionPlan(segments, freed, end, why, held);
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
