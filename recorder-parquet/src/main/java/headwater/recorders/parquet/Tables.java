// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.parquet;

import java.util.Arrays;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** The tables and their columns (docs/recorders-parquet.md); a type with {@code ?} behind it may lack a value. */
enum Tables {
    NODES("node long", "object long", "version int", "kind text", "class text", "time time", "session int"),
    EDGES("edge long", "relation text", "class text", "cause long", "effect long", "time time", "task long?",
    "flags long",
            "offset long?", "telling boolean", "session int"),
    ATTRIBUTES("sequence long", "object long", "attribute text", "time time", "number long?", "text text?",
    "bytes bytes?", "session int"),
    SESSIONS("session int", "event text", "time time", "boot_number int?", "machine_id long?", "boot_id text?",
    "front_end text?",
            "scope text?", "command text?", "on_loss text?"),
    GAPS("sequence long", "cause text", "kind text", "cpu int", "from_time time", "to_time time", "count long",
    "session int");

    private final MessageType schema;

    Tables(String... columns) {
        schema = new MessageType(folder(), Arrays.stream(columns).map(Tables::column).toList());
    }

    private static Type column(String column) {
        String name = column.substring(0, column.indexOf(' '));
        String type = column.substring(column.indexOf(' ') + 1);
        Repetition repetition = type.endsWith("?") ? Repetition.OPTIONAL : Repetition.REQUIRED;
        PrimitiveTypeName primitive = switch (type.replace("?", "")) {
            case "int" -> PrimitiveTypeName.INT32;
            case "long", "time" -> PrimitiveTypeName.INT64;
            case "boolean" -> PrimitiveTypeName.BOOLEAN;
            default -> PrimitiveTypeName.BINARY;
        };
        LogicalTypeAnnotation meaning = switch (type.replace("?", "")) {
            case "time" -> LogicalTypeAnnotation.timestampType(true, TimeUnit.NANOS);
            case "text" -> LogicalTypeAnnotation.stringType();
            default -> null;
        };
        Types.PrimitiveBuilder<PrimitiveType> builder = Types.primitive(primitive, repetition);
        return meaning == null ? builder.named(name) : builder.as(meaning).named(name);
    }

    /** The name of the table's folder. */
    String folder() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    MessageType schema() {
        return schema;
    }

    /** All, in the order in which their files are put in place: what is named before what names it. */
    static List<Tables> inOrder() {
        return List.of(SESSIONS, GAPS, NODES, ATTRIBUTES, EDGES);
    }
}
