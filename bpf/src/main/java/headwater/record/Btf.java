// SPDX-License-Identifier: Apache-2.0
package headwater.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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

    private final byte[] btf;
    private final Set<String> functions = new HashSet<>();
    private final Map<String, Integer> tracepointTypes = new HashMap<>();
    /** By type id; of a pointer, the type that it points to, of a function's type, {@code ~} its number of arguments. */
    private int[] links = new int[1024];
    private int types = 1;
    private final Map<String, Map<String, Integer>> structs = new LinkedHashMap<>();
    private final Map<String, Integer> sizes = new LinkedHashMap<>();
    private final Map<String, Map<String, Integer>> enums = new LinkedHashMap<>();
    private final long strings;

    private Btf(byte[] btf) {
        this.btf = btf;
        if (btf.length < 24 || (number(0) & 0xffff) != MAGIC) {
            throw new IllegalArgumentException("not BTF: bytes=" + btf.length);
        }
        int header = number(4);
        long first = header + (long) number(8);
        long end = first + number(12);
        strings = header + (long) number(16);
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
        return new Btf(btf);
    }

    /** By single bytes: a recorder that starts reads the kernel's, a hundred and fifty thousand types, before anything is compiled. */
    private int number(long at) {
        int from = (int) Objects.checkIndex(at, btf.length - 3L);
        return btf[from] & 0xff | (btf[from + 1] & 0xff) << 8 | (btf[from + 2] & 0xff) << 16 | btf[from + 3] << 24;
    }

    private long type(long at) {
        int info = number(at + 4);
        int kind = info >>> 24 & 0x1f;
        int count = info & 0xffff;
        long next = at + 12;
        return switch (kind) {
            case KIND_INT, KIND_VAR, KIND_DECL_TAG -> next + 4;
            case KIND_ARRAY -> next + 12;
            case KIND_STRUCT, KIND_UNION -> struct(at, next, count, info < 0);
            case KIND_ENUM -> enumeration(at, next, count);
            case KIND_FUNC_PROTO -> {
                links[types] = ~count;
                yield next + 8L * count;
            }
            case KIND_POINTER -> {
                links[types] = number(at + 8);
                yield next;
            }
            case KIND_TYPEDEF -> {
                String name = string(number(at));
                if (name.startsWith(TRACEPOINT)) {
                    tracepointTypes.put(name.substring(TRACEPOINT.length()), number(at + 8));
                }
                yield next;
            }
            case KIND_DATASEC, KIND_ENUM64 -> next + 12L * count;
            case KIND_FUNC -> {
                functions.add(string(number(at)));
                yield next;
            }
            default -> next;
        };
    }

    private long struct(long at, long members, int count, boolean bitfields) {
        int nameOffset = number(at);
        // A kernel has tens of thousands; only those of our own objects, which are few, are worth an object each.
        if (nameOffset != 0 && btf.length < 1 << 20) {
            Map<String, Integer> fields = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                int bits = number(members + 12L * i + 8);
                fields.put(string(number(members + 12L * i)), (bitfields ? bits & 0xffffff : bits) / 8);
            }
            String name = string(nameOffset);
            structs.put(name, fields);
            sizes.put(name, number(at + 8));
        }
        return members + 12L * count;
    }

    private long enumeration(long at, long members, int count) {
        int nameOffset = number(at);
        if (nameOffset != 0 && btf.length < 1 << 20) {
            Map<String, Integer> values = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                values.put(string(number(members + 8L * i)), number(members + 8L * i + 4));
            }
            enums.put(string(nameOffset), values);
        }
        return members + 8L * count;
    }

    private String string(int offset) {
        int start = (int) Objects.checkIndex(strings + offset, (long) btf.length);
        int end = start;
        while (end < btf.length && btf[end] != 0) {
            end++;
        }
        if (end == btf.length) {
            throw new IndexOutOfBoundsException("BTF ends within a name: name at=" + start + ", bytes=" + btf.length);
        }
        return new String(btf, start, end - start, StandardCharsets.ISO_8859_1);
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

    /** The constants of an enum, in their order; null if there is no such enum. */
    public Map<String, Integer> constants(String enumeration) {
        return enums.get(enumeration);
    }

    /** Size of a struct in bytes; null if there is no such struct. */
    public Integer size(String struct) {
        return sizes.get(struct);
    }
}
