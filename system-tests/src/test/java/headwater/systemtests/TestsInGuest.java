// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs test classes in a guest: {@code TestsInGuest RESULTS CLASS...}. Appends a line to RESULTS as each test ends: {@code passed},
 * {@code failed} or {@code skipped}, its class and name, and what it said; {@code whole} at the end.
 */
public final class TestsInGuest {
    private TestsInGuest() {
    }

    public static void main(String[] words) {
        Path results = Path.of(words[0]);
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(words).skip(1).map(DiscoverySelectors::selectClass).toList()).build();
        LauncherFactory.create().execute(request, new Listener(results));
        line(results, "whole");
    }

    private record Listener(Path results) implements TestExecutionListener {
        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            line(results, "skipped " + name(test) + ": " + reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
            if (test.isTest() || !passed) {
                line(results, (passed ? "passed " : "failed ") + name(test) + result.getThrowable().map(thrown -> ": " + thrown).orElse(""));
            }
        }

        private static String name(TestIdentifier test) {
            return test.getSource().map(source -> source instanceof MethodSource method
                    ? method.getJavaClass().getSimpleName() + '.' + method.getMethodName() + ' ' : "").orElse("") + test.getDisplayName();
        }
    }

    private static void line(Path results, String text) {
        try {
            Files.writeString(results, text.replace("\n", " | ") + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
