// SPDX-License-Identifier: Apache-2.0
/** What programs tell of themselves: the socket, who speaks there, what is taken of it, and by what limits (docs/disclosure.md). */
package headwater.agent.disclosure;
