// SPDX-License-Identifier: Apache-2.0
/**
 * The gate: what capture costs, as figures that do not depend on the machine, in a file of the tree; and the judge that says where a build
 * differs. {@code dev/bench gate} and a system test run it.
 */
package headwater.bench.gate;
