// SPDX-License-Identifier: Apache-2.0
/** The configuration files, in CamFlow's dialect: read with every problem named, typed, and written again. */
package headwater.config;
