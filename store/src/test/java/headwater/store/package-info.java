// SPDX-License-Identifier: Apache-2.0
/** Tests of the store, and what they share. */
package headwater.store;
