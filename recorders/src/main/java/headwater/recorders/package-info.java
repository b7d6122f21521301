// SPDX-License-Identifier: Apache-2.0
/**
 * Recorders: what keeps the whole graph somewhere else. They read the log behind whoever writes it, block by block,
 * each at its own pace.
 */
package headwater.recorders;
