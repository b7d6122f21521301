// SPDX-License-Identifier: Apache-2.0
package headwater.bench.store;

/** What gcc is told in the build of a kernel: most of the words that a recording of one holds. */
final class KernelBuildWords {
    private static final String FLAGS = """
            -nostdinc -I./arch/x86/include -I./arch/x86/include/generated -I./include -I./arch/x86/include/uapi
            -I./arch/x86/include/generated/uapi -I./include/uapi -I./include/generated/uapi -include
            ./include/linux/compiler-version.h -include ./include/linux/kconfig.h -include
            ./include/linux/compiler_types.h -D__KERNEL__ -fmacro-prefix-map=./= -std=gnu11 -fshort-wchar
            -funsigned-char -fno-common -fno-PIE -fno-strict-aliasing -mno-sse -mno-mmx -mno-sse2 -mno-3dnow -mno-avx
            -fcf-protection=none -m64 -falign-jumps=1 -falign-loops=1 -mno-80387 -mpreferred-stack-boundary=3
            -mskip-rax-setup -march=x86-64 -mno-red-zone -mcmodel=kernel -Wno-sign-compare
            -fno-asynchronous-unwind-tables -mindirect-branch=thunk-extern -fno-jump-tables
            -fno-delete-null-pointer-checks -O2 -fstack-protector-strong -Wall -Wundef
            -Werror=implicit-function-declaration -Wno-unused-but-set-variable -pg -mrecord-mcount
            """;
    private static final String ENVIRONMENT = """
            ARCH=x86
            SRCARCH=x86
            CC=gcc
            LD=ld
            AR=ar
            NM=nm
            OBJCOPY=objcopy
            HOSTCC=gcc
            KBUILD_VERBOSE=0
            KERNELRELEASE=6.12.0
            CONFIG_SHELL=sh
            LC_COLLATE=C
            LC_NUMERIC=C
            LANG=C.UTF-8
            HOME=/root
            USER=root
            LOGNAME=root
            MAIL=/var/mail/root
            MAKELEVEL=2
            srctree=.
            objtree=.
            AWK=awk
            PYTHON3=python3
            ZSTD=zstd
            SHELL=/bin/bash
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            MAKEFLAGS=rR -j8 --jobserver-auth=fifo:/tmp/GMfifo4711 --no-print-directory
            PWD=/usr/src/linux
            TERM=xterm-256color
            KBUILD_CFLAGS=-Wall -Wundef -Werror=strict-prototypes -Wno-trigraphs -fno-strict-aliasing -fno-common \
            -fshort-wchar
            """;

    private KernelBuildWords() {
    }

    /** Arguments of each call of the compiler. */
    static String[] flags() {
        return FLAGS.strip().split("\\s+");
    }

    /** Variables that each process has. */
    static String[] environment() {
        return ENVIRONMENT.strip().split("\n");
    }
}
