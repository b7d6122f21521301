// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import java.util.List;

/** What goes into the kernel itself: programs, modules, firmware, kernels to boot. */
final class LoadChannels {
    /** A module that every stock kernel has, as a file that is not compressed; other machines may have none. */
    private static final String MODULE = """
            kernel=$(uname -r)
            packed=$(find "/lib/modules/$kernel" -name 'dummy.ko*' 2>/dev/null | head -n 1)
            case $packed in
                *.ko) cp "$packed" module.ko ;;
                *.xz) xz -dc "$packed" >module.ko ;;
                *) echo "this kernel has no module dummy: not found"; exit 77 ;;
            esac
            """;


    /** Before what changes the machine's own kernel or devices. */
    private static final String IN_GUESTS_ONLY = """
            if [ -z "$GUEST_OUT" ]; then
                echo "this machine is no guest of the tests, and not theirs to change: not found"
                exit 77
            fi
            """;

    /**
     * The guest's memory device ({@link ScenarioGuest#DEVICES}) is taken for a data acquisition card, whose driver asks for its firmware:
     * sixteen bytes, the first four of them the length of the rest, and the rest.
     */
    private static final String FIRMWARE = IN_GUESTS_ONLY + """
            for device in /sys/bus/pci/devices/*; do
                case $(cat "$device/vendor" "$device/device" | tr '\\n' ' ') in '0x1af4 0x1110 ') card=${device##*/} ;; esac
            done
            [ -n "$card" ] || { echo "this machine has no card to be given firmware: not found"; exit 77; }
            mkdir firmware
            for from in source other; do
                { printf '\\0\\0\\0\\020version date-of '; head -c 16 $from; } >firmware/$from.bin
            done
            mv firmware/source.bin firmware/me2600_firmware.bin
            modprobe me_daq
            printf %s "$PWD/firmware" >/sys/module/firmware_class/parameters/path
            echo 1af4 1110 >/sys/bus/pci/drivers/me_daq/new_id
            [ -e "/sys/bus/pci/drivers/me_daq/$card" ]
            echo >/sys/module/firmware_class/parameters/path
            echo 1af4 1110 >/sys/bus/pci/drivers/me_daq/remove_id
            modprobe -r me_daq
            """;

    private LoadChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                load("program", "bpf(2), BPF_PROG_LOAD", "a program made of the source", "load program source\n", "source"),
                load("module-file", "finit_module(2)", "a module, out of a file", MODULE + "load module-file module.ko dummy\n",
                        "module.ko"),
                load("module-memory", "init_module(2)", "a module, out of memory", MODULE + "load module-memory module.ko dummy\n",
                        "module.ko"),
                load("firmware", "firmware", "a driver asks the kernel for a file, by a name that no call has", FIRMWARE, "source")
                        .never("firmware that is not asked for does not reach the kernel", graph -> graph.assertNotInKernel("other"))
                        .unseen(BlindSpot.KERNEL_READS),
                load("kernel-reads", "/sys/block/zram0/algorithm_params", "a dictionary, named in what is written to a setting",
                        IN_GUESTS_ONLY + """
                        cat source >dictionary
                        modprobe zram
                        setting=/sys/block/zram0/algorithm_params
                        [ -e $setting ] || { modprobe -r zram; echo "this kernel has no $setting: not found"; exit 77; }
                        echo "dict=$PWD/dictionary" >$setting
                        modprobe -r zram
                        """, "source").notOn(Kernel.V6_1, "no such setting before 6.12").unseen(BlindSpot.KERNEL_READS),
                load("kexec-file", "kexec_file_load(2)", "a kernel to boot and its first file system, out of files", IN_GUESTS_ONLY + """
                        load image source image
                        cat other >initrd
                        load kexec-file image initrd
                        """, "source", "other"),
                load("kexec-memory", "kexec_load(2)", "a kernel to boot, out of memory",
                        IN_GUESTS_ONLY + "load kexec-memory source\n", "source"));
    }

    /** The kernel comes from {@code sources}, which every report of them says, and from nothing else of the scenario. */
    private static Scenario load(String name, String channel, String description, String script, String... sources) {
        Scenario scenario = Scenario.of(name, channel, description, script);
        for (String source : sources) {
            scenario.expect(source + " reaches the kernel", graph -> graph.assertReachesKernel(source))
                    .expect("the kernel comes from " + source, graph -> graph.assertKernelFrom(source));
        }
        return scenario.never("decoy does not reach the kernel", graph -> graph.assertNotInKernel("decoy"));
    }
}
