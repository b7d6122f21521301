// SPDX-License-Identifier: Apache-2.0
package headwater.capture.kernel;

/** The kernel or libbpf refused a call. The message names the call, its object, the errno and the next step. */
public final class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    public KernelException(String what, int errno) {
        super(errno == 0 ? what : what + ": " + Errno.text(errno));
        this.errno = errno;
    }

    /** The positive errno, 0 if there was none. */
    public int errno() {
        return errno;
    }
}
