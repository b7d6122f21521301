// SPDX-License-Identifier: Apache-2.0
/** Tables on disk for what is larger than memory: appended, sorted and looked up by mapping temporary files. */
package headwater.importers.spool;
