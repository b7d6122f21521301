// SPDX-License-Identifier: Apache-2.0
package headwater.capture.kernel;

/** Error numbers of Linux (asm-generic/errno-base.h, errno.h) that callers tell apart, and their text. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EINVAL = 22;
    public static final int E2BIG = 7;
    public static final int ENOSPC = 28;
    public static final int EINTR = 4;
    public static final int ENXIO = 6;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int EPIPE = 32;
    public static final int EMSGSIZE = 90;
    public static final int EPROTOTYPE = 91;
    public static final int ENOBUFS = 105;
    public static final int ECONNREFUSED = 111;
    public static final int EROFS = 30;
    public static final int ELOOP = 40;
    public static final int ERANGE = 34;

    private Errno() {
    }

    /** A name and a sentence for people. */
    public static String text(int errno) {
        return switch (errno) {
            case 0 -> "no error number";
            case EPERM -> "EPERM, operation not permitted";
            case ENOENT -> "ENOENT, no such file or directory";
            case ESRCH -> "ESRCH, no such process (or no such name in the kernel's BTF)";
            case EAGAIN -> "EAGAIN, try again";
            case ENOMEM -> "ENOMEM, out of memory";
            case EACCES -> "EACCES, refused (by the BPF verifier, if a program was loaded)";
            case EINVAL -> "EINVAL, invalid argument";
            case E2BIG -> "E2BIG, too large";
            case ENOSPC -> "ENOSPC, no space";
            case EPIPE -> "EPIPE, nobody reads";
            case ELOOP -> "ELOOP, too many symbolic links";
            case EMSGSIZE -> "EMSGSIZE, message too long";
            case EPROTOTYPE -> "EPROTOTYPE, a socket of another type";
            case ECONNREFUSED -> "ECONNREFUSED, nobody listens";
            default -> "errno=" + errno;
        };
    }
}
