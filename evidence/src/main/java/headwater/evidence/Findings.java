// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.evidence.DpkgDatabase.Owner;
import headwater.evidence.DpkgDatabase.Package;
import headwater.query.Escapes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What all documents of evidence say, found once: each file's content, and the package that it is of.
 *
 * @param files in the order of the run's
 * @param packages those that a file was read of, by their package URLs
 */
record Findings(Run run, List<Item> files, Map<String, Package> packages) {
    /**
     * One file.
     *
     * @param owner null if no package owns it
     */
    record Item(RunFile file, String path, FileDigest digest, Owner owner) {
        /** True if its content is not what its package says. */
        boolean isModified() {
            return owner != null && !owner.md5().isEmpty() && !digest.md5().isEmpty()
                    && !digest.md5().equals(owner.md5());
        }
    }

    static Findings of(Run run, DpkgDatabase dpkg) throws IOException {
        List<String> paths = run.files().stream().map(file -> Escapes.toText(file.path())).toList();
        Map<String, Owner> owners = dpkg.owners(paths);
        long endNs = run.session().endNs() == 0 ? Long.MAX_VALUE : run.session().endNs();
        Map<Long, FileDigest> digests = new HashMap<>();
        Set<Long> written = new HashSet<>();
        run.files().stream().filter(RunFile::isWritten).forEach(file -> written.add(file.object()));
        List<Item> items = new ArrayList<>();
        Map<String, Package> packages = new TreeMap<>();
        for (int i = 0; i < paths.size(); i++) {
            RunFile file = run.files().get(i);
            Owner owner = file.isWritten() ? null : owners.get(paths.get(i));
            FileDigest digest = digests.computeIfAbsent(file.object(), object -> FileDigest.of(run.view(), file,
                    endNs));
            // Something that was read and then written over is known as written only.
            boolean over = file.use() == RunFile.Use.INPUT && written.contains(file.object());
            items.add(new Item(file, paths.get(i), over ? new FileDigest(FileDigest.State.CHANGED, "", "", "", -1)
                    : digest, owner));
            if (owner != null) {
                packages.put(dpkg.purl(owner.owner()), owner.owner());
            }
        }
        return new Findings(run, items, new LinkedHashMap<>(packages));
    }

    List<Item> inputs() {
        return files.stream().filter(item -> item.file().use() == RunFile.Use.INPUT).toList();
    }

    /** Written, still there, and known to be as the run left them. */
    List<Item> products() {
        return files.stream().filter(item -> item.file().isWritten() && item.file().use() != RunFile.Use.TEMPORARY
                && item.digest().isKnown()).toList();
    }

    /** Written, and gone or changed since. */
    List<Item> others() {
        return files.stream().filter(item -> item.file().isWritten() && !(item.file().use() != RunFile.Use.TEMPORARY
                && item.digest().isKnown())).toList();
    }

    String command() {
        return run.session().command();
    }
}
