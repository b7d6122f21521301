// SPDX-License-Identifier: Apache-2.0
/** The records that the kernel side hands out, as Java reads them: the mirror of {@code bpf/record.h}. */
package headwater.record;
