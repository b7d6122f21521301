// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.config.ConfigEdit.Operation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigEditTest {
    private static final CamflowConfig START = CamflowConfig.parse("start", ("[provenance]\nenabled=true\nnode_filter=directory\n[file]\n"
            + "track=/a \\b\n[user]\ntrack=bob\npropagate=bob\n[ipv4-egress]\ntrack=10.0.0.0/8:0\n[headwater]\ngroup=wheel\n")
            .getBytes(StandardCharsets.UTF_8), Machine.ANY).config().orElseThrow();

    private static ConfigEdit edit(Operation operation, String section, String key, String value) {
        return new ConfigEdit(operation, section, key, RawText.of(value));
    }

    private static CamflowConfig after(ConfigEdit... edits) {
        Parsed<CamflowConfig> parsed = ConfigEdit.apply(START, List.of(edits), Machine.ANY);
        assertEquals(List.of(), parsed.problems());
        return parsed.config().orElseThrow();
    }

    @Test
    void shouldChangeWhatIsNamedAndNothingElse() {
        assertEquals(START, after(edit(Operation.ADD, "user", "track", "bob")), "it is there");
        CamflowConfig changed = after(edit(Operation.SET, "provenance", "all", "true"),
                edit(Operation.ADD, "provenance", "node_filter", "file"), edit(Operation.ADD, "group", "opaque", "staff"));
        assertTrue(changed.provenance().all());
        assertEquals(List.of("directory", "file"), changed.provenance().nodeFilter());
        assertEquals(List.of("staff"), changed.groups().opaque());
        assertEquals(START.files(), changed.files());
        assertEquals(START.settings(), changed.settings());
        assertEquals(List.of(), after(edit(Operation.CLEAR, "provenance", "node_filter", "")).provenance().nodeFilter());
    }

    @Test
    void shouldRemoveFromAllKeysAndFindAddressesByTheirRange() {
        assertTrue(after(edit(Operation.REMOVE, "user", ConfigEdit.ALL_KEYS, "bob")).users().isEmpty());
        assertEquals(List.of("bob"), after(edit(Operation.REMOVE, "user", "track", "bob")).users().propagate());
        assertTrue(after(edit(Operation.REMOVE, "ipv4-egress", ConfigEdit.ALL_KEYS, "10.9.8.7/8:0")).ipv4Egress().isEmpty());
        assertEquals(START, after(edit(Operation.REMOVE, "user", ConfigEdit.ALL_KEYS, "alice")));
        CamflowConfig moved = after(edit(Operation.REMOVE, "user", ConfigEdit.ALL_KEYS, "bob"), edit(Operation.ADD, "user", "opaque", "bob"));
        assertEquals(new Marks<>(List.of(), List.of(), List.of("bob"), List.of()), moved.users());
    }

    @Test
    void shouldRefuseAsTheFileWould() {
        Parsed<CamflowConfig> parsed = ConfigEdit.apply(START, List.of(edit(Operation.SET, "provenance", "all", "true"),
                edit(Operation.ADD, "provenance", "node_filter", "fil")), Machine.ANY);
        assertEquals(Optional.empty(), parsed.config(), "all or nothing");
        assertEquals("did you mean file?", parsed.problems().getFirst().next());
        for (ConfigEdit wrong : List.of(edit(Operation.SET, "headwater", "front_end", "lsm"), edit(Operation.ADD, "file", "track", "/x"),
                edit(Operation.SET, "provenance", "machine_id", "1"), edit(Operation.ADD, "user", "tracks", "bob"),
                edit(Operation.ADD, "user", ConfigEdit.ALL_KEYS, "bob"), edit(Operation.ADD, "no-such", "x", "y"))) {
            assertThrows(IllegalArgumentException.class, () -> ConfigEdit.apply(START, List.of(wrong), Machine.ANY), wrong::text);
        }
    }

    @Test
    void shouldTellWhatToKnowOfTheValueOnly() {
        Parsed<CamflowConfig> parsed = ConfigEdit.apply(START, List.of(edit(Operation.ADD, "user", "opaque", "bob")), Machine.ANY);
        assertTrue(parsed.config().isPresent());
        assertTrue(parsed.problems().stream().allMatch(problem -> problem.what().startsWith("contradictory marks"))
                && !parsed.problems().isEmpty(), () -> parsed.problems().toString());
    }
}
