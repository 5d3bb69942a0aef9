package dev.wherry.daemon.api.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.cri.v1.ContainerConfig;
import dev.wherry.cri.v1.IDMapping;
import dev.wherry.cri.v1.LinuxContainerConfig;
import dev.wherry.cri.v1.LinuxContainerSecurityContext;
import dev.wherry.cri.v1.LinuxPodSandboxConfig;
import dev.wherry.cri.v1.LinuxSandboxSecurityContext;
import dev.wherry.cri.v1.Mount;
import dev.wherry.cri.v1.NamespaceMode;
import dev.wherry.cri.v1.NamespaceOption;
import dev.wherry.cri.v1.PodSandboxConfig;
import dev.wherry.cri.v1.UserNamespace;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.pod.SandboxConfig;
import dev.wherry.daemon.runtime.spec.IdMapping;
import dev.wherry.daemon.runtime.spec.UserMappings;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserNamespacesTest {

    private static final IDMapping ONE = mapping(0, 100_000);

    private static IDMapping mapping(int inside, int outside) {
        return IDMapping.newBuilder()
                .setContainerId(inside)
                .setHostId(outside)
                .setLength(65536)
                .build();
    }

    private static NamespaceOption asked(NamespaceMode mode, IDMapping... mappings) {
        UserNamespace.Builder users = UserNamespace.newBuilder().setMode(mode);
        for (IDMapping mapping : mappings) {
            users.addUids(mapping).addGids(mapping);
        }
        return NamespaceOption.newBuilder().setUsernsOptions(users).build();
    }

    private static SandboxConfig pod(NamespaceOption namespaces) {
        return SandboxMessages.config(
                PodSandboxConfig.newBuilder()
                        .setLinux(LinuxPodSandboxConfig.newBuilder()
                                .setSecurityContext(
                                        LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(namespaces)))
                        .build(),
                "");
    }

    private static ContainerConfig container(NamespaceOption namespaces, Mount... mounts) {
        return ContainerConfig.newBuilder()
                .setLinux(LinuxContainerConfig.newBuilder()
                        .setSecurityContext(
                                LinuxContainerSecurityContext.newBuilder().setNamespaceOptions(namespaces)))
                .addAllMounts(List.of(mounts))
                .build();
    }

    private static void isRefused(NamespaceOption namespaces, String reason) {
        assertThatThrownBy(() -> UserNamespaces.mappings(namespaces))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aPodHasOneMapping() {
        assertThat(UserNamespaces.mappings(asked(NamespaceMode.POD, mapping(0, -65536 * 2))))
                .isEqualTo(
                        new UserMappings(new IdMapping(0, 0xfffe_0000L, 65536), new IdMapping(0, 0xfffe_0000L, 65536)));
        isRefused(asked(NamespaceMode.POD), "one mapping of its uids, not 0");
        isRefused(asked(NamespaceMode.POD, ONE, mapping(65536, 200_000)), "one mapping of its uids, not 2");
    }

    @Test
    void thatOfTheNodeIsNone() {
        assertThat(UserNamespaces.mappings(NamespaceOption.getDefaultInstance()))
                .isNull();
        assertThat(UserNamespaces.mappings(asked(NamespaceMode.NODE))).isNull();
        isRefused(asked(NamespaceMode.NODE, ONE), "mode POD");
    }

    @Test
    void noContainerHasItsOwn() {
        isRefused(asked(NamespaceMode.CONTAINER, ONE), "CONTAINER");
        isRefused(asked(NamespaceMode.TARGET), "TARGET");
    }

    @Test
    void containersAndTheirMountsAreInThatOfTheirPod() {
        NamespaceOption mapped = asked(NamespaceMode.POD, ONE);
        Mount mount = Mount.newBuilder().addUidMappings(ONE).addGidMappings(ONE).build();

        UserNamespaces.check(container(mapped, mount, Mount.getDefaultInstance()), pod(mapped));
        UserNamespaces.check(container(NamespaceOption.getDefaultInstance()), pod(mapped));

        assertThatThrownBy(() ->
                        UserNamespaces.check(container(asked(NamespaceMode.POD, mapping(0, 200_000))), pod(mapped)))
                .hasMessageContaining("the same mappings");
        assertThatThrownBy(() -> UserNamespaces.check(container(mapped), pod(asked(NamespaceMode.NODE))))
                .hasMessageContaining("the same mappings");
        assertThatThrownBy(() -> UserNamespaces.check(
                        container(
                                mapped,
                                mount.toBuilder()
                                        .setUidMappings(0, mapping(0, 5))
                                        .build()),
                        pod(mapped)))
                .hasMessageContaining("maps users in another way");
    }

    @Test
    void statusSaysWhatWasAsked() {
        NamespaceOption mapped = asked(NamespaceMode.POD, ONE);

        assertThat(UserNamespaces.message(UserNamespaces.mappings(mapped))).isEqualTo(mapped.getUsernsOptions());
    }
}
