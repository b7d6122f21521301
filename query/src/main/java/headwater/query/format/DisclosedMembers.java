// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a program told of a node, as members of CamFlow's formats. CamFlow writes what a program gives as it is, so that a program could
 * overwrite any member; here each key is {@code disclosed_KEY}, with a dot where it has a colon.
 */
final class DisclosedMembers {
    private static final JsonFactory JSON = new JsonFactory();

    private DisclosedMembers() {
    }

    /** @param json one object of scalars, null for none */
    static void append(CamflowText out, String prefix, byte[] json) {
        if (json == null) {
            return;
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), new String(json, StandardCharsets.UTF_8))) {
            String key = "";
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME) {
                    key = prefix + "disclosed_" + parser.currentName().replace(':', '.');
                } else if (token.isScalarValue()) {
                    out.string(key, parser.getString());
                }
            }
        } catch (JacksonException e) {
            // A store of another hand: what cannot be read stands as it is.
            out.string(prefix + "disclosed", new String(json, StandardCharsets.UTF_8));
        }
    }
}
