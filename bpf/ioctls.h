/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What an ioctl(2) moves, by its command: settings (of a terminal, of a file) are attributes; bytes pushed into a terminal are
 * written; a clone is a copy; of other devices the command says in which direction it moves data.
 */
#ifndef HEADWATER_IOCTLS_H
#define HEADWATER_IOCTLS_H

#include "kernel.h"

enum ioctl_effect {
	IOCTL_NONE = 0,
	IOCTL_PUTS = 1,		/* into the device */
	IOCTL_TAKES = 2,	/* out of the device */
	IOCTL_SETS = 4,		/* attributes */
	IOCTL_ASKS = 8,		/* for attributes */
	IOCTL_CLONES = 16,	/* from the file whose descriptor is the argument */
	IOCTL_CLONES_RANGE = 32,	/* from the file whose descriptor comes first in what the argument points to */
	IOCTL_FILLS = 64,	/* pages of the memory that a userfaultfd is of */
};

/* include/uapi/asm-generic/ioctl.h */
#define IOCTL_KIND(command) ((command) >> 8 & 0xff)
#define IOCTL_WRITES 1
#define IOCTL_READS 2
#define IOCTL_DIRECTION(command) ((command) >> 30)

/* Commands of terminals: 'T'. Those that are left out move nothing that another can choose (jobs, modes of the descriptor). */
static __always_inline u32 terminal_effect(u32 command)
{
	switch (command) {
	case 0x5412:		/* TIOCSTI: as if typed */
		return IOCTL_PUTS;
	case 0x541c:		/* TIOCLINUX: selection of a console, pasted */
		return IOCTL_PUTS | IOCTL_TAKES;
	case 0x5402 ... 0x5404:	/* TCSETS, TCSETSW, TCSETSF */
	case 0x5406 ... 0x5408:	/* TCSETA… */
	case 0x5414:		/* TIOCSWINSZ */
	case 0x5416:		/* TIOCMBIS … */
	case 0x5417:
	case 0x5418:
	case 0x541a:		/* TIOCSSOFTCAR */
	case 0x5423:		/* TIOCSETD */
	case 0x402c542b ... 0x402c542d:	/* TCSETS2… */
	case 0x5432 ... 0x5435:	/* TCGETX, TCSETX… */
	case 0x5457:		/* TIOCSLCKTRMIOS */
		return IOCTL_SETS;
	case 0x5401:		/* TCGETS */
	case 0x5405:		/* TCGETA */
	case 0x5413:		/* TIOCGWINSZ */
	case 0x5415:		/* TIOCMGET */
	case 0x5419:		/* TIOCGSOFTCAR */
	case 0x5424:		/* TIOCGETD */
	case 0x5456:		/* TIOCGLCKTRMIOS */
	case 0x802c542a:	/* TCGETS2 */
		return IOCTL_ASKS;
	}
	return IOCTL_NONE;
}

/* `type` is that of the inode, S_IF…. */
static __always_inline u32 ioctl_effect(u32 command, u32 type)
{
	switch (command) {
	case 0x40049409:	/* FICLONE */
		return IOCTL_CLONES;
	case 0x4020940d:	/* FICLONERANGE */
		return IOCTL_CLONES_RANGE;
	case 0x40086602:	/* FS_IOC_SETFLAGS */
	case 0x40087602:	/* FS_IOC_SETVERSION */
	case 0x401c5820:	/* FS_IOC_FSSETXATTR */
		return IOCTL_SETS;
	case 0x80086601:	/* FS_IOC_GETFLAGS */
	case 0x80087601:	/* FS_IOC_GETVERSION */
	case 0x801c581f:	/* FS_IOC_FSGETXATTR */
		return IOCTL_ASKS;
	case 0xc028aa03:	/* UFFDIO_COPY */
		return IOCTL_FILLS;
	}
	if (type != S_IFCHR && type != S_IFBLK)
		return IOCTL_NONE;
	if (IOCTL_KIND(command) == 'T')
		return terminal_effect(command);
	/* A command without a direction is itself what is told to the device. */
	if (!IOCTL_DIRECTION(command))
		return IOCTL_PUTS;
	return (IOCTL_DIRECTION(command) & IOCTL_WRITES ? IOCTL_PUTS : 0) |
	       (IOCTL_DIRECTION(command) & IOCTL_READS ? IOCTL_TAKES : 0);
}

#endif
