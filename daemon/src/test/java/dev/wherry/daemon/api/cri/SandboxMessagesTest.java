package dev.wherry.daemon.api.cri;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.cri.v1.LinuxPodSandboxConfig;
import dev.wherry.cri.v1.PodSandboxConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SandboxMessagesTest {

    @ParameterizedTest
    @CsvSource({
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice, kubepods-burstable-pod1.slice",
        "kubepods.slice, kubepods.slice",
        "/kubepods/burstable/pod1, /kubepods/burstable/pod1",
        "'', ''"
    })
    void sliceOfSystemdIsNamedByItself(String group, String parent) {
        PodSandboxConfig pod = PodSandboxConfig.newBuilder()
                .setLinux(LinuxPodSandboxConfig.newBuilder().setCgroupParent(group))
                .build();

        assertThat(SandboxMessages.config(pod, "").cgroupParent()).isEqualTo(parent);
    }
}
