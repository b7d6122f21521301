// SPDX-License-Identifier: Apache-2.0
/** An answer as a person sees it: versions of one object as one figure, a process as one box, like files folded. */
package headwater.query.picture;
