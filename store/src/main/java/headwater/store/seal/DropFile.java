// SPDX-License-Identifier: Apache-2.0
package headwater.store.seal;

import headwater.store.StoreDamagedException;
import headwater.store.keys.KeyFolder;
import headwater.store.keys.KeyLine;
import headwater.store.keys.MalformedLineException;
import headwater.store.keys.PublicKeyText;
import headwater.store.keys.SignedLine;
import headwater.store.log.LogRecovery;
import headwater.store.log.SegmentFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The file {@code log/dropped}: a {@link DropStatement} for each time that retention dropped something. A line is on the disk before
 * anything of what it names is deleted. For one thread.
 */
public final class DropFile {
    /** Its name in the log's folder. */
    public static final String NAME = "dropped";

    private final Path path;
    private final List<DropStatement> statements;
    private long length;

    private DropFile(Path path, List<DropStatement> statements, long length) {
        this.path = path;
        this.statements = statements;
        this.length = length;
    }

    /**
     * Reads the file of a store that others may be writing, and checks each line, its place and its signature. What is not whole at the
     * end is passed over.
     *
     * @param log the log's folder
     * @throws StoreDamagedException if a line is not what was written
     */
    public static DropFile read(Path log) throws IOException {
        Path path = log.resolve(NAME);
        if (Files.notExists(path)) {
            return new DropFile(path, new ArrayList<>(), 0);
        }
        String text = Files.readString(path, StandardCharsets.ISO_8859_1);
        int end = text.lastIndexOf('\n') + 1;
        List<KeyLine> keys = KeyFolder.read(log.resolveSibling("keys"));
        List<DropStatement> read = new ArrayList<>();
        long at = 0;
        for (String line : text.substring(0, end).lines().toList()) {
            String fault;
            boolean malformed = false;
            try {
                DropStatement statement = DropStatement.parse(line);
                DropStatement last = read.isEmpty() ? null : read.getLast();
                UUID store = keys.isEmpty() ? statement.store() : keys.getFirst().store();
                fault = statement.fault(store, last);
                PublicKeyText key = keyOf(keys, statement.sequence());
                if (fault == null && (key == null || !key.id().equals(statement.key())
                        || !key.verifies(SignedLine.message(line), statement.signature()))) {
                    fault = "its signature is wrong, or by a key that was not in use: key=" + statement.key();
                }
                read.add(statement);
            } catch (MalformedLineException e) {
                malformed = true;
                fault = e.getMessage();
            }
            boolean newest = at + line.length() + 1 == end;
            if (fault != null && malformed && newest) {
                // A power cut can leave the last line with a hole; nothing that it names was deleted by then.
                return new DropFile(path, read, at);
            }
            if (fault != null) {
                throw new StoreDamagedException(path, at, 0, "what was dropped cannot be told: " + fault);
            }
            at += line.length() + 1;
        }
        return new DropFile(path, read, end);
    }

    private static PublicKeyText keyOf(List<KeyLine> keys, long sequence) {
        PublicKeyText key = null;
        for (KeyLine line : keys) {
            if (line.fromStatement() <= sequence) {
                key = line.key();
            }
        }
        return key;
    }

    /**
     * Puts aside what a crash left of a line; nothing that it names was deleted.
     *
     * @param nowMs names the copy, milliseconds since the Unix epoch
     */
    public void cut(SegmentFile.Opener opener, long nowMs) throws IOException {
        if (Files.exists(path) && Files.size(path) > length) {
            LogRecovery.cut(path, length, opener, nowMs);
        }
    }

    /** The statements, oldest first. */
    public List<DropStatement> statements() {
        return List.copyOf(statements);
    }

    /** The newest, null if nothing was dropped yet. */
    public DropStatement last() {
        return statements.isEmpty() ? null : statements.getLast();
    }

    /** Returns once the statement, which follows {@link #last}, is on the disk; if it throws, it is as if it had not been called. */
    void append(DropStatement statement, SegmentFile.Opener opener) throws IOException {
        boolean create = Files.notExists(path);
        byte[] bytes = (statement.text() + "\n").getBytes(StandardCharsets.US_ASCII);
        try (SegmentFile file = opener.open(path, create)) {
            file.truncate(length);
            file.write(ByteBuffer.wrap(bytes), length);
            file.force(true);
        }
        if (create) {
            opener.syncDirectory(path.getParent());
        }
        length += bytes.length;
        statements.add(statement);
    }
}
