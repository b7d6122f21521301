// SPDX-License-Identifier: Apache-2.0
package headwater.graph.lines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What lines say, whatever bytes they are. */
class LineParsersTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldReadWhatSyslogSends() {
        assertEquals(new SaidLine("hello: you", Map.of("priority", "13", "tag", "logger", "claimed_pid", "42")),
                SyslogMessage.parse("<13>Nov 22 15:00:00 logger[42]: hello: you"));
        assertEquals(new SaidLine("x", Map.of("tag", "su")), SyslogMessage.parse("su: x\n"));
        assertEquals(new SaidLine("text", Map.of("priority", "34", "tag", "su", "claimed_pid", "7")),
                SyslogMessage.parse("<34>1 2026-11-22T15:00:00Z host su 7 ID [a b=\"]\\\"\"][c] text"));
        assertFalse(SyslogMessage.parse("<x>no: priority").fields().containsKey("priority"));
        assertEquals(SaidLine.of(""), SyslogMessage.parse(""));
    }

    @Test
    void shouldReadWhatTheJournalIsSent() {
        byte[] binary = bytes("MESSAGE\n\3\0\0\0\0\0\0\0a\nb\nPRIORITY=6\n_PID=1\nSYSLOG_IDENTIFIER=me\n");
        assertEquals(new SaidLine("a\nb", Map.of("priority", "6", "syslog_identifier", "me")), JournalMessage.parse(binary));
        assertEquals("cut", JournalMessage.parse(bytes("MESSAGE\n\377\377\377\377\377\377\377\177cut")).text());
        assertEquals("", JournalMessage.parse(bytes("MESSAGE\n\377\377\377")).text());
    }

    @Test
    void shouldTellAHeaderFromLines() {
        StreamHeader header = StreamHeader.of(bytes("nginx\nnginx.service\n6\n1\n0\n0\n0\nfirst"));
        assertEquals(Map.of("tag", "nginx", "claimed_unit", "nginx.service", "priority", "6"), header.fields());
        assertEquals("nginx\nnginx.service\n6\n1\n0\n0\n0\n".length(), header.bytes());
        assertNull(StreamHeader.of(bytes("one\ntwo\nthree\nfour\nfive\nsix\nseven\n")));
        assertNull(StreamHeader.of(bytes("")));
    }

    @Test
    void shouldGoByTheSystemsUnitsOnly() {
        assertEquals("nginx.service", AnnotationRule.unitOf("/system.slice/nginx.service"));
        assertEquals("nginx.service", AnnotationRule.unitOf("/system.slice/system-x.slice/nginx.service/worker"));
        assertEquals("user@1000.service", AnnotationRule.unitOf("/user.slice/user-1000.slice/user@1000.service/app.slice/nginx.service"));
        assertEquals("", AnnotationRule.unitOf(null));
    }

    @Test
    void shouldKnowWhichFileALineIsAbout() {
        assertTrue(LineMatch.isAbout("/srv/www/a.txt", "/a.txt?x=1"));
        assertTrue(LineMatch.isAbout("/srv/www/a b.txt", "/a%20b.txt"));
        assertTrue(LineMatch.isAbout("/srv/www/a.txt", "a.txt"));
        assertFalse(LineMatch.isAbout("/srv/www/aa.txt", "a.txt"));
        assertFalse(LineMatch.isAbout("/srv/www/a.txt", "/"));
        assertFalse(LineMatch.isAbout(null, "/a"));
    }

    @Test
    void shouldTakeNoLongerForAHostileLine() {
        AnnotationRule rule = new AnnotationRule("r", LineFormat.LINES, AnnotationRule.pattern("^(a+)+(?P<end>b)$"), false, "path", "", "");
        String line = "a".repeat(LineCutter.LINE_BYTES_MAX);
        assertTimeout(Duration.ofSeconds(5), () -> assertNull(rule.fields(SaidLine.of(line))));
        assertEquals(Map.of("end", "b"), rule.fields(SaidLine.of("aab")));
        assertThrows(IllegalArgumentException.class, () -> AnnotationRule.pattern("(?=look)"));
    }

    @Test
    void shouldGiveEachUserItsShare() {
        UserBudget budget = new UserBudget(10);
        int first = 0;
        for (int i = 0; i < 1000; i++) {
            first += budget.take(1000, i) ? 1 : 0;
        }
        assertEquals(20, first);
        assertTrue(budget.take(1001, 0), "another user's");
        assertTrue(budget.take(1000, 200_000_000L), "a fifth of a second later");
        int subordinate = 0;
        for (int uid = 165_536; uid < 165_536 + 1000; uid++) {
            subordinate += budget.take(uid, 0) ? 1 : 0;
        }
        assertEquals(20, subordinate, "one range of subordinate ids is one user's");
    }

    @Test
    void shouldCutLinesApartForEachProcessAndBound() {
        LineCutter cutter = new LineCutter();
        List<String> lines = new ArrayList<>();
        LineCutter.Sink sink = (source, line, cut) -> lines.add(source.process() + ":" + new String(line, StandardCharsets.UTF_8) + (cut ? "…" : ""));
        LineCutter.Source one = new LineCutter.Source(1, 9);
        LineCutter.Source two = new LineCutter.Source(2, 9);
        cutter.written(one, bytes("a"), false, sink);
        cutter.written(two, bytes("x\ny"), false, sink);
        cutter.written(one, bytes("b\n\nc\nd"), false, sink);
        cutter.ended(2, sink);
        cutter.written(one, bytes("e"), true, sink);
        assertEquals(List.of("2:x", "1:ab", "1:c", "2:y", "1:de…"), lines);
        lines.clear();
        for (int i = 0; i < 100; i++) {
            cutter.written(one, new byte[4000], false, sink);
        }
        cutter.finish(sink);
        assertEquals(1, lines.size());
        assertEquals(LineCutter.LINE_BYTES_MAX + 3, lines.getFirst().length());
    }

    @FuzzTest
    void takesAnyBytes(byte[] any) {
        String text = new String(any, StandardCharsets.UTF_8);
        assertTrue(SyslogMessage.parse(text).text().length() <= text.length());
        assertTrue(SyslogMessage.parse("<13>1 " + text).fields().size() <= 3);
        assertTrue(JournalMessage.parse(any).fields().size() <= SaidLine.FIELDS_MAX);
        StreamHeader header = StreamHeader.of(any);
        assertTrue(header == null || header.bytes() <= any.length);
        LineMatch.isAbout("/a/b", text);
        FieldsJson.of(Map.of(text, text));
        new LineCutter().written(new LineCutter.Source(1, 1), any, any.length % 2 == 0, (source, line, cut) ->
                assertTrue(line.length > 0 && line.length <= LineCutter.LINE_BYTES_MAX));
    }
}
