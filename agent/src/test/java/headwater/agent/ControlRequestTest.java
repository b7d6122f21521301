// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import headwater.agent.ControlRequest.WrongRequestException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlRequestTest {
    private static ControlRequest parse(String line) throws WrongRequestException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return ControlRequest.parse(bytes, bytes.length);
    }

    @Test
    void shouldReadARequest() throws Exception {
        ControlRequest request = parse("{\"version\":1,\"request\":\"mark\",\"pid\":12,\"track\":true,\"path\":\"/a b\"}");
        assertEquals("mark", request.name());
        assertEquals(Map.of("pid", "12", "track", "true", "path", "/a b"), request.members());
        assertEquals(List.of(), request.edits());
        assertEquals(true, request.bool("track"));
        assertEquals(null, request.bool("opaque"));
        assertThrows(WrongRequestException.class, () -> request.bool("pid"));
        assertThrows(WrongRequestException.class, () -> request.required("taint"));
        assertThrows(WrongRequestException.class, () -> request.allow(List.of("pid", "track")));
        ControlRequest edit = parse("{\"edits\":[{\"do\":\"set\",\"value\":1},{}],\"request\":\"edit\",\"version\":1}");
        assertEquals(List.of(Map.of("do", "set", "value", "1"), Map.of()), edit.edits());
        assertThrows(WrongRequestException.class, () -> edit.allow(List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "``                                                    | not a JSON object",
        "status                                                | not JSON",
        "[]                                                    | not a JSON object",
        "{}                                                    | unknown version",
        "{\"version\":2,\"request\":\"status\"}                | unknown version of the protocol: version=2, want 1",
        "{\"version\":1}                                       | member is missing: request",
        "{\"version\":1,\"request\":\"a\"} {}                  | something follows",
        "{\"version\":1,\"request\":\"a\",\"b\":{}}            | member=b",
        "{\"version\":1,\"request\":\"a\",\"b\":null}          | member=b",
        "{\"version\":1,\"request\":\"a\",\"request\":\"b\"}   | not JSON: Duplicate",
        "{\"version\":1,\"request\":\"a\",\"edits\":{}}        | not an array",
        "{\"version\":1,\"request\":\"a\",\"edits\":[1]}       | edits are not objects",
        "{\"version\":1,\"request\":\"a\",\"edits\":[{\"x\":[]}]} | member=x",
        "{\"version\":1,\"request\":\"a\"                      | not JSON"})
    void shouldSayWhatIsWrong(String line, String message) {
        WrongRequestException wrong = assertThrows(WrongRequestException.class, () -> parse(line));
        assertTrue(wrong.getMessage().contains(message), wrong::getMessage);
    }

    @Test
    void shouldBoundWhatItKeeps() {
        String edits = "{},".repeat(ControlRequest.EDITS_MAX) + "{}";
        assertThrows(WrongRequestException.class, () -> parse("{\"version\":1,\"request\":\"a\",\"edits\":[" + edits + "]}"));
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            members.append(",\"m").append(i).append("\":").append(i);
        }
        assertThrows(WrongRequestException.class, () -> parse("{\"version\":1,\"request\":\"a\"" + members + "}"));
        assertThrows(WrongRequestException.class, () -> parse("[".repeat(30_000)));
    }

    @FuzzTest(maxDuration = "20s")
    void readsOrSaysWhatIsWrong(byte[] line) {
        try {
            ControlRequest request = ControlRequest.parse(line, line.length);
            assertTrue(!request.name().isEmpty() && request.edits().size() <= ControlRequest.EDITS_MAX);
        } catch (WrongRequestException e) {
            assertTrue(!e.getMessage().isEmpty());
        }
    }
}
