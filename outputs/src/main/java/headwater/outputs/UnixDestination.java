// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.capture.kernel.Descriptor;
import headwater.capture.kernel.Errno;
import headwater.capture.kernel.KernelException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * {@code unix}: a UNIX socket that someone has bound. A datagram socket gets one document in each datagram, with a zero byte behind
 * it; if the peer is a stream socket, documents stand one after another, each with a zero byte behind it.
 */
final class UnixDestination implements Destination {
    /** Room for the largest document; a datagram must fit into the sender's queue. */
    private static final int SEND_BUFFER_BYTES = 8 << 20;
    private static final int WAIT_MS = 100;

    private final String address;
    private Descriptor datagrams;
    private SocketChannel stream;

    UnixDestination(String address) {
        this.address = address;
    }

    @Override
    public void open(Stop stop) throws IOException {
        try {
            datagrams = Descriptor.datagram(address);
            datagrams.sendBuffer(SEND_BUFFER_BYTES);
        } catch (KernelException e) {
            if (e.errno() != Errno.EPROTOTYPE) {
                throw new IOException(e.getMessage(), e);
            }
            stream = SocketChannel.open(StandardProtocolFamily.UNIX);
            stream.connect(UnixDomainSocketAddress.of(address));
            stream.configureBlocking(false);
        }
    }

    @Override
    public void send(Document document, Stop stop) throws IOException {
        byte[] bytes = document.terminated();
        if (stream != null) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                if (stream.write(buffer) == 0) {
                    stop.pause(2);
                }
            }
            return;
        }
        try {
            while (datagrams.write(bytes, 0) == 0) {
                stop.check();
                // Writability of a datagram socket is also that of its peer's queue.
                datagrams.awaitRoom(WAIT_MS);
            }
        } catch (KernelException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** A queue that is empty has been read, or its reader has died: only the next datagram tells. */
    @Override
    public boolean flush(Stop stop) throws IOException {
        try {
            for (long waitMs = 1; datagrams != null && datagrams.unread() > 0; waitMs = Math.min(WAIT_MS, 2 * waitMs)) {
                stop.pause(waitMs);
            }
        } catch (KernelException e) {
            throw new IOException(e.getMessage(), e);
        }
        return false;
    }

    @Override
    public void close() {
        if (datagrams != null) {
            datagrams.close();
            datagrams = null;
        }
        if (stream != null) {
            try {
                stream.close();
            } catch (IOException e) {
                // It is gone either way.
            }
            stream = null;
        }
    }
}
