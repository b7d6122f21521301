// SPDX-License-Identifier: Apache-2.0
/** Tests of the index's parts. */
package headwater.store.index;
