// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * One line that is asked of the daemon (docs/control.md). Whatever the line holds, reading it ends with a request or with
 * {@link WrongRequestException}.
 *
 * @param name what is asked
 * @param members the other members; numbers and booleans as JSON writes them
 * @param edits the objects of the member {@code edits}, likewise
 */
record ControlRequest(String name, Map<String, String> members, List<Map<String, String>> edits) {
    /** The version of the protocol. It rises when a request of before would mean something else. */
    static final int VERSION = 1;
    /** A longer line is refused. */
    static final int LINE_BYTES_MAX = 1 << 16;
    static final int EDITS_MAX = 1024;

    private static final int MEMBERS_MAX = 32;
    private static final String EDITS = "edits";
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(4).maxStringLength(LINE_BYTES_MAX)
                    .maxNumberLength(20).maxNameLength(64).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /** The line is no request; the message says why. */
    static final class WrongRequestException extends Exception {
        private static final long serialVersionUID = 1;

        WrongRequestException(String message) {
            super(message);
        }
    }

    ControlRequest {
        members = Map.copyOf(members);
        edits = List.copyOf(edits);
    }

    static ControlRequest parse(byte[] line, int length) throws WrongRequestException {
        Map<String, String> members = new LinkedHashMap<>();
        List<Map<String, String>> edits = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new WrongRequestException("not a JSON object on one line");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(EDITS)) {
                    edits(parser, value, edits);
                } else {
                    put(members, name, scalar(parser, name, value));
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new WrongRequestException("something follows the JSON object");
            }
        } catch (JacksonException e) {
            throw new WrongRequestException("not JSON: " + e.getOriginalMessage());
        }
        return of(members, edits);
    }

    private static ControlRequest of(Map<String, String> members, List<Map<String, String>> edits) throws WrongRequestException {
        String version = members.remove("version");
        String name = members.remove("request");
        if (!Integer.toString(VERSION).equals(version)) {
            throw new WrongRequestException("unknown version of the protocol: version=" + version + ", want " + VERSION);
        }
        if (name == null || name.isEmpty()) {
            throw new WrongRequestException("member is missing: request");
        }
        return new ControlRequest(name, members, edits);
    }

    private static void edits(JsonParser parser, JsonToken first, List<Map<String, String>> edits) throws WrongRequestException {
        if (first != JsonToken.START_ARRAY) {
            throw new WrongRequestException("not an array: edits");
        }
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            if (edits.size() == EDITS_MAX) {
                throw new WrongRequestException("too many edits: max=" + EDITS_MAX);
            }
            Map<String, String> edit = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                put(edit, name, scalar(parser, name, parser.nextToken()));
            }
            edits.add(Map.copyOf(edit));
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw new WrongRequestException("edits are not objects");
        }
    }

    private static void put(Map<String, String> members, String name, String value) throws WrongRequestException {
        if (members.size() == MEMBERS_MAX) {
            throw new WrongRequestException("too many members: max=" + MEMBERS_MAX);
        }
        members.put(name, value);
    }

    private static String scalar(JsonParser parser, String name, JsonToken token) throws WrongRequestException {
        if (token == null || !token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            throw new WrongRequestException("not a text, number or boolean: member=" + name);
        }
        return parser.getString();
    }

    /** A member that must be there. */
    String required(String member) throws WrongRequestException {
        String value = members.get(member);
        if (value == null) {
            throw new WrongRequestException("member is missing: request=" + name + ", member=" + member);
        }
        return value;
    }

    /** A boolean; null if it is not there. */
    Boolean bool(String member) throws WrongRequestException {
        String value = members.get(member);
        if (value != null && !value.equals("true") && !value.equals("false")) {
            throw new WrongRequestException("neither true nor false: member=" + member);
        }
        return value == null ? null : Boolean.valueOf(value);
    }

    /** Refuses what nobody reads. */
    void allow(List<String> known) throws WrongRequestException {
        for (String member : members.keySet()) {
            if (!known.contains(member)) {
                throw new WrongRequestException("unknown member: request=" + name + ", member=" + member);
            }
        }
        if (!edits.isEmpty() && !known.contains(EDITS)) {
            throw new WrongRequestException("unknown member: request=" + name + ", member=" + EDITS);
        }
    }
}
