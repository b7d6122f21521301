// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import headwater.model.Gap;
import headwater.model.Session;

/** Sessions and gaps as bytes: {@code Session} and {@code Gap} of {@link LogFormat}'s grammar. */
public final class SessionCodec {
    /** The version from which on a session says its policy, and a gap its kind. */
    private static final int WITH_POLICY_AND_KIND = 2;

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
        to.putText(session.onLoss());
    }

    /** @param version of the format that it was written in */
    public static Session takeSession(ColumnCursor from, long startNs, int version) throws MalformedPayloadException {
        int number = from.takeInt();
        String bootId = from.takeText();
        int bootNumber = from.takeInt();
        int machineId = from.takeInt();
        String frontEnd = from.takeText();
        String scope = from.takeText();
        String command = from.takeText();
        long endNs = from.takeSigned();
        String onLoss = version < WITH_POLICY_AND_KIND ? "record" : from.takeText();
        return new Session(number, bootId, bootNumber, machineId, frontEnd, scope, command, onLoss, startNs, endNs);
    }

    public static void put(ColumnBuffer to, Gap gap) {
        to.putVar(gap.cause().code());
        to.putSigned(gap.cpu());
        to.putSigned(gap.fromNs());
        to.putSigned(gap.toNs() - gap.fromNs());
        to.putSigned(gap.count());
        to.putVar(gap.kind().code());
    }

    /** @param version of the format that it was written in */
    public static Gap takeGap(ColumnCursor from, int version) throws MalformedPayloadException {
        long cause = from.takeVar();
        int cpu = from.takeInt();
        long fromNs = from.takeSigned();
        long toNs = fromNs + from.takeSigned();
        long count = from.takeSigned();
        long kind = version < WITH_POLICY_AND_KIND ? Gap.Kind.ANY.code() : from.takeVar();
        try {
            return new Gap(Gap.Cause.ofCode(Math.clamp(cause, 0, Integer.MAX_VALUE)),
                    Gap.Kind.ofCode(Math.clamp(kind, -1, Integer.MAX_VALUE)), cpu, fromNs, toNs, count);
        } catch (IllegalArgumentException e) {
            throw new MalformedPayloadException(e.getMessage());
        }
    }
}
