// SPDX-License-Identifier: Apache-2.0
package headwater.config;

/** What a file's names are looked up in. A name that is not there is a problem of the file on this machine, not of the file. */
public interface Machine {
    /** Knows every name: nothing is looked up. */
    Machine ANY = new Machine() {
        @Override
        public boolean hasFile(RawText path) {
            return true;
        }

        @Override
        public boolean hasUser(String name) {
            return true;
        }

        @Override
        public boolean hasGroup(String name) {
            return true;
        }
    };

    /** False only if there is surely nothing at {@code path}. */
    boolean hasFile(RawText path);

    /** False only if there is surely no such user. */
    boolean hasUser(String name);

    /** False only if there is surely no such group. */
    boolean hasGroup(String name);
}
