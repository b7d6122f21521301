// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.RelationClass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/configuration.md names what there is, and nothing else. */
class DocumentationTest {
    private static final Pattern ROW = Pattern.compile("\\| (?:`(?<section>[^`]+)` )?\\| (?<keys>`[a-z_]+`(?:, `[a-z_]+`)*) \\|.*\\| (?<whose>\\w+) \\|");

    private String page;

    @BeforeEach
    void read() throws IOException {
        page = Files.readString(Path.of("..", "docs", "configuration.md"));
    }

    private Set<String> documented(String heading) {
        String part = page.substring(page.indexOf("\n" + heading + "\n") + 1);
        Set<String> keys = new TreeSet<>();
        String section = "";
        for (String line : part.substring(0, part.indexOf("\n\n", part.indexOf("|---"))).lines().toList()) {
            Matcher matcher = ROW.matcher(line);
            if (matcher.matches()) {
                section = matcher.group("section") == null ? section : matcher.group("section").replace('\u2212', '-');
                for (String key : matcher.group("keys").split(", ")) {
                    keys.add(section + "." + key.replace("`", "") + " " + matcher.group("whose"));
                }
            }
        }
        return keys;
    }

    private static Set<String> known(Schema schema) {
        Set<String> keys = new TreeSet<>();
        for (Map.Entry<String, Map<String, Schema.Key>> section : schema.sections().entrySet()) {
            section.getValue().values().forEach(key -> keys.add(section.getKey() + "." + key.name() + " " + key.origin().text()));
        }
        return keys;
    }

    @Test
    void shouldNameEveryKeyAndWhoseItIs() {
        Problems problems = new Problems("");
        assertEquals(known(new CamflowReader(problems, Machine.ANY).schema()), documented("## camflow.ini"));
        assertEquals(known(new CamflowdReader(problems).schema()), documented("## camflowd.ini"));
    }

    @Test
    void shouldNameEveryType() {
        String types = page.substring(page.indexOf("### Types"), page.indexOf("## camflowd.ini"));
        for (NodeKind kind : NodeKind.values()) {
            assertTrue(kind.isGeneric() || types.contains("`" + kind.text() + "`"), kind::text);
        }
        for (Relation relation : Relation.values()) {
            if (relation.isGeneric()) {
                continue;
            }
            boolean filtered = relation.relationClass() != RelationClass.INFLUENCED
                    && relation.relationClass() != RelationClass.ASSOCIATED;
            assertEquals(filtered, types.contains("`" + relation.text() + "`") && !relation.text().equals("ran_on"), relation::text);
        }
    }

    @Test
    void shouldHaveExamplesThatAreRight() {
        Matcher matcher = Pattern.compile("```ini\n(.*?)```", Pattern.DOTALL).matcher(page);
        int examples = 0;
        while (matcher.find()) {
            byte[] bytes = matcher.group(1).getBytes(StandardCharsets.UTF_8);
            List<Problem> problems = ConfigKind.of("", bytes).orElseThrow() == ConfigKind.CAMFLOW
                    ? CamflowConfig.parse("x", bytes, Machine.ANY).problems() : CamflowdConfig.parse("x", bytes).problems();
            assertEquals(List.of(), problems);
            examples++;
        }
        assertEquals(3, examples);
    }
}
