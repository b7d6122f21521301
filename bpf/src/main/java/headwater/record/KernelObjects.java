// SPDX-License-Identifier: Apache-2.0
package headwater.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The compiled BPF objects, one for each front-end. */
public final class KernelObjects {
    private KernelObjects() {
    }

    /**
     * The ELF object of a front-end.
     *
     * @param name {@code trace} or {@code lsm}
     * @throws IllegalStateException if this build holds no such object
     */
    public static byte[] read(String name) {
        String resource = "/headwater/bpf/" + name + ".bpf.o";
        try (InputStream in = KernelObjects.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no BPF object in this build: resource=" + resource
                        + "; build again with clang (mvn package)");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("BPF object cannot be read: resource=" + resource, e);
        }
    }
}
