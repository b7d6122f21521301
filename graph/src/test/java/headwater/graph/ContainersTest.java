// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainersTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @ValueSource(strings = {"/system.slice/docker-%s.scope", "/docker/%s", "/docker/%s/init.scope",
        "/machine.slice/libpod-%s.scope/container", "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-%s.scope",
        "/kubepods.slice/kubepods-pod1.slice/cri-containerd-%s.scope", "/kubepods/burstable/pod1/%s",
        "/kubepods.slice/crio-%s.scope"})
    void anIdOf64DigitsIsFoundWhereManagersPutIt(String path) {
        assertEquals(ID, Containers.of(path.formatted(ID)));
    }

    @ParameterizedTest
    @CsvSource({"/lxc.payload.web/system.slice/a.service, web", "/lxc/old/init.scope, old",
        "/machine.slice/machine-build\\x2dhost.scope/payload, build-host",
        "/machine.slice/systemd-nspawn@deb.service/payload, deb"})
    void namesAreFound(String path, String name) {
        assertEquals(name, Containers.of(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "", "/system.slice/docker.service", "/user.slice/user-0.slice/session-1.scope",
        "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope", "/libpod-conmon-0123.scope", "/docker/0123"})
    void whatIsNoContainerIsNotTakenForOne(String path) {
        assertNull(Containers.of(path));
    }
}
