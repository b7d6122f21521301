// SPDX-License-Identifier: Apache-2.0
/** The append-only log: its format, its writer, its reader, and what is done about a tail that a crash left. */
package headwater.store.log;
