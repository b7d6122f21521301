// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.nio.file.Path;
import java.util.Optional;

/** Finds what the record has of a file or a process. Called by several threads. */
public interface NodeLookup {
    /**
     * The newest node of an object.
     *
     * @param identifier as CamFlow's formats write it, without a prefix
     * @param type the name of its kind
     * @param typeWord CamFlow's 64-bit type
     * @param id CamFlow's object id
     * @param machine 32 bits, unsigned
     */
    record Node(String identifier, String type, long typeWord, long id, int boot, int machine, int version) {
    }

    /** Nothing is ever found. */
    NodeLookup NONE = new NodeLookup() {
        @Override
        public Optional<Node> file(Path store, String path) {
            return Optional.empty();
        }

        @Override
        public Optional<Node> process(Path store, int pid) {
            return Optional.empty();
        }
    };

    /** The object that a path names now; empty if the record has nothing of it. */
    Optional<Node> file(Path store, String path);

    /** The memory of the process that has, or last had, this id; empty if the record has nothing of it. */
    Optional<Node> process(Path store, int pid);
}
