// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Attribute;
import java.lang.foreign.MemorySegment;

/** What the log says beyond an index file: the rows, and the groups by which they are found. Immutable. */
final class Overlay {
    final GraphTables tables;
    final MemorySegment strings;
    /** Node rows by object. */
    final Chains versions;
    /** Edge rows by effect. */
    final Chains causes;
    /** Edge rows by cause. */
    final Chains effects;
    /** Attribute rows by object. */
    final Chains attributes;
    /** Rows of indexed attributes by {@link IndexFormat#hash}. */
    private final Chains values;

    /** @param tables take no more events from now on */
    Overlay(GraphTables tables) {
        this.tables = tables;
        this.strings = tables.strings();
        versions = new Chains(tables.nodes.rows());
        for (int row = 0; row < tables.nodes.rows(); row++) {
            versions.add(tables.nodes.intAt(row, IndexFormat.NODE_OBJECT), row);
        }
        causes = new Chains(tables.edges.rows());
        effects = new Chains(tables.edges.rows());
        for (int row = 0; row < tables.edges.rows(); row++) {
            causes.add(tables.edges.intAt(row, IndexFormat.EDGE_EFFECT), row);
            effects.add(tables.edges.intAt(row, IndexFormat.EDGE_CAUSE), row);
        }
        attributes = new Chains(tables.attributes.rows());
        values = new Chains(tables.attributes.rows());
        for (int row = 0; row < tables.attributes.rows(); row++) {
            attributes.add(tables.attributes.intAt(row, GraphTables.ATTRIBUTE_OBJECT), row);
            int code = tables.attributes.intAt(row, IndexFormat.VALUE_CODE);
            if (Attribute.ofCode(code).indexed()) {
                values.add(hash(row, code), row);
            }
        }
    }

    /** Adds the objects that were given this number. */
    void find(int code, long number, ObjectList found) {
        RowTable rows = tables.attributes;
        for (int row = values.first(IndexFormat.hash(code, number)); row >= 0; row = values.next(row)) {
            if (rows.intAt(row, IndexFormat.VALUE_CODE) == code && rows.intAt(row, IndexFormat.VALUE_LENGTH) < 0
                    && rows.longAt(row, IndexFormat.VALUE_NUMBER) == number) {
                found.add(rows.intAt(row, GraphTables.ATTRIBUTE_OBJECT));
            }
        }
    }

    /** Adds the objects that were given this string. */
    void find(int code, byte[] value, ObjectList found) {
        MemorySegment wanted = MemorySegment.ofArray(value);
        RowTable rows = tables.attributes;
        int first = values.first(IndexFormat.hash(code, wanted, 0, value.length));
        for (int row = first; row >= 0; row = values.next(row)) {
            long start = rows.longAt(row, IndexFormat.VALUE_NUMBER);
            if (rows.intAt(row, IndexFormat.VALUE_CODE) == code
                    && rows.intAt(row, IndexFormat.VALUE_LENGTH) == value.length
                    && MemorySegment.mismatch(strings, start, start + value.length, wanted, 0, value.length) < 0) {
                found.add(rows.intAt(row, GraphTables.ATTRIBUTE_OBJECT));
            }
        }
    }

    private int hash(int row, int code) {
        long number = tables.attributes.longAt(row, IndexFormat.VALUE_NUMBER);
        int length = tables.attributes.intAt(row, IndexFormat.VALUE_LENGTH);
        return length < 0 ? IndexFormat.hash(code, number) : IndexFormat.hash(code, strings, number, length);
    }
}
