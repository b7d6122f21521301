// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dialect, each rule as inih has it. */
class IniParserTest {
    private final Problems problems = new Problems("f.ini");

    private IniFile parse(String latin1) {
        return new IniParser(problems).parse(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String shown(IniFile file) {
        return file.entries().stream().map(e -> e.line() + ":" + e.section() + "." + e.key() + "=" + e.value())
                .collect(Collectors.joining("|"));
    }

    private String texts() {
        return problems.inOrder().stream().map(Problem::text).collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {
        "[s]NLa=1 ~ 2:s.a=1",
        "[s]NLa: 1 ~ 2:s.a=1",
        "[s]NL  a  =  1  ~ 2:s.a=1",
        "[s]NLa=b=c:d ~ 2:s.a=b=c:d",
        "[s]NLa:b=c ~ 2:s.a=b=c",
        "[s]NLa=1NLa=2NLb=3NLa=1 ~ 2:s.a=1|3:s.a=2|4:s.b=3|5:s.a=1",
        "[s]CRNLa=1CRNL ~ 2:s.a=1",
        "[s]NL; a=1NL# b=2NL  ; c=3NL\t# d=4NLe=5 ~ 6:s.e=5",
        "[s]NLa=1 ; comment ~ 2:s.a=1",
        "[s]NLa=1; no comment ~ 2:s.a=1; no comment",
        "[s]NLa=1 # no comment ~ 2:s.a=1 # no comment",
        "[s]NLa=;x ~ 2:s.a=;x",
        "[s]NLa= ;x ~ 2:s.a=",
        "[s]NLa= ~ 2:s.a=",
        "[s]NL=1 ~ 2:s.=1",
        "[s]NLa=1NLNL  2NL; cNL\t3 ; dNLb=4 ~ 2:s.a=1|4:s.a=2|6:s.a=3|7:s.b=4",
        "[s]NLa=1NL[t]NL b=2 ~ 2:s.a=1|4:t.b=2",
        "[s]NLa=1NL b=2 ~ 2:s.a=1|3:s.a=b=2",
        "[s]NLa=1NL [t] ~ 2:s.a=1|3:s.a=[t]",
        "[a b] ; cNLx=1 ~ 2:a b.x=1",
        "[s] anythingNLx=1 ~ 2:s.x=1",
        "[ s ]NLx=1 ~ 2: s .x=1",
        "x=1NL[s]NLy=2 ~ 1:.x=1|3:s.y=2",
        "BOM[s]NLx=1 ~ 2:s.x=1",
        "BOMx=1 ~ 1:.x=1",
        "[s]NLx=\"q\" ~ 2:s.x=\"q\"",
        "[]NLx=1 ~ 2:.x=1"})
    void shouldReadAsInihDoes(String file, String expected) {
        String text = file.replace("NL", "\n").replace("CR", "\r").replace("BOM", "\u00ef\u00bb\u00bf").replace("\\t", "\t");
        assertEquals(expected, shown(parse(text)));
        assertTrue(!problems.hasErrors(), this::texts);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {
        "[s]NLword ~ f.ini:2: error: neither a section nor key=value: line=word: section=s; write key=value, or ; before a comment",
        "[s]NLa ;=1 ~ f.ini:2: error: neither a section nor key=value: line=a ;=1: section=s; write key=value, or ; before a comment",
        "[s NLa=1 ~ f.ini:1: error: the section's name does not end: line=[s; close it with ]",
        "[s]NLa=1NUL2 ~ f.ini:2: error: the line has a NUL byte: column=4: section=s; remove it",
        "FFFEa ~ f.ini:1: error: the file is UTF-16; save it as UTF-8"})
    void shouldSayWhatIsNoLine(String file, String expected) {
        parse(file.replace("NL", "\n").replace("NUL", "\0").replace("FFFE", "\u00ff\u00fe"));
        assertEquals(expected, texts());
    }

    @Test
    void shouldTellOfEveryLineAndReadTheOthers() {
        assertEquals("2:s.a=1|4:s.b=2", shown(parse("[s]\na=1\nnothing\nb=2\nnothing\n[t\n")));
        assertEquals(List.of(3, 5, 6), problems.inOrder().stream().map(Problem::line).toList());
    }

    @Test
    void shouldReadLongLinesWholeUpToALimit() {
        String path = "/" + "x".repeat(300);
        assertEquals(path, parse("[s]\na=" + path).entries().getFirst().value().toString());
        assertEquals("f.ini:2: warning: the line is longer than CamFlow takes: bytes=303, maxBytes=198: section=s; here it is read whole",
                texts());
        IniFile file = parse("[s]\na=" + "x".repeat(IniParser.LINE_BYTES) + "\nb=1\n");
        assertEquals("b", file.entries().getFirst().key().toString());
        assertTrue(texts().contains("f.ini:2: error: the line is too long: bytes=8194, maxBytes=8192"), this::texts);
    }

    @Test
    void shouldRefuseAFileThatIsNoConfiguration() {
        assertTrue(parse("a=1\n".repeat(IniFile.MAX_BYTES / 4 + 1)).entries().isEmpty());
        assertEquals("f.ini: error: the file is too long for a configuration: maxBytes=1048576; is it the right file?", texts());
    }

    @Test
    void shouldKeepBytesThatAreNoUtf8() {
        RawText value = parse("[s]\na=/x\u00e9\n").entries().getFirst().value();
        assertEquals("/x\\xe9", value.toString());
        assertEquals(null, value.utf8());
        assertEquals((byte) 0xe9, value.bytes()[2]);
    }

    @Test
    void shouldWarnOfIndentationThatHidesAKey() {
        parse("[s]\na=1\n  b=2\n  [t]\n  /plain/path\n");
        assertEquals(List.of(3, 4), problems.inOrder().stream().map(Problem::line).toList());
        assertTrue(texts().contains("an indented line is a further value of the key before: section=s, key=a, value=b=2"), this::texts);
    }

    @Test
    void shouldBoundWhatItTells() {
        parse("noise\n".repeat(5_000));
        assertEquals(Problems.MAX + 1, problems.inOrder().size());
        assertEquals("f.ini: error: further problems: count=4000; mend these first, then check again",
                problems.inOrder().getLast().text());
    }
}
