/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* RECORD_WORD: a word that belongs to the task's next flow, such as the name of an extended attribute. */
#ifndef HEADWATER_WORDS_H
#define HEADWATER_WORDS_H

#include "flow.h"

#define WORD_BYTES 256		/* XATTR_NAME_MAX and its NUL */

struct word_record {
	struct record_head head;
	char text[WORD_BYTES];
};

KEEP_TYPE(word_record);

#endif
