// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import headwater.model.NodeKind;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a session may still speak of is what has a handle. */
class InUseTest {
    @Test
    void shouldNameWhatHasAHandle() {
        Versions versions = new Versions(new DrawnGraph(), new Continuation(0, 0, 0));
        int[] handles = new int[100];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = versions.create(NodeKind.FILE, i);
        }
        Set<Long> want = new TreeSet<>();
        for (int i = 0; i < handles.length; i++) {
            if (i % 3 == 0) {
                versions.release(handles[i]);
            } else {
                want.add((long) i);
            }
        }
        want.add(100L);
        versions.create(NodeKind.TASK, 100);
        Set<Long> is = new TreeSet<>();
        versions.inUse(is::add);
        assertEquals(want, is);
    }
}
