// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import java.nio.file.Path;

/** Joins the query verbs to the files of a store. */
final class StoreBinding implements GraphSource {
    @Override
    public GraphView open(Path store) throws Failure {
        throw new Failure(ExitCode.NOT_POSSIBLE,
                "this build cannot read stores: module headwater-store is not in it: store="
                + store);
    }
}
