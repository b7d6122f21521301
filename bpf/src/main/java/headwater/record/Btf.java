// SPDX-License-Identifier: Apache-2.0
package headwater.record;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * BTF, the kernel's type information (Documentation/bpf/btf.rst): as much of it as is needed to know which functions and
 * tracepoints a kernel has and where the fields of a struct lie.
 *
 * <pre>
 *   0     2   3   4       8        12       16       20       24
 *   +-----+---+---+-------+--------+--------+--------+--------+
 *   |magic|ver|flg|hdr len|type off|type len|str off |str len |   offsets from the end of the header
 *   +-----+---+---+-------+--------+--------+--------+--------+
 *   type:   name offset u32 | info u32: vlen 0-15, kind 24-28, flag 31 | size or type u32 | by kind
 * </pre>
 */
public final class Btf {
    private static final int MAGIC = 0xeb9f;
    private static final int KIND_INT = 1;
    private static final int KIND_POINTER = 2;
    private static final int KIND_ARRAY = 3;
    private static final int KIND_STRUCT = 4;
    private static final int KIND_UNION = 5;
    private static final int KIND_ENUM = 6;
    private static final int KIND_TYPEDEF = 8;
    private static final int KIND_FUNC = 12;
    private static final int KIND_FUNC_PROTO = 13;
    private static final int KIND_VAR = 14;
    private static final int KIND_DATASEC = 15;
    private static final int KIND_DECL_TAG = 17;
    private static final int KIND_ENUM64 = 19;

    /** The kernel names the type of each tracepoint's probe so. */
    private static final String TRACEPOINT = "btf_trace_";

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final MemorySegment btf;
    private final Set<String> functions = new HashSet<>();
    private final Map<String, Integer> tracepointTypes = new HashMap<>();
    /** By type id; of a pointer, the type that it points to, of a function's type, {@code ~} its number of arguments. */
    private int[] links = new int[1024];
    private int types = 1;
    private final Map<String, Map<String, Integer>> structs = new LinkedHashMap<>();
    private final Map<String, Integer> sizes = new LinkedHashMap<>();
    private final long strings;

    private Btf(MemorySegment btf) {
        this.btf = btf;
        if (btf.byteSize() < 24 || (btf.get(ValueLayout.JAVA_SHORT_UNALIGNED, 0) & 0xffff) != MAGIC) {
            throw new IllegalArgumentException("not BTF: bytes=" + btf.byteSize());
        }
        int header = btf.get(INT, 4);
        long first = header + (long) btf.get(INT, 8);
        long end = first + btf.get(INT, 12);
        strings = header + (long) btf.get(INT, 16);
        long at = first;
        while (at < end) {
            if (types == links.length) {
                links = Arrays.copyOf(links, types * 2);
            }
            at = type(at);
            types++;
        }
    }

    /**
     * Reads BTF, such as /sys/kernel/btf/vmlinux.
     *
     * @throws IllegalArgumentException if it is none
     * @throws IndexOutOfBoundsException if it is cut
     */
    public static Btf parse(byte[] btf) {
        return new Btf(MemorySegment.ofArray(btf));
    }

    private long type(long at) {
        int info = btf.get(INT, at + 4);
        int kind = info >>> 24 & 0x1f;
        int count = info & 0xffff;
        long next = at + 12;
        return switch (kind) {
            case KIND_INT, KIND_VAR, KIND_DECL_TAG -> next + 4;
            case KIND_ARRAY -> next + 12;
            case KIND_STRUCT, KIND_UNION -> struct(at, next, count, info < 0);
            case KIND_ENUM -> next + 8L * count;
            case KIND_FUNC_PROTO -> {
                links[types] = ~count;
                yield next + 8L * count;
            }
            case KIND_POINTER -> {
                links[types] = btf.get(INT, at + 8);
                yield next;
            }
            case KIND_TYPEDEF -> {
                String name = string(btf.get(INT, at));
                if (name.startsWith(TRACEPOINT)) {
                    tracepointTypes.put(name.substring(TRACEPOINT.length()), btf.get(INT, at + 8));
                }
                yield next;
            }
            case KIND_DATASEC, KIND_ENUM64 -> next + 12L * count;
            case KIND_FUNC -> {
                functions.add(string(btf.get(INT, at)));
                yield next;
            }
            default -> next;
        };
    }

    private long struct(long at, long members, int count, boolean bitfields) {
        int nameOffset = btf.get(INT, at);
        // A kernel has tens of thousands; only those of our own objects, which are few, are worth an object each.
        if (nameOffset != 0 && btf.byteSize() < 1 << 20) {
            Map<String, Integer> fields = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                int bits = btf.get(INT, members + 12L * i + 8);
                fields.put(string(btf.get(INT, members + 12L * i)), (bitfields ? bits & 0xffffff : bits) / 8);
            }
            String name = string(nameOffset);
            structs.put(name, fields);
            sizes.put(name, btf.get(INT, at + 8));
        }
        return members + 12L * count;
    }

    private String string(int offset) {
        long start = strings + offset;
        long end = start;
        while (btf.get(ValueLayout.JAVA_BYTE, end) != 0) {
            end++;
        }
        return new String(btf.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /** The names of all functions. */
    public Set<String> functions() {
        return functions;
    }

    /** The tracepoints, with the number of arguments that each hands to a program. */
    public Map<String, Integer> tracepoints() {
        Map<String, Integer> arguments = new HashMap<>();
        tracepointTypes.forEach((name, type) -> {
            int function = linked(linked(type));
            // The first is the probe's own.
            if (function < ~0) {
                arguments.put(name, ~function - 1);
            }
        });
        return arguments;
    }

    private int linked(int type) {
        return type > 0 && type < types ? links[type] : 0;
    }

    /** Byte offsets of the fields of a struct; null if there is no such struct. */
    public Map<String, Integer> fields(String struct) {
        return structs.get(struct);
    }

    /** Size of a struct in bytes; null if there is no such struct. */
    public Integer size(String struct) {
        return sizes.get(struct);
    }
}
