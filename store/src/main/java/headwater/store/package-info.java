// SPDX-License-Identifier: Apache-2.0
/** A store on disk: who may open it, how it is written, how it is read. */
package headwater.store;
