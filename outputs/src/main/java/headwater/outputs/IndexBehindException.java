// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

/**
 * The next block of a log cannot be told yet, as what it refers to is not indexed: the recorder is too busy to. Nothing has been told of it,
 * and it can be asked for again, at little cost.
 */
final class IndexBehindException extends RuntimeException {
    private static final long serialVersionUID = 1;

    IndexBehindException(long blocks) {
        super("the index is behind the log: want=" + blocks + " blocks; ask again");
    }
}
