// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.util.List;

/** The chapters of the coverage table: every scenario is in one of them. To add a channel, see the class that holds its group. */
enum ChannelGroup {
    FILES("Files", List.of(FileChannels.all(), FileMappingChannels.all(), RenamedFileChannels.all(), NameChannels.all(),
            AttributeChannels.all(), EntryChannels.all(), FileSystemChannels.all(), AsyncChannels.all())),
    PROCESSES("Processes", List.of(ProcessChannels.all())),
    IPC("Between processes of one machine", List.of(IpcChannels.all(), OrderChannels.all(), SettingChannels.all())),
    NETWORK("Network", List.of(NetworkChannels.all(), SettingChannels.network())),
    IO_URING("io_uring", List.of(UringChannels.all())),
    KERNEL("Kept in the kernel", List.of(KernelChannels.all())),
    LOADS("Loaded into the kernel", List.of(LoadChannels.all())),
    PROGRAMS("Programs that people run", List.of(ProgramChannels.all())),
    COMPOSITIONS("One behind the other", List.of(CompositionChannels.all()));

    private final String title;
    private final List<Scenario> scenarios;

    ChannelGroup(String title, List<List<Scenario>> files) {
        this.title = title;
        scenarios = files.stream().flatMap(List::stream).toList();
    }

    String title() {
        return title;
    }

    List<Scenario> scenarios() {
        return scenarios;
    }
}
