// SPDX-License-Identifier: Apache-2.0
/** CamFlow's command {@code camflow}, over the daemon's control socket. */
package headwater.cli.camflow;
