// SPDX-License-Identifier: Apache-2.0
package headwater.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The compiled BPF objects: of the front-ends, and the probe for what a kernel takes. */
public final class KernelObjects {
    private KernelObjects() {
    }

    /**
     * An ELF object.
     *
     * @param name {@code trace}, {@code lsm} or {@code probe}
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
