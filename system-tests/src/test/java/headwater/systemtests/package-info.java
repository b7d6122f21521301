// SPDX-License-Identifier: Apache-2.0
/** Tests of the whole house on the kernel's own events, through the real command line. */
package headwater.systemtests;
