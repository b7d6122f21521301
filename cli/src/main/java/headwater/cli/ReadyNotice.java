// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.capture.kernel.Descriptor;
import headwater.capture.kernel.KernelException;
import java.nio.charset.StandardCharsets;

/** What the service manager that started this process is told when the service does its work: a datagram of {@code NAME=value} lines, as sd_notify(3) has it. */
final class ReadyNotice {
    /** The environment variable that says where it listens: a path, or {@code @} and an abstract name. */
    static final String SOCKET_VARIABLE = "NOTIFY_SOCKET";

    private ReadyNotice() {
    }

    /**
     * Says that the service does its work from now on. Without a service manager this does nothing; one that cannot be reached is told of
     * on standard error, as the service does its work all the same.
     *
     * @param status what it does, in a line
     */
    static void ready(String status, Context context) {
        String address = context.environment().getOrDefault(SOCKET_VARIABLE, "");
        if (address.isEmpty()) {
            return;
        }
        try (Descriptor manager = Descriptor.datagram(address)) {
            byte[] message = ("READY=1\nSTATUS=" + status.replace('\n', ' ') + '\n').getBytes(StandardCharsets.UTF_8);
            if (manager.write(message, 0) == 0) {
                context.err().println("headwater: the service manager takes no message: " + SOCKET_VARIABLE + "=" + address
                        + "; it may end this service for not being ready");
            }
        } catch (KernelException e) {
            context.err().println("headwater: the service manager cannot be told that the service is ready: " + e.getMessage() + ", "
                    + SOCKET_VARIABLE + "=" + address);
        }
    }
}
