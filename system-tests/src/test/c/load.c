/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load MODE FILE…: into the kernel itself. What is loaded is unloaded at once, so that a mode can be run again.
 *
 *   load program SOURCE		a BPF program made of the source
 *   load module-file MODULE NAME	finit_module(2)
 *   load module-memory MODULE NAME	init_module(2)
 *   load image SOURCE IMAGE		makes a kernel to boot, of which kexec_file_load(2) finds nothing wrong; never booted
 *   load kexec-file IMAGE INITRD	kexec_file_load(2)
 *   load kexec-memory SOURCE		kexec_load(2), of a segment that holds the source
 */
#include "tester.h"
#include <asm/bootparam.h>
#include <linux/bpf.h>
#include <linux/kexec.h>
#include <stddef.h>
#include <sys/syscall.h>

#define ROOM 4096
static char bytes[ROOM];

/* A program that returns the first byte of the source. */
static void program(char **paths)
{
	struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attributes = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insns = (uintptr_t)code, .insn_cnt = 2, .license = (uintptr_t)"GPL",
	};

	take(paths[0], bytes, ROOM);
	code[0].imm = bytes[0];
	TRY_HERE(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes)), "BPF programs");
}

static void module_file(char **paths)
{
	int fd = open_source(paths[0]);

	TRY_HERE(syscall(SYS_finit_module, fd, "", 0), "modules");
	TRY(syscall(SYS_delete_module, paths[1], 0));
}

static void module_memory(char **paths)
{
	static char image[16 << 20];
	size_t length = take(paths[0], image, sizeof(image));

	TRY_HERE(syscall(SYS_init_module, image, length, ""), "modules");
	TRY(syscall(SYS_delete_module, paths[1], 0));
}

/* ---- kernels to boot ---- */

#define SECTOR 512
#define SETUP_SECTORS 4

/* The header that a boot loader reads (Documentation/arch/x86/boot.rst), and the source where the code would begin. */
static void image(char **paths)
{
	static struct {
		char before[offsetof(struct boot_params, hdr)];
		struct setup_header header;
		char rest[(1 + SETUP_SECTORS) * SECTOR - offsetof(struct boot_params, hdr) - sizeof(struct setup_header)];
		char code[ROOM];
	} __attribute__((packed)) image;

	image.header = (struct setup_header){
		.setup_sects = SETUP_SECTORS, .boot_flag = 0xaa55, .header = 0x53726448 /* HdrS */, .version = 0x020f,
		/* A jump over the header, whose end the kernel takes from it. */
		.jump = 0xeb | (sizeof(struct setup_header) - offsetof(struct setup_header, header)) << 8,
		.loadflags = LOADED_HIGH, .xloadflags = XLF_KERNEL_64 | XLF_CAN_BE_LOADED_ABOVE_4G | XLF_5LEVEL | XLF_5LEVEL_ENABLED,
		.cmdline_size = 255, .initrd_addr_max = 0x7fffffff, .kernel_alignment = 0x200000, .init_size = ROOM,
	};
	take(paths[0], image.code, ROOM);
	give(paths[1], (char *)&image, sizeof(image));
}

static void kexec_file(char **paths)
{
	int kernel = open_source(paths[0]), initrd = open_source(paths[1]);

	TRY_HERE(syscall(SYS_kexec_file_load, kernel, initrd, 1, "", 0), "kexec_file_load(2)");
	TRY(syscall(SYS_kexec_file_load, -1, -1, 0, NULL, KEXEC_FILE_UNLOAD));
}

/* To 16 MiB, where any machine has memory. */
static void kexec_memory(char **paths)
{
	struct kexec_segment segment = { .buf = bytes, .mem = (void *)(16UL << 20), .memsz = ROOM };

	segment.bufsz = take(paths[0], bytes, ROOM);
	TRY_HERE(syscall(SYS_kexec_load, segment.mem, 1, &segment, KEXEC_ARCH_DEFAULT), "kexec_load(2)");
	TRY(syscall(SYS_kexec_load, 0, 0, NULL, KEXEC_ARCH_DEFAULT));
}

static const struct mode modes[] = {
	{ "program", program }, { "module-file", module_file }, { "module-memory", module_memory },
	{ "image", image }, { "kexec-file", kexec_file }, { "kexec-memory", kexec_memory },
};

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: load MODE FILE [FILE]\n");
		return 2;
	}
	return RUN_MODE(modes, argv);
}
