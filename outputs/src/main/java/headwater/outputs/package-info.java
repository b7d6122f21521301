// SPDX-License-Identifier: Apache-2.0
/** Follows a store's log and hands its nodes and edges on in CamFlow's formats, each output at its own pace. */
package headwater.outputs;
