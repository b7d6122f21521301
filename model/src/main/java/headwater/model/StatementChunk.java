// SPDX-License-Identifier: Apache-2.0
package headwater.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The statements of imported evidence as they were written, for up to {@value #NUMBERS} nodes or edges whose numbers
 * follow one another: what the graph's own vocabulary has no place for is not lost. One chunk is the value of
 * {@link Attribute#STATEMENTS} of an object of kind {@link NodeKind#STATEMENTS}; {@link Attribute#STATEMENTS_OF} says
 * of what. Several objects may have the same key.
 *
 * <pre>
 * Chunk     --> zlib of Statement*
 * Statement --> u8 1, i64 number, u8 dialect, text section, text id, text bundle, text body      big-endian
 * text      --> i32 length, UTF-8 bytes
 * </pre>
 */
public final class StatementChunk {
    /** Nodes or edges of one chunk. */
    public static final int NUMBERS = 256;
    /** Bytes of statements after which a chunk is closed early. */
    public static final int FULL_BYTES = 256 << 10;
    /** Most characters of a statement's body, so that a chunk of incompressible ones is still an attribute's value. */
    public static final int MAX_BODY_CHARS = 200_000;
    /** Most bytes that a chunk unpacks to. */
    private static final int MAX_BYTES = 4 << 20;

    /** In which words a statement is written. */
    public enum Dialect {
        /** A member of a PROV-JSON section. */
        PROV_JSON,
        /** The annotations of a SPADE JSON record. */
        SPADE
    }

    /**
     * One statement.
     *
     * @param number of the node or edge that it is about; 0 for a prefix
     * @param section PROV-JSON's, such as {@code used}; {@code prefix} for what a prefix stands for
     * @param id as the source has it; empty if it has none
     * @param bundle in which it stands; empty for none
     * @param body one JSON object; of SPADE, the annotations, and of its edges also {@code from} and {@code to}
     */
    public record Statement(long number, Dialect dialect, String section, String id, String bundle, String body) {
    }

    private StatementChunk() {
    }

    /** Where the statements of a node or an edge stand: negative for edges. */
    public static long key(boolean edge, long number) {
        long chunk = number / NUMBERS + 1;
        return edge ? -chunk : chunk;
    }

    /** Where the prefixes of a session stand. */
    public static long prefixKey(int session) {
        return Long.MIN_VALUE / 2 + session;
    }

    public static byte[] pack(List<Statement> statements) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater deflater = new Deflater();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, deflater, 1 << 13))) {
            for (Statement statement : statements) {
                put(out, statement);
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory refused bytes", e);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    /** One statement, not packed. */
    public static byte[] plain(Statement statement) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            put(out, statement);
        } catch (IOException e) {
            throw new IllegalStateException("memory refused bytes", e);
        }
        return bytes.toByteArray();
    }

    /** The statement that {@link #plain} made {@code bytes} of. */
    public static Statement ofPlain(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return in.read() == 1 ? take(in, new int[] {MAX_BYTES}) : null;
        } catch (IOException e) {
            throw new IllegalArgumentException("a statement is damaged: bytes=" + bytes.length + ", cause="
                    + e.getMessage(), e);
        }
    }

    /**
     * @throws IllegalArgumentException if {@code chunk} is not one, saying why
     */
    public static List<Statement> unpack(byte[] chunk) {
        List<Statement> statements = new ArrayList<>();
        int[] left = {MAX_BYTES};
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(chunk)))) {
            for (int more = in.read(); more == 1; more = in.read()) {
                statements.add(take(in, left));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("statements are damaged: bytes=" + chunk.length + ", cause="
                    + e.getMessage(), e);
        }
        return statements;
    }

    private static void put(DataOutputStream out, Statement statement) throws IOException {
        out.writeByte(1);
        out.writeLong(statement.number());
        out.writeByte(statement.dialect().ordinal());
        put(out, statement.section());
        put(out, statement.id());
        put(out, statement.bundle());
        put(out, statement.body());
    }

    private static Statement take(DataInputStream in, int[] left) throws IOException {
        long number = in.readLong();
        int dialect = in.readUnsignedByte();
        if (dialect >= Dialect.values().length) {
            throw new IOException("unknown dialect: " + dialect);
        }
        return new Statement(number, Dialect.values()[dialect], text(in, left), text(in, left), text(in, left),
                text(in, left));
    }

    private static void put(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in, int[] left) throws IOException {
        int length = in.readInt();
        left[0] -= length;
        if (length < 0 || left[0] < 0) {
            throw new IOException("length out of range: " + length);
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
