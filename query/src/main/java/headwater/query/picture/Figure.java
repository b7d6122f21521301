// SPDX-License-Identifier: Apache-2.0
package headwater.query.picture;

import java.util.List;

/**
 * One thing in a picture.
 *
 * @param shape how it is drawn
 * @param title its short name: a file's last name, a command line, an address
 * @param detail what stands dim below it: a folder, a process id; may be empty
 * @param name its full name, on one line
 * @param start true if it was asked about
 * @param objects the objects that it stands for, oldest first
 * @param members how many figures were folded into it; 1 if none were
 */
public record Figure(Shape shape, String title, String detail, String name, boolean start, List<Long> objects,
        int members) {
    /** What a figure stands for. */
    public enum Shape {
        FILE, DIRECTORY, PIPE, SOCKET, OTHER, PROCESS, AGENT,
        /** Files of one folder that were used alike. */
        SIBLINGS,
        /** Libraries, programs and other files of the system. */
        BACKGROUND;

        /** True for regular files and what is like them, also folded. */
        public boolean isFile() {
            return this == FILE || isFolded();
        }

        public boolean isFolded() {
            return this == SIBLINGS || this == BACKGROUND;
        }
    }

    public Figure {
        objects = List.copyOf(objects);
    }
}
