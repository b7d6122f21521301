// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.importers.StatementSink.Position;
import headwater.model.NodeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws audit events. Audit tells of opens, not of reads and writes: an open for reading is drawn as PROV's
 * {@code used}, one for writing as {@code wasGeneratedBy}, of type {@code audit:open_read} and
 * {@code audit:open_write}; what was really read or written is not known, and no edge says so. What is not drawn (calls
 * that failed, calls that are not of a kind below, what programs logged) is kept as a {@code string} that its process
 * logs. Memory grows with the files and processes that the log names. For one thread.
 */
final class AuditGraph {
    private final StatementSink sink;
    private final AuditObjects objects;
    private final Map<String, AuditProcess> processes = new HashMap<>();
    private final Map<String, AuditObject> files = new HashMap<>();
    private final Map<String, AuditObject> sockets = new HashMap<>();

    AuditGraph(StatementSink sink) {
        this.sink = sink;
        this.objects = new AuditObjects(sink);
    }

    /** Draws one event; {@code at} is where its last record stands. */
    void event(List<AuditRecord> event, Position at) {
        AuditRecord call = event.stream().filter(record -> record.type().equals("SYSCALL")).findFirst().orElse(null);
        objects.begin(event.getFirst().timeNs(), at, event);
        if (call == null) {
            log(event, null);
            return;
        }
        AuditProcess process = process(call);
        String name = AuditCalls.name(call.field("arch"), call.field("syscall"));
        boolean success = !"no".equals(call.field("success"));
        if (!success || !draw(name, process, call, event)) {
            log(event, process);
        }
        if (name.equals("exit_group") || name.equals("exit")) {
            processes.remove(call.node() + '/' + call.field("pid"));
        }
    }

    private boolean draw(String name, AuditProcess process, AuditRecord call, List<AuditRecord> event) {
        return switch (name) {
            case "open", "openat", "openat2", "creat" -> open(name, process, call, event);
            case "execve", "execveat" -> exec(process, call, event);
            case "fork", "vfork", "clone", "clone3" -> fork(process, call);
            case "rename", "renameat", "renameat2" -> paths(process, event, "CREATE", "rename");
            case "link", "linkat" -> paths(process, event, "CREATE", "link");
            case "symlink", "symlinkat" -> paths(process, event, "CREATE", "symlink");
            case "mkdir", "mkdirat", "mknod", "mknodat" -> paths(process, event, "CREATE", "inode_create");
            case "unlink", "unlinkat", "rmdir" -> paths(process, event, "DELETE", "unlink");
            case "truncate" -> paths(process, event, "NORMAL", "audit:truncate");
            case "chmod", "fchmodat", "chown", "lchown", "fchownat" -> paths(process, event, "NORMAL", "setattr");
            case "connect", "bind", "sendto", "sendmsg" -> socket(process, event, name.startsWith("send")
                    ? "send_msg" : name, true);
            case "accept", "accept4", "recvfrom", "recvmsg" ->
                    socket(process, event, name.startsWith("recv") ? "receive_msg" : "accept", false);
            case "exit", "exit_group" -> true;
            default -> false;
        };
    }

    private AuditProcess process(AuditRecord call) {
        String key = call.node() + '/' + call.field("pid");
        String ppid = call.field("ppid");
        String exe = call.field("exe") == null ? "" : call.field("exe");
        AuditProcess known = processes.get(key);
        // Its parent is another, and not because that ended: the number was given again, and the end was not audited.
        boolean again = known != null && !known.parent.isEmpty() && ppid != null && !ppid.equals(known.parent)
                && !ppid.equals("1")
                && !exe.equals(known.exe);
        if (known == null || again) {
            AuditProcess parent = ppid == null || ppid.equals("0") ? null : processes.get(call.node() + '/' + ppid);
            if (parent == null && ppid != null && !ppid.equals("0")) {
                parent = new AuditProcess(objects, ppid, "");
                processes.put(call.node() + '/' + ppid, parent);
            }
            known = new AuditProcess(objects, call.field("pid"), ppid == null ? "" : ppid);
            processes.put(key, known);
            if (parent != null) {
                objects.fork(parent, known, "audit:ppid");
            }
        }
        known.parent = known.parent.isEmpty() && ppid != null ? ppid : known.parent;
        known.exe = exe;
        known.tell(call);
        return known;
    }

    private boolean open(String name, AuditProcess process, AuditRecord call, List<AuditRecord> event) {
        AuditRecord path = path(event, "CREATE", "NORMAL");
        if (path == null) {
            return false;
        }
        AuditObject file = file(path, event);
        AuditRecord how = event.stream().filter(record -> record.type().equals("OPENAT2")).findFirst().orElse(null);
        String flags = switch (name) {
            case "creat" -> "O_WRONLY";
            case "open" -> call.field("a1");
            case "openat" -> call.field("a2");
            // Its flags are behind a pointer: without the record that has them, it may be either.
            default -> how == null ? "2" : how.field("oflag");
        };
        int mode = mode(flags);
        if (mode != 1) {
            objects.in(process, file, "audit:open_read");
        }
        if (mode != 0) {
            objects.out(process, file, "CREATE".equals(path.field("nametype")) ? "inode_create" : "audit:open_write");
        }
        return true;
    }

    /** 0 for reading, 1 for writing, 2 for both. */
    private static int mode(String flags) {
        if (flags == null) {
            return 2;
        }
        if (flags.contains("O_")) {
            return flags.contains("O_WRONLY") ? 1 : flags.contains("O_RDWR") ? 2 : 0;
        }
        long bits = JsonBody.parse(flags.startsWith("0") && flags.length() > 1 && flags.charAt(1) != 'x' ? "0x"
                + Long.toHexString(octal(flags))
                : flags.startsWith("0x") ? flags : "0x" + flags, 2);
        return (int) Math.min(bits & 3, 2);
    }

    private static long octal(String digits) {
        return digits.matches("[0-7]{1,20}") ? Long.parseUnsignedLong(digits, 8) : 2;
    }

    private boolean exec(AuditProcess process, AuditRecord call, List<AuditRecord> event) {
        AuditRecord path = path(event, "NORMAL");
        if (path == null) {
            return false;
        }
        List<String> arguments = new ArrayList<>();
        event.stream().filter(record -> record.type().equals("EXECVE")).forEach(record -> arguments(record, arguments));
        objects.exec(process, file(path, event), call.field("exe"), arguments);
        return true;
    }

    private static void arguments(AuditRecord record, List<String> arguments) {
        // a0="sh" a1=2D63 a2_len=15496 a2[0]=6563… a2[1]=…
        Map<Integer, StringBuilder> parts = new java.util.TreeMap<>();
        record.fields().forEach((key, value) -> {
            if (key.matches("a[0-9]{1,6}(\\[[0-9]{1,6}\\])?")) {
                int bracket = key.indexOf('[');
                int number = Integer.parseInt(key.substring(1, bracket < 0 ? key.length() : bracket));
                parts.computeIfAbsent(number, k -> new StringBuilder()).append(value);
            }
        });
        parts.values().forEach(part -> arguments.add(part.toString()));
    }

    private boolean fork(AuditProcess process, AuditRecord call) {
        String child = call.field("exit");
        if (child == null || !child.matches("[1-9][0-9]{0,9}")) {
            return false;
        }
        // The call that made it says that the number is new, whoever had it before.
        AuditProcess made = new AuditProcess(objects, child, call.field("pid"));
        made.exe = process.exe;
        made.inherit(process);
        processes.put(call.node() + '/' + child, made);
        objects.fork(process, made, "clone");
        return true;
    }

    private boolean paths(AuditProcess process, List<AuditRecord> event, String nametype, String relation) {
        boolean any = false;
        for (AuditRecord path : event) {
            if (path.type().equals("PATH") && nametype.equals(path.field("nametype"))) {
                objects.out(process, file(path, event), relation);
                any = true;
            }
        }
        return any;
    }

    private boolean socket(AuditProcess process, List<AuditRecord> event, String relation, boolean out) {
        AuditRecord record = event.stream().filter(one -> one.type().equals("SOCKADDR")).findFirst().orElse(null);
        String[] address = record == null ? null : AuditAddress.of(record.field("saddr"));
        if (address == null) {
            return false;
        }
        AuditObject socket = sockets.computeIfAbsent(process.task.number() + "/" + address[1], key ->
                objects.object(NodeKind.SOCKET, "cf:family", address[0], "cf:remote_address", address[1]));
        if (out) {
            objects.out(process, socket, relation);
        } else {
            objects.in(process, socket, relation);
        }
        return true;
    }

    private AuditRecord path(List<AuditRecord> event, String... nametypes) {
        for (String nametype : nametypes) {
            for (AuditRecord record : event) {
                boolean wanted = nametype.equals(record.field("nametype")) || nametype.equals("NORMAL")
                        && record.field("nametype") == null;
                if (record.type().equals("PATH") && wanted) {
                    return record;
                }
            }
        }
        return null;
    }

    /** One object for each inode of a device, whatever its names; without an inode number, for each name. */
    private AuditObject file(AuditRecord path, List<AuditRecord> event) {
        String name = AuditNames.absolute(path, event);
        String inode = path.field("inode");
        String key = path.node() + (inode == null || inode.equals("0") ? " " + name : ' ' + path.field("dev") + ' '
                + inode);
        AuditObject file = files.computeIfAbsent(key, k -> objects.object(AuditNames.kind(path.field("mode"))));
        file.put("cf:name", name);
        file.put("cf:ino", inode);
        path.fields().forEach((field, value) -> file.put("audit:" + field, value));
        if ("DELETE".equals(path.field("nametype"))) {
            // The number may be given to another file from now on.
            files.remove(key);
        }
        return file;
    }

    private void log(List<AuditRecord> event, AuditProcess process) {
        StringBuilder text = new StringBuilder();
        for (AuditRecord record : event) {
            text.append(text.isEmpty() ? "" : "\n").append(record.type()).append(' ').append(record.fields());
        }
        AuditRecord first = event.getFirst();
        AuditProcess by = process != null || first.field("pid") == null ? process
                : processes.get(first.node() + '/' + first.field("pid"));
        objects.log(by, text.length() > 60_000 ? text.substring(0, 60_000) : text.toString());
    }
}
