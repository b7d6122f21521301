// SPDX-License-Identifier: Apache-2.0
package headwater.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Java's idea of the records against the compiler's, for each object that goes into a kernel. */
class RecordLayoutTest {
    @ParameterizedTest
    @ValueSource(strings = {"trace", "lsm"})
    void fieldsLieWhereTheCompilerPutThem(String object) {
        Btf btf = Btf.parse(ElfSection.read(KernelObjects.read(object), ".BTF"));

        at(btf, "record_head", "time", RecordLayout.TIME);
        at(btf, "record_head", "type", RecordLayout.TYPE);
        at(btf, "record_head", "op", RecordLayout.OP);
        at(btf, "record_head", "flags", RecordLayout.FLAGS);
        at(btf, "record_head", "arg", RecordLayout.ARG);
        at(btf, "record_head", "object", RecordLayout.OBJECT);
        at(btf, "record_head", "state", RecordLayout.STATE);
        size(btf, "record_head", RecordLayout.HEAD_BYTES);

        at(btf, "flow_record", "from", RecordLayout.FROM);
        at(btf, "flow_record", "from_state", RecordLayout.FROM_STATE);
        at(btf, "flow_record", "extra", RecordLayout.EXTRA);
        at(btf, "flow_record", "task", RecordLayout.TASK);
        size(btf, "flow_record", RecordLayout.FLOW_BYTES);

        at(btf, "inode_record", "ino", RecordLayout.INODE_INO);
        at(btf, "inode_record", "dev", RecordLayout.INODE_DEV);
        at(btf, "inode_record", "generation", RecordLayout.INODE_GENERATION);
        at(btf, "inode_record", "mode", RecordLayout.INODE_MODE);
        at(btf, "inode_record", "uid", RecordLayout.INODE_UID);
        at(btf, "inode_record", "gid", RecordLayout.INODE_GID);
        at(btf, "inode_record", "links", RecordLayout.INODE_LINKS);
        size(btf, "inode_record", RecordLayout.INODE_BYTES);

        at(btf, "task_record", "from", RecordLayout.FROM);
        at(btf, "task_record", "from_state", RecordLayout.FROM_STATE);
        at(btf, "task_record", "process", RecordLayout.TASK_PROCESS);
        at(btf, "task_record", "parent", RecordLayout.TASK_PARENT);
        at(btf, "task_record", "started", RecordLayout.TASK_STARTED);
        at(btf, "task_record", "tid", RecordLayout.TASK_TID);
        at(btf, "task_record", "tgid", RecordLayout.TASK_TGID);
        at(btf, "task_record", "ppid", RecordLayout.TASK_PPID);
        at(btf, "task_record", "vpid", RecordLayout.TASK_VPID);
        at(btf, "task_record", "uid", RecordLayout.TASK_UID);
        at(btf, "task_record", "gid", RecordLayout.TASK_GID);
        at(btf, "task_record", "namespaces", RecordLayout.TASK_NAMESPACES);
        at(btf, "task_record", "command", RecordLayout.TASK_COMMAND);
        at(btf, "task_record", "euid", RecordLayout.TASK_EUID);
        at(btf, "task_record", "egid", RecordLayout.TASK_EGID);
        at(btf, "task_record", "fsuid", RecordLayout.TASK_FSUID);
        at(btf, "task_record", "fsgid", RecordLayout.TASK_FSGID);
        at(btf, "task_record", "capabilities", RecordLayout.TASK_CAPABILITIES);
        at(btf, "task_record", "cgroup", RecordLayout.TASK_CGROUP);
        size(btf, "task_record", RecordLayout.TASK_BYTES);

        at(btf, "file_system_record", "dev", RecordLayout.FILE_SYSTEM_DEV);
        at(btf, "file_system_record", "instance", RecordLayout.FILE_SYSTEM_INSTANCE);
        at(btf, "file_system_record", "magic", RecordLayout.FILE_SYSTEM_MAGIC);
        at(btf, "file_system_record", "uuid", RecordLayout.FILE_SYSTEM_UUID);
        at(btf, "file_system_record", "type", RecordLayout.FILE_SYSTEM_TYPE);
        size(btf, "file_system_record", RecordLayout.FILE_SYSTEM_BYTES);

        at(btf, "name_small", "root", RecordLayout.NAME_ROOT);
        at(btf, "name_small", "text", RecordLayout.NAME_TEXT);
        at(btf, "name_large", "root", RecordLayout.NAME_ROOT);
        at(btf, "name_large", "text", RecordLayout.NAME_TEXT);
        at(btf, "root_key", "ino", RecordLayout.ROOT_INO);
        at(btf, "root_key", "dev", RecordLayout.ROOT_DEV);
        size(btf, "root_key", RecordLayout.ROOT_BYTES);
        at(btf, "args_small", "text", RecordLayout.TEXT);
        at(btf, "args_large", "text", RecordLayout.TEXT);

        at(btf, "address_record", "family", RecordLayout.ADDRESS_FAMILY);
        at(btf, "address_record", "socket_type", RecordLayout.ADDRESS_SOCKET_TYPE);
        at(btf, "address_record", "protocol", RecordLayout.ADDRESS_PROTOCOL);
        at(btf, "address_record", "local_port", RecordLayout.ADDRESS_LOCAL_PORT);
        at(btf, "address_record", "remote_port", RecordLayout.ADDRESS_REMOTE_PORT);
        at(btf, "address_record", "path_bytes", RecordLayout.ADDRESS_PATH_BYTES);
        at(btf, "address_record", "netns", RecordLayout.ADDRESS_NETNS);
        at(btf, "address_record", "local", RecordLayout.ADDRESS_LOCAL);
        at(btf, "address_record", "remote", RecordLayout.ADDRESS_REMOTE);
        at(btf, "address_record", "path", RecordLayout.ADDRESS_PATH);
        size(btf, "address_record", RecordLayout.ADDRESS_BYTES);

        at(btf, "packet_record", "from", RecordLayout.FROM);
        at(btf, "packet_record", "from_state", RecordLayout.FROM_STATE);
        at(btf, "packet_record", "sender", RecordLayout.PACKET_SENDER);
        at(btf, "packet_record", "receiver", RecordLayout.PACKET_RECEIVER);
        at(btf, "packet_record", "sender_port", RecordLayout.PACKET_SENDER_PORT);
        at(btf, "packet_record", "receiver_port", RecordLayout.PACKET_RECEIVER_PORT);
        at(btf, "packet_record", "protocol", RecordLayout.PACKET_PROTOCOL);
        at(btf, "packet_record", "id", RecordLayout.PACKET_ID);
        at(btf, "packet_record", "sequence", RecordLayout.PACKET_SEQUENCE);
        at(btf, "packet_record", "flow_label", RecordLayout.PACKET_FLOW_LABEL);
        at(btf, "packet_record", "segment_bytes", RecordLayout.PACKET_SEGMENT_BYTES);
        at(btf, "packet_record", "netns", RecordLayout.PACKET_NETNS);
        size(btf, "packet_record", RecordLayout.PACKET_BYTES);

        at(btf, "lane", "unwritten", LaneLayout.UNWRITTEN);
        at(btf, "lane", "refused", LaneLayout.REFUSED);
        at(btf, "lane", "lost", LaneLayout.LOST);
        size(btf, "lane", LaneLayout.BYTES);

        at(btf, "config", "whole_system", ConfigLayout.WHOLE_SYSTEM);
        at(btf, "config", "self", ConfigLayout.SELF);
        at(btf, "config", "on_loss", ConfigLayout.ON_LOSS);
        at(btf, "config", "refuse_from", ConfigLayout.REFUSE_FROM);
        at(btf, "config", "backlog_max", ConfigLayout.BACKLOG_MAX);
        size(btf, "config", ConfigLayout.BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"paths_small", "paths_record"})
    void pathsLieWhereTheCompilerPutThem(String struct) {
        Btf btf = Btf.parse(ElfSection.read(KernelObjects.read("trace"), ".BTF"));

        at(btf, struct, "task", RecordLayout.PATHS_TASK);
        at(btf, struct, "extra", RecordLayout.PATHS_EXTRA);
        at(btf, struct, "length", RecordLayout.PATHS_LENGTHS);
        at(btf, struct, "root", RecordLayout.PATHS_ROOTS);
        at(btf, struct, "text", RecordLayout.PATHS_TEXT);
    }

    private static void at(Btf btf, String struct, String field, int expected) {
        assertNotNull(btf.fields(struct), () -> "no such struct in the object: " + struct);
        assertEquals(expected, btf.fields(struct).get(field), () -> struct + "." + field);
    }

    private static void size(Btf btf, String struct, int expected) {
        assertEquals(expected, btf.size(struct), () -> "size of " + struct);
    }
}
