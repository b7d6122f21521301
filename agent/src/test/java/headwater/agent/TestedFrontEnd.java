// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.FrontEnd;

/** The front-end that tests of selection and of flows record by: {@code trace}, or what the system property {@code headwater.front-end} names, in a guest. */
final class TestedFrontEnd {
    private TestedFrontEnd() {
    }

    static FrontEnd get() {
        return FrontEnd.ofText(System.getProperty("headwater.front-end", "trace"));
    }
}
