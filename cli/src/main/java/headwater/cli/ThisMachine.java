// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.config.Machine;
import headwater.config.RawText;
import headwater.query.FileNow;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/**
 * Where a configuration's names are looked up: the files, users and groups that there are now.
 *
 * @param files looks a path up
 */
record ThisMachine(FileNow.Lookup files) implements Machine {
    /** Looks one name up. */
    @FunctionalInterface
    private interface NameLookup {
        void find(UserPrincipalLookupService service) throws IOException;
    }

    @Override
    public boolean hasFile(RawText path) {
        String text = path.utf8();
        try {
            // A name that the virtual machine's encoding lacks cannot be looked at, which does not mean that it is not there.
            return text == null || Path.of(text).toString().isEmpty() || files.of(path.bytes()).exists();
        } catch (InvalidPathException e) {
            return true;
        }
    }

    @Override
    public boolean hasUser(String name) {
        return isFound(service -> service.lookupPrincipalByName(name));
    }

    @Override
    public boolean hasGroup(String name) {
        return isFound(service -> service.lookupPrincipalByGroupName(name));
    }

    private static boolean isFound(NameLookup lookup) {
        try {
            lookup.find(FileSystems.getDefault().getUserPrincipalLookupService());
            return true;
        } catch (UserPrincipalNotFoundException e) {
            return false;
        } catch (IOException e) {
            // A directory service that does not answer: the name may well be there.
            return true;
        }
    }
}
