// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.query.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A picture of the answer as SVG, laid out by Graphviz's {@code dot}, which runs as a child process. */
public final class SvgFormat implements AnswerFormat {
    private final String program;

    public SvgFormat() {
        this("dot");
    }

    /**
     * @param program the name or path of Graphviz's dot
     */
    SvgFormat(String program) {
        this.program = program;
    }

    @Override
    public String name() {
        return "svg";
    }

    @Override
    public void write(Answer answer, Detail detail, OutputStream out) throws IOException {
        byte[] dot = DotFormat.dot(answer, detail).getBytes(StandardCharsets.UTF_8);
        Process process;
        try {
            process = new ProcessBuilder(List.of(program, "-Tsvg")).start();
        } catch (IOException e) {
            throw new IOException("cannot draw: Graphviz is missing: program=" + program
                    + ". Install it with: apt-get install graphviz; or use --format dot.", e);
        }
        try {
            // dot reads all before it writes, but its warnings must not fill a pipe that nobody empties.
            CompletableFuture<String> complaints = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            IOException refused = null;
            try (OutputStream in = process.getOutputStream()) {
                in.write(dot);
            } catch (IOException e) {
                // It ended early; its status and its complaint say why better than a broken pipe does.
                refused = e;
            }
            byte[] svg = process.getInputStream().readAllBytes();
            int status = process.waitFor();
            if (status != 0 || refused != null) {
                throw new IOException("Graphviz failed: program=" + program + ", status=" + status + ", says="
                        + complaints.join().strip(), refused);
            }
            out.write(svg);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Graphviz was drawing: program=" + program, e);
        } catch (CompletionException e) {
            throw new IOException("Graphviz failed: program=" + program + ", cause=" + e.getCause(), e);
        } finally {
            process.destroy();
        }
    }

    private static String text(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(unreadable: " + e.getMessage() + ")";
        }
    }
}
