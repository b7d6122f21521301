// SPDX-License-Identifier: Apache-2.0
/** Retention: drops the beginning of a log under a signed statement, and carries what the rest still speaks of. */
package headwater.store.retention;
