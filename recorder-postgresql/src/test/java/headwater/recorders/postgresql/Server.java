// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.postgresql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server with a cluster of its own, on a UNIX socket and no port, run by a user without rights. For one
 * thread.
 */
final class Server {
    private static final String USER = "postgres";
    private static final long START_MS = 30_000;

    private final Path folder;
    private final Path programs;
    private Process process;

    Server() throws IOException, InterruptedException {
        programs = programs();
        folder = Files.createTempDirectory("headwater-postgresql");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.createDirectory(folder.resolve("socket"));
        if (isRoot()) {
            run(List.of("chown", "-R", USER, folder.toString()));
        }
        run(asUser(programs.resolve("initdb").toString(), "-D", data.toString(), "-U", USER, "-A", "trust", "-E",
                "UTF8", "--locale=C",
                "--no-sync"));
        start();
    }

    private static Path programs() throws IOException {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin")).filter(bin -> Files.exists(bin.resolve("initdb")))
                    .sorted()
                    .reduce((first, second) -> second).orElseThrow(() -> new IOException("no initdb"));
        } catch (IOException e) {
            throw new IOException("no PostgreSQL server here: apt-get install postgresql-15", e);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private List<String> asUser(String... words) {
        List<String> all = new ArrayList<>(isRoot() ? List.of("setpriv", "--reuid=" + USER, "--regid=" + USER,
                "--clear-groups") : List.of());
        all.addAll(List.of(words));
        return all;
    }

    private void run(List<String> words) throws IOException, InterruptedException {
        Process run = new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true).start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (run.waitFor() != 0) {
            throw new IOException("failed: words=" + words + ", said=" + said);
        }
    }

    /** Starts it, and waits until it answers. */
    void start() throws IOException, InterruptedException {
        process = new ProcessBuilder(asUser(programs.resolve("postgres").toString(), "-D", folder.resolve("data")
                .toString(),
                "-k", socketFolder(), "-c", "listen_addresses=", "-c", "shared_buffers=16MB"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile())).start();
        long deadline = System.nanoTime() + START_MS * 1_000_000;
        while (!answers()) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IOException("server does not start: " + Files.readString(folder.resolve("log")));
            }
            Thread.sleep(50);
        }
    }

    private boolean answers() throws IOException, InterruptedException {
        Process psql = new ProcessBuilder("psql", "-h", socketFolder(), "-U", USER, "-c", "select 1", "postgres")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return psql.waitFor() == 0;
    }

    /** Ends it and all of its processes at once, as kill -9. */
    void kill() throws InterruptedException {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor(10, TimeUnit.SECONDS);
        for (ProcessHandle one : all) {
            one.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(e -> one).join();
        }
    }

    String socketFolder() {
        return folder.resolve("socket").toString();
    }

    /** What psql prints for {@code sql}: a line for each row, fields joined by {@code |}, unknown ones empty. */
    List<String> psql(String sql) throws IOException, InterruptedException {
        Process psql = new ProcessBuilder("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", socketFolder(),
                "-U", USER, "-c", sql,
                "postgres").redirectErrorStream(true).start();
        psql.getOutputStream().close();
        List<String> lines = new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        if (psql.waitFor() != 0) {
            throw new IOException("psql: " + lines + ", sql=" + sql);
        }
        return lines;
    }

    /** Ends it and removes what it left. */
    void close() throws IOException, InterruptedException {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
