// SPDX-License-Identifier: Apache-2.0
/** Benches of the store, run by hand. */
package headwater.store.bench;
