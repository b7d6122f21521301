// SPDX-License-Identifier: Apache-2.0
/** The kernel and libbpf, called by name through the foreign function interface; no generated code, no JNI. */
package headwater.capture.kernel;
