// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.record.Btf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** The functions and tracepoints of the running kernel, read once from its BTF. */
final class KernelBtf {
    private static Set<String> functions;
    private static Map<String, Integer> tracepoints;

    private KernelBtf() {
    }

    static synchronized Set<String> functions() {
        read();
        return functions;
    }

    /** The tracepoints, with the number of their arguments. */
    static synchronized Map<String, Integer> tracepoints() {
        read();
        return tracepoints;
    }

    private static void read() {
        if (functions != null) {
            return;
        }
        Path path = Path.of("/sys/kernel/btf/vmlinux");
        try {
            Btf btf = Btf.parse(Files.readAllBytes(path));
            tracepoints = btf.tracepoints();
            functions = btf.functions();
        } catch (IOException e) {
            throw new UncheckedIOException("the kernel's BTF cannot be read: file=" + path, e);
        }
    }
}
