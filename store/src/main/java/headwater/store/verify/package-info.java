// SPDX-License-Identifier: Apache-2.0
/**
 * Checks a store from its bytes alone. Nothing here uses the code that writes or reads stores: only the JDK, and zstd to
 * unpack. To be read from top to bottom beside docs/log-format.md: {@link headwater.store.verify.Verifier}, then what it
 * calls.
 */
package headwater.store.verify;
