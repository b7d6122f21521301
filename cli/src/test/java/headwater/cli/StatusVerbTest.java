// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StatusVerbTest {
    @Test
    void shouldHaveALineForEachOutputAndRecorder() {
        String status = "{\"version\":1,\"ok\":true,\"running\":true,\"outputs\":[{\"name\":\"log\",\"destination\":\"log\",\"format\":\"w3c\","
                + "\"state\":\"caught_up\",\"behind\":0,\"documents\":512,\"last_error\":\"\"}],\"recorders\":[{\"name\":\"kafka\","
                + "\"kind\":\"kafka\",\"state\":\"retrying\",\"behind\":41230,\"behind_blocks\":12,\"blocks\":3,\"recorded\":9,\"per_second\":0,"
                + "\"last_error\":\"no broker\"},{\"name\":\"gzip\",\"kind\":\"gzip\",\"state\":\"sending\",\"behind\":7,\"behind_blocks\":-1,"
                + "\"blocks\":-1,\"recorded\":100,\"per_second\":55,\"last_error\":\"\"}]}";
        assertEquals("\noutput log (w3c): caught up, behind by 0 records, 512 documents sent"
                + "\nrecorder kafka: retrying, behind by 41230 records (12 blocks), 9 recorded; last error: no broker"
                + "\nrecorder gzip: sending, behind by 7 records, 100 recorded, 55/s", StatusVerb.followers(status));
        assertEquals("", StatusVerb.followers("{\"version\":1,\"ok\":true,\"running\":true}"));
    }

    @Test
    void shouldSayWhatIsKeptAndWhatWasDropped() {
        assertEquals("", StatusVerb.retention("{\"ok\":true,\"retention\":\"\",\"retention_trouble\":\"\",\"dropped_segments\":0}"));
        assertEquals("\nretention (age=30d): nothing dropped yet; trouble: the disk is full", StatusVerb.retention(
                "{\"ok\":true,\"retention\":\"age=30d\",\"retention_trouble\":\"the disk is full\",\"dropped_segments\":0}"));
        String dropped = "{\"ok\":true,\"retention\":\"age=30d, important=disclosed\",\"retention_trouble\":\"\",\"dropped_segments\":41,"
                + "\"dropped_until_ms\":1700000000123,\"dropped_at_ms\":1790000000000,\"dropped_why\":\"age\"";
        String said = "\nretention (age=30d, important=disclosed): dropped up to 2023-11-14T22:13:20Z (the first 41 segments), last at "
                + "2026-09-21T14:13:20Z for age";
        assertEquals(said, StatusVerb.retention(dropped + "}"));
        assertEquals(said + "; segment 42 and all after it kept for hw:7, which is important",
                StatusVerb.retention(dropped + ",\"pinned_segment\":42,\"pinned_by\":\"hw:7\"}"));
        assertEquals(said + "; segment 42 and all after it kept for hw:7, which is important, until 2023-11-14T22:13:20Z",
                StatusVerb.retention(dropped + ",\"pinned_segment\":42,\"pinned_by\":\"hw:7\",\"pinned_until_ms\":1700000000123}"));
    }
}
