// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.nio.file.Path;

/** Where this build has what the tests run. */
final class Build {
    private Build() {
    }

    static Path checkout() {
        return Path.of(System.getProperty("headwater.checkout")).normalize();
    }

    /** The folder of the compiled testers. */
    static Path testers() {
        return Path.of(System.getProperty("headwater.testers"));
    }
}
