// SPDX-License-Identifier: Apache-2.0
package headwater.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Java's idea of the records against the compiler's, for each object that goes into a kernel. A field's constant is called as the field,
 * in capitals, behind the prefix of its struct or, where several structs have it in one place, without; the size of the struct is BYTES.
 */
class RecordLayoutTest {
    @ParameterizedTest
    @ValueSource(strings = {"trace", "lsm"})
    void fieldsLieWhereTheCompilerPutThem(String object) throws ReflectiveOperationException {
        Btf btf = Btf.parse(ElfSection.read(KernelObjects.read(object), ".BTF"));

        whole(btf, RecordLayout.class, "record_head", "HEAD_", "time type op flags arg object state");
        whole(btf, RecordLayout.class, "flow_record", "FLOW_", "from from_state extra task");
        whole(btf, RecordLayout.class, "inode_record", "INODE_", "ino dev generation mode uid gid links");
        whole(btf, RecordLayout.class, "task_record", "TASK_", "from from_state process parent started tid tgid ppid vpid uid gid"
                + " namespaces command euid egid fsuid fsgid capabilities cgroup");
        whole(btf, RecordLayout.class, "file_system_record", "FILE_SYSTEM_", "dev instance magic uuid type");
        whole(btf, RecordLayout.class, "address_record", "ADDRESS_", "family socket_type protocol local_port remote_port path_bytes"
                + " netns local remote path");
        whole(btf, RecordLayout.class, "packet_record", "PACKET_", "from from_state sender receiver sender_port receiver_port protocol"
                + " id sequence flow_label segment_bytes netns");
        whole(btf, LaneLayout.class, "lane", "", "unwritten refused lost");
        whole(btf, ConfigLayout.class, "config", "", "whole_system self on_loss refuse_from backlog_max");
        whole(btf, RecordLayout.class, "root_key", "ROOT_", "ino dev");
        for (String struct : List.of("name_short", "name_small", "name_large")) {
            at(btf, struct, "root", RecordLayout.NAME_ROOT);
            at(btf, struct, "text", RecordLayout.NAME_TEXT);
        }
        for (String struct : List.of("args_small", "args_large")) {
            at(btf, struct, "text", RecordLayout.TEXT);
        }
        for (String struct : List.of("line_small", "line_large")) {
            at(btf, struct, "task", RecordLayout.LINE_TASK);
            at(btf, struct, "rules", RecordLayout.LINE_RULES);
            at(btf, struct, "cgroup", RecordLayout.LINE_CGROUP);
            at(btf, struct, "uid", RecordLayout.LINE_UID);
            at(btf, struct, "captured", RecordLayout.LINE_CAPTURED);
            at(btf, struct, "text", RecordLayout.LINE_TEXT);
        }
        whole(btf, LinesLayout.class, "lines", "", "active sockets generation plain");
        whole(btf, LinesLayout.class, "line_place", "PLACE_", "directory dev hash");
        whole(btf, LinesLayout.class, "line_rules", "RULES_", "rules length name");
        whole(btf, LinesLayout.class, "line_request", "REQUEST_", "directory dev fd");
        for (String struct : List.of("packet_content_small", "packet_content_large")) {
            at(btf, struct, "captured", RecordLayout.CONTENT_CAPTURED);
            at(btf, struct, "content", RecordLayout.CONTENT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"trace", "lsm"})
    void policyLiesWhereTheCompilerPutIt(String object) throws ReflectiveOperationException {
        Btf btf = Btf.parse(ElfSection.read(KernelObjects.read(object), ".BTF"));

        whole(btf, PolicyLayout.class, "policy", "", "selected unselected active partial objects targets addresses no_strings"
                + " security_module security_offset operations spread_operations kinds spread_kinds");
        whole(btf, PolicyLayout.class, "target_key", "KEY_", "id kind");
        whole(btf, PolicyLayout.class, "marking", "MARKING_", "taint set clear");
        whole(btf, PolicyLayout.class, "address_target", "ADDRESS_", "address mask marking port egress");
        whole(btf, PolicyLayout.class, "marked_key", "MARKED_", "file_system ino generation");
        whole(btf, PolicyLayout.class, "marking_request", "REQUEST_", "marking process fd done marks taint key uuid type recorded");
        whole(btf, PolicyLayout.class, "security_request", "SECURITY_REQUEST_", "sizes thread module offset created");
    }

    @Test
    void groupsOfCallsHaveTheNumbersThatTheKernelSideGivesThem() {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (CallGroup group : CallGroup.values()) {
            numbers.put("GROUP_" + group, group.ordinal());
        }
        numbers.put("GROUPS", CallGroup.values().length);
        assertEquals(numbers, Btf.parse(ElfSection.read(KernelObjects.read("trace"), ".BTF")).constants("group"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"paths_short", "paths_small", "paths_record"})
    void pathsLieWhereTheCompilerPutThem(String struct) {
        Btf btf = Btf.parse(ElfSection.read(KernelObjects.read("trace"), ".BTF"));

        at(btf, struct, "task", RecordLayout.PATHS_TASK);
        at(btf, struct, "extra", RecordLayout.PATHS_EXTRA);
        at(btf, struct, "length", RecordLayout.PATHS_LENGTHS);
        at(btf, struct, "root", RecordLayout.PATHS_ROOTS);
        at(btf, struct, "text", RecordLayout.PATHS_TEXT);
    }

    /** The fields that are named, and the size of the struct. */
    private static void whole(Btf btf, Class<?> layout, String struct, String prefix, String fields)
            throws ReflectiveOperationException {
        Map<String, Integer> constants = new HashMap<>();
        for (Field constant : layout.getDeclaredFields()) {
            if (Modifier.isStatic(constant.getModifiers()) && constant.getType() == int.class) {
                constants.put(constant.getName(), constant.getInt(null));
            }
        }
        for (String field : fields.split(" ")) {
            String name = field.toUpperCase(Locale.ROOT);
            Integer expected = constants.getOrDefault(prefix + name, constants.get(name));
            assertNotNull(expected, () -> "no constant: layout=" + layout.getSimpleName() + ", field=" + struct + "." + field);
            at(btf, struct, field, expected);
        }
        assertEquals(constants.get(prefix + "BYTES"), btf.size(struct), () -> "size of " + struct);
    }

    private static void at(Btf btf, String struct, String field, int expected) {
        assertNotNull(btf.fields(struct), () -> "no such struct in the object: " + struct);
        assertEquals(expected, btf.fields(struct).get(field), () -> struct + "." + field);
    }
}
