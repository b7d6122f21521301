// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Gap;
import headwater.model.Session;
import headwater.store.log.ColumnBuffer;
import headwater.store.log.ColumnCursor;
import headwater.store.log.LogFormat;
import headwater.store.log.MalformedPayloadException;
import headwater.store.log.SessionCodec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Sessions and gaps as a segment keeps them: EVENTS of {@link SealedFormat}. */
final class EventBytes {
    private EventBytes() {
    }

    static void put(ColumnBuffer to, Session session) {
        to.putByte(SealedFormat.EVENT_SESSION_START);
        to.putSigned(session.startNs());
        SessionCodec.put(to, session);
    }

    static void putEnd(ColumnBuffer to, long endNs) {
        to.putByte(SealedFormat.EVENT_SESSION_END);
        to.putSigned(endNs);
    }

    static void put(ColumnBuffer to, Gap gap) {
        to.putByte(SealedFormat.EVENT_GAP);
        SessionCodec.put(to, gap);
    }

    /** Adds to what came before. */
    static void read(MemorySegment from, List<Session> sessions, List<Gap> gaps) throws MalformedPayloadException {
        byte[] bytes = from.toArray(ValueLayout.JAVA_BYTE);
        ColumnCursor cursor = new ColumnCursor();
        cursor.reset(bytes, 0, bytes.length);
        while (cursor.remaining() > 0) {
            switch (cursor.takeByte()) {
                case SealedFormat.EVENT_SESSION_START -> {
                    long startNs = cursor.takeSigned();
                    sessions.add(SessionCodec.takeSession(cursor, startNs, LogFormat.VERSION));
                }
                case SealedFormat.EVENT_SESSION_END -> {
                    long endNs = cursor.takeSigned();
                    if (!sessions.isEmpty()) {
                        sessions.set(sessions.size() - 1, sessions.getLast().withEnd(endNs));
                    }
                }
                case SealedFormat.EVENT_GAP -> gaps.add(SessionCodec.takeGap(cursor, LogFormat.VERSION));
                default -> throw new MalformedPayloadException("unknown event of a segment");
            }
        }
    }
}
