// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.parquet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** One Parquet file that is being written, row by row. For one thread. */
final class TableFile {
    private static final long ROW_GROUP_BYTES = 32L << 20;

    /** One value after another, in the order of the table's columns. */
    final class Row {
        private final RecordConsumer to;
        private int column;

        private Row(RecordConsumer to) {
            this.to = to;
        }

        private String begin() {
            String name = table.schema().getFieldName(column);
            to.startField(name, column);
            return name;
        }

        private Row end(String name) {
            to.endField(name, column++);
            return this;
        }

        Row put(long value) {
            String name = begin();
            to.addLong(value);
            return end(name);
        }

        Row put(int value) {
            String name = begin();
            to.addInteger(value);
            return end(name);
        }

        Row put(boolean value) {
            String name = begin();
            to.addBoolean(value);
            return end(name);
        }

        Row put(String value) {
            String name = begin();
            to.addBinary(Binary.fromString(value));
            return end(name);
        }

        Row put(byte[] value) {
            String name = begin();
            to.addBinary(Binary.fromConstantByteArray(value));
            return end(name);
        }

        /** A column without a value. */
        Row skip() {
            column++;
            return this;
        }
    }

    /** Fills a row. */
    interface Filler {
        void fill(Row row);
    }

    private final class Support extends WriteSupport<Filler> {
        private RecordConsumer consumer;

        @Override
        @Deprecated
        public WriteContext init(org.apache.hadoop.conf.Configuration configuration) {
            return init((ParquetConfiguration) null);
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return new WriteContext(table.schema(), metadata);
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            consumer = recordConsumer;
        }

        @Override
        public void write(Filler filler) {
            consumer.startMessage();
            filler.fill(new Row(consumer));
            consumer.endMessage();
        }
    }

    private final class Builder extends ParquetWriter.Builder<Filler, Builder> {
        Builder(OutputFile file) {
            super(file);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @Deprecated
        protected WriteSupport<Filler> getWriteSupport(org.apache.hadoop.conf.Configuration configuration) {
            return new Support();
        }

        @Override
        protected WriteSupport<Filler> getWriteSupport(ParquetConfiguration configuration) {
            return new Support();
        }
    }

    private final Tables table;
    private final Path path;
    private final Map<String, String> metadata;
    private final ParquetWriter<Filler> writer;
    private long rows;

    /** @param metadata what stands at the end of the file, for people */
    TableFile(Tables table, Path path, Map<String, String> metadata) throws IOException {
        this.table = table;
        this.path = path;
        this.metadata = metadata;
        Files.deleteIfExists(path);
        writer = new Builder(new LocalOutputFile(path)).withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.ZSTD).withRowGroupSize(ROW_GROUP_BYTES).build();
    }

    void row(Filler filler) throws IOException {
        writer.write(filler);
        rows++;
    }

    long rows() {
        return rows;
    }

    /** Ends it, durably. */
    void finish() throws IOException {
        writer.close();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Gives it up. */
    void abandon() {
        try {
            writer.close();
        } catch (IOException | RuntimeException e) {
            // It counts for nothing.
        }
    }

    Path path() {
        return path;
    }
}
