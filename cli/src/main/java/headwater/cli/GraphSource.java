// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Opens the graph of a store. */
@FunctionalInterface
public interface GraphSource {
    /**
     * A view of what {@code store} holds now; the caller closes it.
     *
     * @param store an existing folder
     * @throws Failure with {@link ExitCode#DAMAGED} if the store cannot be trusted or understood, with
     *         {@link ExitCode#NOTHING} if the folder is not a store
     * @throws IOException if it cannot be read
     */
    GraphView open(Path store) throws Failure, IOException;

    /**
     * The same, as it was known at {@code timeNs}, nanoseconds since the Unix epoch.
     */
    default GraphView open(Path store, long timeNs) throws Failure, IOException {
        throw new Failure(ExitCode.NOT_POSSIBLE, "this store cannot be asked as of an earlier time: store=" + store);
    }

    /**
     * What an exception means that a view threw while it was read: damage may show only then. Empty if it is none of the
     * store's own.
     */
    default Optional<Failure> failure(RuntimeException thrown) {
        return Optional.empty();
    }
}
