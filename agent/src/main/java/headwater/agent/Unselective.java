// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.config.CamflowConfig;
import java.nio.file.Path;
import java.util.List;

/** A kernel side that records all that is followed. */
final class Unselective implements Selection {
    @Override
    public void put(CamflowConfig config) {
        CamflowConfig all = CamflowConfig.withoutFile();
        CamflowConfig.Provenance wanted = config.provenance();
        boolean everything = wanted.enabled() && wanted.all() && wanted.nodeFilter().isEmpty() && wanted.relationFilter().isEmpty()
                && wanted.propagateNodeFilter().isEmpty() && wanted.propagateRelationFilter().isEmpty() && config.taints().isEmpty()
                && List.of(config.files(), config.ipv4Egress(), config.ipv4Ingress(), config.ipv6Egress(), config.ipv6Ingress(),
                        config.users(), config.groups(), config.contexts(), config.cgroups(), config.namespaces()).stream()
                        .allMatch(marks -> marks.isEmpty());
        if (!everything) {
            throw impossible();
        }
    }

    private static ImpossibleException impossible() {
        return new ImpossibleException("this kernel side records everything and selects nothing; ask for enabled=true, all=true,"
                + " and no filters or marks");
    }

    @Override
    public void mark(int tgid, Change change) {
        throw impossible();
    }

    @Override
    public void mark(Path file, Change change) {
        throw impossible();
    }
}
