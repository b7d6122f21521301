// SPDX-License-Identifier: Apache-2.0
package headwater.store.keys;

import java.io.IOException;

/**
 * Signs with one Ed25519 key (RFC 8032). Only this knows where the secret is: in a file ({@link FileKey}), or, behind
 * another implementation, in a TPM or a token that never gives it away. Any thread may call.
 */
public interface KeyHolder {
    /** The public half. */
    PublicKeyText publicKey();

    /**
     * The signature of {@code message}, 64 bytes.
     *
     * @throws IOException if what holds the key does not answer
     */
    byte[] sign(byte[] message) throws IOException;
}
