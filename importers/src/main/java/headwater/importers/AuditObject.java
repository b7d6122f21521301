// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.model.NodeKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something of an audit log that has versions. Its identifiers are of CamFlow's form, so that versions are known as
 * such.
 */
final class AuditObject {
    private static final int IDENTIFIER_BYTES = 32;

    final NodeKind kind;
    final Map<String, String> attributes = new LinkedHashMap<>();
    private final long number;
    private int version;
    /** True if something has flowed out of the newest version: it may take nothing more. */
    boolean cause;
    /** True if the newest version has been told of. */
    boolean told;

    AuditObject(NodeKind kind, long number) {
        this.kind = kind;
        this.number = number;
    }

    long number() {
        return number;
    }

    int version() {
        return version;
    }

    void next() {
        version++;
        cause = false;
        told = false;
    }

    /** A new value is told of with the next statement. */
    void put(String key, String value) {
        if (value != null && !value.isEmpty() && !value.equals(attributes.put(key, value))) {
            told = false;
        }
    }

    String id() {
        ByteBuffer bytes = ByteBuffer.allocate(IDENTIFIER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(kind.typeWord()).putLong(number).putInt(0).putInt(0).putInt(version);
        return "cf:" + Base64.getEncoder().encodeToString(bytes.array());
    }
}
