// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.record.Btf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The functions of the running kernel, read once from its BTF. */
final class KernelBtf {
    private static Set<String> functions;

    private KernelBtf() {
    }

    static synchronized Set<String> functions() {
        if (functions == null) {
            Path path = Path.of("/sys/kernel/btf/vmlinux");
            try {
                functions = Btf.parse(Files.readAllBytes(path)).functions();
            } catch (IOException e) {
                throw new UncheckedIOException("the kernel's BTF cannot be read: file=" + path, e);
            }
        }
        return functions;
    }
}
