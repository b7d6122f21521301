// SPDX-License-Identifier: Apache-2.0
/** The keys that sign a store's log: where they are kept, how one follows another, and their formats. */
package headwater.store.keys;
