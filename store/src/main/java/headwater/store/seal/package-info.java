// SPDX-License-Identifier: Apache-2.0
/** Signed statements of what the log holds: their format, their files, and who signs them. */
package headwater.store.seal;
