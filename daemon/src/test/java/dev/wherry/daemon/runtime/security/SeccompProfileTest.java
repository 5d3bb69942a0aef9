package dev.wherry.daemon.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Seccomp;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seccomp profiles in docker's format. */
public class SeccompProfileTest {

    public static final String PROFILE = """
            {
              "defaultAction": "SCMP_ACT_ALLOW",
              "archMap": [
                {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]},
                {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]}
              ],
              "syscalls": [
                {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38},
                {"name": "chmod", "action": "SCMP_ACT_ERRNO", "args": []},
                {"names": ["personality"], "action": "SCMP_ACT_ERRNO",
                 "args": [{"index": 0, "value": 18446744073709551615, "op": "SCMP_CMP_EQ"}]},
                {"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "excludes": {"caps": ["CAP_BPF"]}},
                {"names": ["mount"], "action": "SCMP_ACT_ERRNO", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
                {"names": ["ptrace"], "action": "SCMP_ACT_ERRNO", "includes": {"minKernel": "4.8"}},
                {"names": ["reboot"], "action": "SCMP_ACT_ERRNO", "includes": {"minKernel": "99.0"}},
                {"names": ["s390_pci_mmio_read"], "action": "SCMP_ACT_ERRNO", "includes": {"arches": ["s390x"]}}
              ]
            }""";

    private static List<String> names(Seccomp profile) {
        return profile.syscalls().stream()
                .flatMap(rule -> rule.names().stream())
                .toList();
    }

    @Test
    void rulesDependOnCapabilitiesKernelAndMachine() {
        assertThat(names(SeccompProfile.spec(PROFILE, List.of())))
                .containsExactly("mkdir", "mkdirat", "chmod", "personality", "bpf", "ptrace");
        assertThat(names(SeccompProfile.spec(PROFILE, List.of("CAP_BPF", "CAP_SYS_ADMIN"))))
                .contains("mount")
                .doesNotContain("bpf");
    }

    @Test
    void valuesOfTheProfileAreKept() {
        Seccomp profile = SeccompProfile.spec(PROFILE, List.of());

        assertThat(profile.defaultAction()).isEqualTo("SCMP_ACT_ALLOW");
        assertThat(profile.architectures()).isNotEmpty();
        assertThat(profile.syscalls().getFirst().errnoRet()).isEqualTo(38);
        assertThat(profile.syscalls().get(2).args().getFirst().value())
                .isEqualTo(BigInteger.TWO.pow(64).subtract(BigInteger.ONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "[]",
                "{}",
                "{\"defaultAction\": \"SCMP_ACT_PERHAPS\"}",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"listenerPath\": \"/run/x\"}",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [], \"action\": \"SCMP_ACT_ALLOW\"}]}",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"], \"action\": \"x\"}]}",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"], \"action\":"
                        + " \"SCMP_ACT_LOG\", \"args\": [{\"index\": 9, \"op\": \"SCMP_CMP_EQ\"}]}]}"
            })
    void whatIsNoProfileIsRefused(String json) {
        assertThatThrownBy(() -> SeccompProfile.spec(json, List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("seccomp profile is malformed");
    }

    @Test
    void defaultProfileOpensWhatACapabilityIsFor() {
        assertThat(DefaultSeccomp.of(List.of("CAP_SYS_ADMIN"))
                        .syscalls()
                        .getFirst()
                        .names())
                .contains("mount", "clone", "clone3", "setns", "bpf")
                .doesNotContain("reboot", "chroot");
        assertThat(DefaultSeccomp.of(List.of()).syscalls().getFirst().names()).doesNotContain("mount", "chroot");
    }
}
