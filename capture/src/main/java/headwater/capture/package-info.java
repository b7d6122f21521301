// SPDX-License-Identifier: Apache-2.0
/** Capture: a front-end in the kernel, its rings, and the one order of what comes out of them. */
package headwater.capture;
