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
}
