// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import headwater.model.Gap;
import headwater.model.Session;

/** Sessions and gaps as bytes: {@code Session} and {@code Gap} of {@link LogFormat}'s grammar. */
public final class SessionCodec {
    private SessionCodec() {
    }

    /** Puts all of a session but its start. */
    public static void put(ColumnBuffer to, Session session) {
        to.putSigned(session.number());
        to.putText(session.bootId());
        to.putSigned(session.bootNumber());
        to.putSigned(session.machineId());
        to.putText(session.frontEnd());
        to.putText(session.scope());
        to.putText(session.command());
        to.putSigned(session.endNs());
    }

    public static Session takeSession(ColumnCursor from, long startNs) throws MalformedPayloadException {
        int number = from.takeInt();
        String bootId = from.takeText();
        int bootNumber = from.takeInt();
        int machineId = from.takeInt();
        String frontEnd = from.takeText();
        String scope = from.takeText();
        String command = from.takeText();
        return new Session(number, bootId, bootNumber, machineId, frontEnd, scope, command, startNs, from.takeSigned());
    }

    public static void put(ColumnBuffer to, Gap gap) {
        to.putVar(gap.cause().code());
        to.putSigned(gap.cpu());
        to.putSigned(gap.fromNs());
        to.putSigned(gap.toNs() - gap.fromNs());
        to.putSigned(gap.count());
    }

    public static Gap takeGap(ColumnCursor from) throws MalformedPayloadException {
        long code = from.takeVar();
        Gap.Cause cause;
        try {
            cause = Gap.Cause.ofCode(Math.clamp(code, 0, Integer.MAX_VALUE));
        } catch (IllegalArgumentException e) {
            throw new MalformedPayloadException(e.getMessage());
        }
        int cpu = from.takeInt();
        long fromNs = from.takeSigned();
        return new Gap(cause, cpu, fromNs, fromNs + from.takeSigned(), from.takeSigned());
    }
}
