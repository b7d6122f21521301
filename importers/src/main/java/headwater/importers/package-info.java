// SPDX-License-Identifier: Apache-2.0
/** Reads the evidence of other recorders, statement by statement, and puts it into a store as a session of its own. */
package headwater.importers;
