// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which package a file is of, by dpkg's own files: {@code info/*.list}, {@code info/*.md5sums}, {@code status},
 * {@code diversions}. On a merged /usr a file of {@code /usr/lib} may be listed as one of {@code /lib}, and the other
 * way round.
 */
public final class DpkgDatabase {
    private static final List<String> MERGED = List.of("/bin/", "/sbin/", "/lib/", "/lib32/", "/lib64/", "/libx32/");

    /**
     * An installed package.
     *
     * @param source the source package's name; its own if the status does not name another
     */
    public record Package(String name, String version, String architecture, String source, String maintainer) {
    }

    /**
     * A file's place in a package.
     *
     * @param md5 that the package says it has, empty if it says none (a configuration file)
     */
    public record Owner(Package owner, String md5) {
    }

    private final Path folder;
    private final String distribution;
    private final String release;

    /**
     * @param folder {@code /var/lib/dpkg}
     * @param osRelease {@code /etc/os-release}, which names the distribution
     */
    public DpkgDatabase(Path folder, Path osRelease) {
        this.folder = folder;
        Map<String, String> os = osRelease(osRelease);
        distribution = os.getOrDefault("ID", "debian");
        release = os.getOrDefault("VERSION_ID", "");
    }

    public static DpkgDatabase ofThisMachine() {
        return new DpkgDatabase(Path.of("/var/lib/dpkg"), Path.of("/etc/os-release"));
    }

    private static Map<String, String> osRelease(Path file) {
        Map<String, String> os = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    os.put(line.substring(0, equals), line.substring(equals + 1).replace("\"", ""));
                }
            }
        } catch (IOException e) {
            // A machine that does not say what it is: the package URLs say no release.
            return os;
        }
        return os;
    }

    /** The package URL of a package: {@code pkg:deb/debian/NAME@VERSION?arch=ARCH&distro=…}. */
    public String purl(Package one) {
        String version = one.version().replace("%", "%25").replace("+", "%2B").replace(":", "%3A");
        return "pkg:deb/" + distribution + "/" + one.name().replace("+", "%2B") + "@" + version + "?arch="
                + one.architecture()
                + (release.isEmpty() ? "" : "&distro=" + distribution + "-" + release);
    }

    /**
     * The owners of those of the paths that have one.
     *
     * @throws IOException if dpkg's files are there and cannot be read
     */
    public Map<String, Owner> owners(Collection<String> paths) throws IOException {
        Map<String, Owner> owners = new HashMap<>();
        if (!Files.isDirectory(folder.resolve("info"))) {
            return owners;
        }
        Map<String, String> diverted = new HashMap<>();
        Map<String, String> diverter = new HashMap<>();
        diversions(diverted, diverter);
        // What each listed name stands for, of the paths that are asked for.
        Map<String, List<String>> wanted = new HashMap<>();
        for (String path : paths) {
            for (String name : names(diverted.getOrDefault(path, path))) {
                wanted.computeIfAbsent(name, key -> new ArrayList<>(1)).add(path);
            }
        }
        Map<String, Package> installed = status();
        try (DirectoryStream<Path> lists = Files.newDirectoryStream(folder.resolve("info"), "*.list")) {
            for (Path list : lists) {
                String file = list.getFileName().toString();
                String name = file.substring(0, file.length() - ".list".length());
                Package owner = installed.get(name);
                if (owner != null) {
                    list(list, name, owner, wanted, diverted, diverter, owners);
                }
            }
        }
        return owners;
    }

    private void list(Path list, String name, Package owner,
            Map<String, List<String>> wanted, Map<String, String> diverted,
            Map<String, String> diverter, Map<String, Owner> owners) throws IOException {
        Set<String> found = new HashSet<>();
        try (BufferedReader lines = Files.newBufferedReader(list, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String by = diverter.get(line);
                for (String path : wanted.getOrDefault(line, List.of())) {
                    // At the name itself is the file of the package that diverted it; the other's is where it was
                    // diverted to.
                    boolean moved = diverted.containsKey(path);
                    if (by == null || moved != by.equals(owner.name())) {
                        owners.put(path, new Owner(owner, ""));
                        found.add(path);
                    }
                }
            }
        }
        Path sums = folder.resolve("info").resolve(name + ".md5sums");
        if (!found.isEmpty() && Files.exists(sums)) {
            try (BufferedReader lines = Files.newBufferedReader(sums, StandardCharsets.ISO_8859_1)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    List<String> sought = line.length() > 34 ? wanted.get('/' + line.substring(34)) : null;
                    for (String path : sought == null ? List.<String>of() : sought) {
                        if (found.contains(path)) {
                            owners.put(path, new Owner(owner, line.substring(0, 32)));
                        }
                    }
                }
            }
        }
    }

    private static List<String> names(String path) {
        List<String> names = new ArrayList<>(List.of(path));
        for (String merged : MERGED) {
            if (path.startsWith(merged)) {
                names.add("/usr" + path);
            } else if (path.startsWith("/usr" + merged)) {
                names.add(path.substring("/usr".length()));
            }
        }
        return names;
    }

    /** Three lines each: the name, where it was diverted to, the package that did so. */
    private void diversions(Map<String, String> diverted, Map<String, String> diverter) throws IOException {
        Path file = folder.resolve("diversions");
        if (!Files.exists(file)) {
            return;
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        for (int i = 0; i + 2 < lines.size(); i += 3) {
            diverted.put(lines.get(i + 1), lines.get(i));
            diverter.put(lines.get(i), lines.get(i + 2));
        }
    }

    private Map<String, Package> status() throws IOException {
        Map<String, Package> installed = new HashMap<>();
        Map<String, String> fields = new HashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(folder.resolve("status"), StandardCharsets.UTF_8)) {
            for (String line = lines.readLine();; line = lines.readLine()) {
                if (line == null || line.isEmpty()) {
                    put(installed, fields);
                    fields.clear();
                    if (line == null) {
                        return installed;
                    }
                    continue;
                }
                int colon = line.indexOf(": ");
                if (colon > 0 && line.charAt(0) != ' ') {
                    fields.put(line.substring(0, colon), line.substring(colon + 2));
                }
            }
        }
    }

    private static void put(Map<String, Package> installed, Map<String, String> fields) {
        String name = fields.get("Package");
        if (name == null || !fields.getOrDefault("Status", "").endsWith(" installed")) {
            return;
        }
        String architecture = fields.getOrDefault("Architecture", "");
        String source = fields.getOrDefault("Source", name);
        int blank = source.indexOf(' ');
        Package one = new Package(name, fields.getOrDefault("Version", ""), architecture, blank < 0 ? source
                : source.substring(0, blank),
                fields.getOrDefault("Maintainer", ""));
        // Of a package that may be there for several architectures, dpkg names the lists NAME:ARCH.
        if (fields.getOrDefault("Multi-Arch", "").equals("same")) {
            installed.put(name + ':' + architecture, one);
        }
        installed.putIfAbsent(name, one);
    }
}
