/* SPDX-License-Identifier: Apache-2.0 */
/* terminal MODE SOURCE SINK: a child puts SOURCE into a terminal by ioctl(2), its parent takes it out. */
#include "tester.h"
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>

#define ROOM 4096
static char bytes[ROOM];
static int master, slave;

static void type(size_t length)
{
	for (size_t i = 0; i < length; i++)
		TRY_HERE(ioctl(slave, TIOCSTI, &bytes[i]), "TIOCSTI");
}

static void set_size(size_t length)
{
	struct winsize size = { .ws_row = bytes[0], .ws_col = bytes[1] };

	MUST(length > 1);
	TRY(ioctl(master, TIOCSWINSZ, &size));
}

static void set_settings(size_t length)
{
	struct termios settings;

	TRY(tcgetattr(slave, &settings));
	MUST(length > 1);
	settings.c_cc[VKILL] = bytes[0];
	TRY(tcsetattr(slave, TCSANOW, &settings));
}

static long read_typed(void)
{
	return TRY(read(slave, bytes, ROOM));
}

static long size_in_words(void)
{
	struct winsize size;

	TRY(ioctl(slave, TIOCGWINSZ, &size));
	return snprintf(bytes, ROOM, "%d %d\n", size.ws_row, size.ws_col);
}

static long settings_in_words(void)
{
	struct termios settings;

	TRY(tcgetattr(slave, &settings));
	return snprintf(bytes, ROOM, "%d\n", settings.c_cc[VKILL]);
}

static void move(char **at, void (*put)(size_t), long (*get)(void))
{
	pid_t child;
	long length;

	TRY(openpty(&master, &slave, NULL, NULL, NULL));
	child = TRY(fork());
	if (!child) {
		put(take(at[0], bytes, ROOM));
		_exit(0);
	}
	wait_for(child);
	length = get();
	give(at[1], bytes, length);
}

static void by_typing(char **at) { move(at, type, read_typed); }
static void by_size(char **at) { move(at, set_size, size_in_words); }
static void by_settings(char **at) { move(at, set_settings, settings_in_words); }

static const struct mode modes[] = { { "typed", by_typing }, { "size", by_size }, { "settings", by_settings } };

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: terminal MODE SOURCE SINK\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
