// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.util.List;

/** From file to file by mappings: bytes that a process loads and stores without a call. */
final class FileMappingChannels {
    private FileMappingChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                FileChannels.moved("map-private", "mmap(2), MAP_PRIVATE", "read from a private mapping"),
                FileChannels.moved("map-shared-read", "mmap(2), MAP_SHARED, for reading", "read from a shared mapping"),
                FileChannels.moved("map-shared", "mmap(2), MAP_SHARED, for writing",
                        "stored into a mapping made after the source was read"),
                FileChannels.moved("map-shared-before", "mmap(2), MAP_SHARED, made before",
                        "stored into a mapping made before the source was read"),
                FileChannels.moved("map-shared-reader", "mmap(2), MAP_SHARED, filled by another",
                        "loaded from a mapping after another process wrote the file"));
    }
}
