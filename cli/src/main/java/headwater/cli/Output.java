// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The {@code --output} option: standard output, or a file that appears only when it is whole. */
final class Output {
    /** Writes an answer. */
    @FunctionalInterface
    interface Body {
        void write(OutputStream out) throws IOException;
    }

    private Output() {
    }

    static void describe(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-o", "--output").type(Path.class).paramLabel("FILE")
                .description("write to FILE instead of standard output").build());
    }

    static void write(ParseResult parsed, Context context, Body body) throws IOException {
        Path file = parsed.matchedOptionValue("--output", null);
        if (file == null) {
            body.write(context.out());
            return;
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A device or a pipe cannot be replaced.
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                body.write(out);
            }
            return;
        }
        Path target = file.toAbsolutePath();
        Path part = target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
                body.write(out);
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException e) {
            throw new IOException("cannot write: --output=" + file + ", cause=" + e, e);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
