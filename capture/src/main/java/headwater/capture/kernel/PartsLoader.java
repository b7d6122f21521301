// SPDX-License-Identifier: Apache-2.0
package headwater.capture.kernel;

import headwater.capture.kernel.BpfObject.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Loads the programs of an object side by side. libbpf has the verifier go through one after the other, which takes most of the time that
 * a capture takes to start; so the object is opened several times, and each time another part of its programs loaded, with the maps of
 * the first.
 */
final class PartsLoader {
    /** More parts than this are not worth their memory. */
    private static final int PARTS_MOST = 4;
    /** Of fewer programs no part is made. */
    private static final int PART_PROGRAMS = 8;

    private PartsLoader() {
    }

    /**
     * Loads the maps and the selected programs.
     *
     * @param programs gets descriptors of the loaded programs by their names, which are the caller's, also if this throws
     * @throws KernelException if the kernel refuses
     */
    static void load(OpenedObject object, Map<String, Integer> programs) {
        int parts = Math.min(Math.min(Runtime.getRuntime().availableProcessors(), PARTS_MOST), object.selected().size() / PART_PROGRAMS);
        if (parts < 2) {
            object.load();
            object.programDescriptors(programs);
            return;
        }
        List<Set<Program>> shares = shares(object, parts);
        object.select(program -> false);
        object.load();
        List<Future<Map<String, Integer>>> loading = new ArrayList<>();
        try (ExecutorService side = Executors.newFixedThreadPool(parts, Thread.ofPlatform().name("headwater-load-", 0).factory())) {
            shares.forEach(share -> loading.add(side.submit(() -> loadPart(object, share))));
        }
        Throwable refusal = null;
        for (Future<Map<String, Integer>> part : loading) {
            if (part.state() == Future.State.SUCCESS) {
                programs.putAll(part.resultNow());
            } else if (refusal == null) {
                refusal = part.exceptionNow();
            } else {
                refusal.addSuppressed(part.exceptionNow());
            }
        }
        if (refusal != null) {
            throw Libc.rethrow(refusal);
        }
    }

    /** The selected programs, shared out by their length: the longest go first, each to who has least. */
    private static List<Set<Program>> shares(OpenedObject object, int parts) {
        List<Set<Program>> shares = new ArrayList<>();
        long[] instructions = new long[parts];
        for (int part = 0; part < parts; part++) {
            shares.add(new HashSet<>());
        }
        object.selected().stream().sorted(Comparator.comparingLong(object::instructions).reversed()).forEach(program -> {
            int least = 0;
            for (int part = 1; part < parts; part++) {
                least = instructions[part] < instructions[least] ? part : least;
            }
            instructions[least] += object.instructions(program);
            shares.get(least).add(program);
        });
        return shares;
    }

    private static Map<String, Integer> loadPart(OpenedObject first, Set<Program> share) {
        Map<String, Integer> descriptors = new HashMap<>();
        try (OpenedObject part = first.again()) {
            part.select(share::contains);
            part.useMapsOf(first);
            part.load();
            part.programDescriptors(descriptors);
            return descriptors;
        } catch (RuntimeException | Error e) {
            descriptors.values().forEach(Libc::close);
            throw e;
        }
    }
}
