// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where one thread spent its CPU time, out of a flight recording with {@code jdk.CPUTimeSample}. Arguments: the recording and
 * the name of the thread.
 */
public final class HotMethods {
    private static final int LINES = 25;

    private HotMethods() {
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, Long> methods = new HashMap<>();
        Map<String, Long> classes = new HashMap<>();
        long all = 0;
        try (RecordingFile file = new RecordingFile(Path.of(arguments[0]))) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                if (event.getEventType().getName().equals("jdk.CPUTimeSample") && event.getThread("eventThread") != null
                        && arguments[1].equals(event.getThread("eventThread").getJavaName())) {
                    all++;
                    methods.merge(top(event.getStackTrace()), 1L, Long::sum);
                    classes.merge(owner(event.getStackTrace()), 1L, Long::sum);
                }
            }
        }
        print("class of ours that it was done for", classes, all);
        System.out.println();
        print("method", methods, all);
    }

    private static String top(RecordedStackTrace stack) {
        return stack == null || stack.getFrames().isEmpty() ? "(no stack: native code that was called from Java)"
                : name(stack.getFrames().getFirst());
    }

    private static String owner(RecordedStackTrace stack) {
        List<RecordedFrame> frames = stack == null ? List.of() : stack.getFrames();
        for (RecordedFrame frame : frames) {
            String type = frame.getMethod().getType().getName();
            if (type.startsWith("headwater.")) {
                return type;
            }
        }
        return "(none)";
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private static void print(String title, Map<String, Long> counts, long all) {
        System.out.println("| " + title + " | CPU |");
        System.out.println("|---|---|");
        counts.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed()).limit(LINES)
                .forEach(entry -> System.out.printf(Locale.ROOT, "| `%s` | %.1f %% |%n", entry.getKey(),
                        100.0 * entry.getValue() / all));
    }
}
