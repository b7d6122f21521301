// SPDX-License-Identifier: Apache-2.0
/**
 * For programs: tells a running Headwater what a program does inside. It needs nothing but the JDK; {@code docs/disclosure.md} is the
 * protocol, and what is made of what is told.
 *
 * <pre>{@code
 * try (DisclosureClient headwater = DisclosureClient.connect()) {
 *     headwater.disclose(new Statement()
 *             .activity("resize", "resize to 100x100", Map.of("width", 100))
 *             .used(Thing.named("resize"), Thing.file(input))
 *             .generated(Thing.file(output), Thing.named("resize"))
 *             .derivedOnly(Thing.file(output), Thing.file(input)));
 * }
 * }</pre>
 */
package headwater.disclosure;
