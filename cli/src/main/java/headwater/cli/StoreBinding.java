// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import headwater.store.Store;
import headwater.store.StoreDamagedException;
import headwater.store.StoreException;
import headwater.store.StoreVersionException;
import java.nio.file.Path;

/** Joins the query verbs to the files of a store. */
final class StoreBinding implements GraphSource {
    @Override
    public GraphView open(Path store) throws Failure {
        try {
            // Closing it would end nothing: a store that is open for reading holds no lock, and the view its own files.
            return Store.openForReading(store).view();
        } catch (StoreDamagedException | StoreVersionException e) {
            throw new Failure(ExitCode.DAMAGED, e.getMessage(), e);
        } catch (StoreException e) {
            throw new Failure(ExitCode.NOTHING, e.getMessage(), e);
        }
    }
}
