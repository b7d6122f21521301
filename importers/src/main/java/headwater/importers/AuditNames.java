// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.model.NodeKind;
import java.util.List;

/** What PATH records say of a file. */
final class AuditNames {
    private AuditNames() {
    }

    /** The name from the root on, by the event's CWD record if it is relative. */
    static String absolute(AuditRecord path, List<AuditRecord> event) {
        String name = path.field("name");
        if (name == null || name.equals("(null)")) {
            return "";
        }
        if (name.startsWith("/")) {
            return name;
        }
        String cwd = event.stream().filter(record -> record.type().equals("CWD")).map(record -> record.field("cwd"))
                .findFirst().orElse("");
        String relative = name.startsWith("./") ? name.substring(2) : name;
        return cwd == null || cwd.isEmpty() ? relative : (cwd.endsWith("/") ? cwd : cwd + "/") + relative;
    }

    /** By the mode, octal as in the raw log, or in ausearch's words such as {@code file,644}. */
    static NodeKind kind(String mode) {
        if (mode == null) {
            return NodeKind.INODE_UNKNOWN;
        }
        if (mode.matches("[0-7]{1,10}")) {
            return NodeKind.ofMode(Integer.parseInt(mode, 8));
        }
        int comma = mode.indexOf(',');
        return switch (comma < 0 ? mode : mode.substring(0, comma)) {
            case "file" -> NodeKind.FILE;
            case "dir" -> NodeKind.DIRECTORY;
            case "link" -> NodeKind.LINK;
            case "character" -> NodeKind.CHAR;
            case "block" -> NodeKind.BLOCK;
            case "fifo" -> NodeKind.PIPE;
            case "socket" -> NodeKind.SOCKET;
            default -> NodeKind.INODE_UNKNOWN;
        };
    }
}
