// SPDX-License-Identifier: Apache-2.0
package headwater.agent.disclosure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.NodeKind;
import headwater.model.RelationClass;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestParserTest {
    private static Request parse(String line) throws MalformedRequestException {
        return RequestParser.parse(line.getBytes(StandardCharsets.UTF_8));
    }

    private static String wrong(String line) {
        return assertThrows(MalformedRequestException.class, () -> parse(line)).getMessage();
    }

    @Test
    void shouldReadAllThatThePageHas() throws MalformedRequestException {
        Request request = parse("""
                {"id":"7","disclose":{"nodes":[{"name":"a","class":"activity","label":"resize",\
                "attributes":{"w":1.50,"app:ok":true,"t":"x\\n"}}],\
                "relations":[{"relation":"wasDerivedFrom","effect":{"path":"/o"},"cause":{"descriptor":1},"only":true},\
                {"relation":"used","effect":"self","cause":"a"}],\
                "log":[{"text":"GET /","file":{"path":"/i"}},{"text":"x"}]}}""");
        assertEquals("7", request.id());
        Request.Disclose told = (Request.Disclose) request.body();
        assertEquals(List.of(new Request.Node("a", NodeKind.DISC_ACTIVITY, "resize", "{\"w\":1.50,\"app:ok\":true,\"t\":\"x\\n\"}")),
                told.nodes());
        assertEquals(new Request.Relation(RelationClass.DERIVED, new Request.Descriptor(1), new Request.FilePath("/o"), true, ""),
                told.relations().getFirst());
        assertEquals(new Request.Name("self"), told.relations().get(1).effect());
        assertEquals(List.of(new Request.Line("GET /", new Request.FilePath("/i")), new Request.Line("x", null)), told.lines());
        assertEquals(5, told.size());
        assertEquals(new Request.Hello(1, "ab"), parse("{\"hello\":{\"version\":1,\"challenge\":\"ab\"}}").body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "``                                                                   | a line: an object is wanted",
        "[]                                                                 | a line: an object is wanted",
        "{}                                                                 | a line has hello or disclose",
        "{\"disclose\":{}} x                                                | not JSON as it should be",
        "{\"disclose\":{}} {}                                               | something follows the object",
        "{\"disclose\":{},\"hello\":{}}                                     | not both",
        "{\"disclose\":{},\"disclose\":{}}                                  | Duplicate",
        "{\"tell\":{}}                                                      | key=tell, want one of id, hello, disclose",
        "{\"hello\":{\"version\":99999999999}}                              | version is a number from 0, of at most nine digits",
        "{\"disclose\":{\"nodes\":[{\"name\":\"self\",\"class\":\"entity\"}]}} | cannot be called so: name=self",
        "{\"disclose\":{\"nodes\":[{\"name\":\"x\",\"class\":\"file\"}]}}   | unknown class: class=file",
        "{\"disclose\":{\"nodes\":[{\"name\":\"x\"}]}}                      | a node has a name and a class",
        "{\"disclose\":{\"nodes\":[{\"name\":\"x\",\"class\":\"entity\",\"attributes\":{\"a b\":1}}]}} | key=a b",
        "{\"disclose\":{\"nodes\":[{\"name\":\"x\",\"class\":\"entity\",\"attributes\":{\"a\":[1]}}]}} | a string, a number or a boolean",
        "{\"disclose\":{\"relations\":[{\"relation\":\"read\",\"effect\":\"a\",\"cause\":\"b\"}]}} | unknown relation: relation=read",
        "{\"disclose\":{\"relations\":[{\"relation\":\"used\",\"effect\":\"a\"}]}} | a relation has a relation, an effect and a cause",
        "{\"disclose\":{\"relations\":[{\"relation\":\"used\",\"effect\":\"a\",\"cause\":\"b\",\"only\":true}]}} | only a wasDerivedFrom",
        "{\"disclose\":{\"relations\":[{\"relation\":\"used\",\"effect\":\"a\",\"cause\":{\"path\":\"x\"}}]}} | a path is absolute",
        "{\"disclose\":{\"relations\":[{\"relation\":\"used\",\"effect\":\"a\",\"cause\":{\"path\":\"/x\\u0000\"}}]}} | no NUL",
        "{\"disclose\":{\"relations\":[{\"relation\":\"used\",\"effect\":\"a\",\"cause\":{\"descriptor\":-1}}]}} | descriptor is a number",
        "{\"disclose\":{\"relations\":[{\"relation\":\"used\",\"effect\":\"a\",\"cause\":{}}]}} | a path or a descriptor",
        "{\"disclose\":{\"log\":[{\"text\":\"x\",\"file\":\"self\"}]}}      | is a path or a descriptor",
        "{\"disclose\":{\"log\":[{}]}}                                      | a line of log has a text",
        "{\"disclose\":{\"log\":[[[[[[[[[]]]]]]]]]}}                        | an object is wanted"})
    void shouldSayWhatIsWrong(String line, String message) {
        String said = wrong(line == null ? "" : line);
        assertTrue(said.contains(message), said);
    }

    @Test
    void shouldRepeatTheIdOfWhatIsWrongAfterIt() {
        assertEquals("7", assertThrows(MalformedRequestException.class, () -> parse("{\"id\":\"7\",\"x\":1}")).id());
    }

    @Test
    void shouldKeepTheBounds() throws MalformedRequestException {
        assertTrue(wrong("x".repeat(70_000)).startsWith("line is too long"));
        assertTrue(assertThrows(MalformedRequestException.class, () -> RequestParser.parse(new byte[] {'"', (byte) 0xff, '"'}))
                .getMessage().contains("not UTF-8"));
        String node = "{\"name\":\"n\",\"class\":\"entity\"},";
        assertTrue(wrong("{\"disclose\":{\"nodes\":[" + node.repeat(1025) + node.replace(",{", "") + "]}}").contains("too many nodes"));
        assertTrue(wrong("{\"disclose\":{\"log\":[{\"text\":\"" + "x".repeat(4097) + "\"}]}}").contains("text is too long"));
        parse("{\"disclose\":{\"log\":[{\"text\":\"" + "x".repeat(4096) + "\"}]}}");
    }
}
