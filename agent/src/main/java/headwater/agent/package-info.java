// SPDX-License-Identifier: Apache-2.0
/** What runs while a capture runs: from the rings to the log, for one command or for the whole system. */
package headwater.agent;
