// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.BpfObject;
import headwater.capture.kernel.KernelException;
import headwater.record.PolicyLayout;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * The security module whose contexts can be targets: SELinux, else AppArmor. What the kernel side compares is SELinux's own number of a
 * context, which is asked for once; or of AppArmor a digest of the profile's name, so that profiles which are loaded later, or replaced,
 * are meant too.
 */
final class SecurityModule {
    private static final Path SELINUX = Path.of("/sys/fs/selinux/enforce");
    /** Takes contexts that the policy has, and refuses others. */
    private static final Path SELINUX_CONTEXT = Path.of("/sys/fs/selinux/context");
    private static final Path APPARMOR = Path.of("/sys/module/apparmor/parameters/enabled");
    /** CONTEXT_PIECE times CONTEXT_PIECES of bpf/verdicts.h. */
    private static final int DIGESTED_BYTES = 140;

    private final BpfObject object;
    private final int module;
    private final String name;
    private final long sizesAddress;
    private final int offset;

    /** @throws KernelException if the kernel has no such module, or does not say where it keeps contexts */
    SecurityModule(BpfObject object) {
        this.object = object;
        module = Files.exists(SELINUX) ? PolicyLayout.SELINUX : isApparmorEnabled() ? PolicyLayout.APPARMOR : 0;
        if (module == 0) {
            throw new KernelException("no security contexts on this kernel: neither SELinux nor AppArmor is active; "
                    + "leave out targets that are contexts", 0);
        }
        name = module == PolicyLayout.SELINUX ? "selinux" : "apparmor";
        sizesAddress = address(name + "_blob_sizes");
        offset = ask(0).get(ValueLayout.JAVA_INT, PolicyLayout.SECURITY_REQUEST_OFFSET);
    }

    /** {@code policy.security_module}. */
    int module() {
        return module;
    }

    /** {@code policy.security_offset}. */
    int offset() {
        return offset;
    }

    /**
     * What the kernel side finds at a process that has the context.
     *
     * @throws KernelException if there is no such context
     */
    long id(String context) {
        return module == PolicyLayout.SELINUX ? selinux(context) : digest(profile(context));
    }

    /** Without the mode, such as {@code (enforce)}, which {@code /proc/PID/attr/current} shows behind it. */
    static String profile(String context) {
        int mode = context.endsWith(")") ? context.lastIndexOf(" (") : -1;
        return mode < 0 ? context : context.substring(0, mode);
    }

    /** FNV-1a. */
    static long digest(String profile) {
        byte[] bytes = profile.getBytes(StandardCharsets.UTF_8);
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < Math.min(bytes.length, DIGESTED_BYTES); i++) {
            hash = (hash ^ bytes[i] & 0xff) * 0x100000001b3L;
        }
        return hash;
    }

    private static boolean isApparmorEnabled() {
        try {
            return Files.readString(APPARMOR).startsWith("Y");
        } catch (IOException e) {
            return false;
        }
    }

    private static long address(String symbol) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/kallsyms"), StandardCharsets.ISO_8859_1)) {
            String line = lines.filter(each -> each.endsWith(" " + symbol)).findFirst().orElse("0 ");
            long address = Long.parseUnsignedLong(line.substring(0, line.indexOf(' ')), 16);
            if (address != 0) {
                return address;
            }
        } catch (IOException e) {
            throw new KernelException("security contexts cannot be found: file=/proc/kallsyms, error=" + e.getMessage(), 0);
        }
        throw new KernelException("security contexts cannot be found: the kernel hides or lacks the symbol " + symbol
                + "; see kernel.kptr_restrict", 0);
    }

    /** The kernel turns a context into its number for a thread of ours that is to make files with it; none is made. */
    private long selinux(String context) {
        long[] id = new long[1];
        IOException[] refused = new IOException[1];
        Thread asks = Thread.ofPlatform().name("headwater-context").start(() -> {
            try {
                // For files root may have even one that does not exist, of a policy that is not loaded yet.
                Files.writeString(SELINUX_CONTEXT, context, StandardOpenOption.WRITE);
                int thread = Integer.parseInt(Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
                Files.writeString(Path.of("/proc/thread-self/attr/fscreate"), context);
                id[0] = ask(thread).get(ValueLayout.JAVA_INT, PolicyLayout.SECURITY_REQUEST_CREATED) & 0xffffffffL;
            } catch (IOException e) {
                refused[0] = e;
            }
        });
        try {
            asks.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (refused[0] != null || id[0] == 0) {
            throw new KernelException("no such security context: context=" + context + ", module=" + name + "; see id -Z and ps -Z", 0);
        }
        return id[0];
    }

    /** @param thread of this process; 0: its first */
    private MemorySegment ask(int thread) {
        MemorySegment answer = Arena.ofAuto().allocate(PolicyLayout.SECURITY_REQUEST_BYTES, 8);
        answer.set(ValueLayout.JAVA_LONG, PolicyLayout.SECURITY_REQUEST_SIZES, sizesAddress);
        answer.set(ValueLayout.JAVA_INT, PolicyLayout.SECURITY_REQUEST_THREAD,
                thread == 0 ? (int) ProcessHandle.current().pid() : thread);
        answer.set(ValueLayout.JAVA_INT, PolicyLayout.SECURITY_REQUEST_MODULE, module);
        try (Arena call = Arena.ofConfined()) {
            MemorySegment zero = call.allocateFrom(ValueLayout.JAVA_INT, 0);
            int map = object.mapDescriptor(".data.security");
            object.put(map, zero, answer);
            object.iterate("security_module");
            object.get(map, zero, answer);
        }
        return answer;
    }
}
