// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

/**
 * The first thing that is wrong with a store. An exception, as nothing after it can be trusted.
 */
final class Damage extends Exception {
    final Report.Finding finding;

    /**
     * @param file relative to the store
     * @param firstBlock the block that is wrong, or the first of those of which one is; -1 if it is not about blocks
     * @param lastBlock the last of them
     * @param offset bytes from the start of the file
     * @param what is wrong there
     * @param meaning what it says of the record
     */
    Damage(String file, long firstBlock, long lastBlock, long offset, String what, String meaning) {
        super(what);
        finding = new Report.Finding(file, firstBlock, lastBlock, offset, what, meaning);
    }
}
