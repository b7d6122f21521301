// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.parquet;

import headwater.recorders.CommitRule;
import headwater.recorders.Recorder;
import headwater.recorders.RecorderDriver;
import headwater.recorders.RecorderSpec;
import java.nio.file.Path;
import java.util.Set;

/** {@code parquet}: {@code path}, {@code rows} and {@code seconds}, after either of which a set of files is closed. */
public final class ParquetDriver implements RecorderDriver {
    private static final long ROWS = 1_000_000;
    private static final long SECONDS = 300;

    @Override
    public String name() {
        return "parquet";
    }

    @Override
    public Recorder recorder(RecorderSpec spec) {
        spec.allow(Set.of("path", "rows", "seconds"));
        return new ParquetRecorder(Path.of(spec.required("path")),
                new CommitRule(spec.number("rows", ROWS, 1, 1L << 40),
                spec.number("seconds", SECONDS, 0, 86_400) * 1000));
    }
}
