package dev.wherry.daemon.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.runtime.spec.DefaultSpec;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Argument;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.SystemCalls;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DefaultSeccompTest {

    @Test
    void socketsOfTheKernelsCryptographyAndOfTheHypervisorAreDenied() {
        List<Integer> denied = IntStream.range(0, 64)
                .filter(family -> DefaultSeccomp.of(DefaultSpec.CAPABILITIES).syscalls().stream()
                        .filter(rule -> rule.names().contains("socket"))
                        .noneMatch(rule -> takes(rule, family)))
                .boxed()
                .toList();

        assertThat(denied).containsExactly(38, 40);
    }

    @Test
    void listsX32WhereTheKernelRunsItsPrograms() {
        assertThat(DefaultSeccomp.architectures(true))
                .containsExactly("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
        assertThat(DefaultSeccomp.architectures(false)).containsExactly("SCMP_ARCH_X86_64", "SCMP_ARCH_X86");
    }

    private static boolean takes(SystemCalls rule, int family) {
        assertThat(rule.args()).hasSize(1);
        Argument argument = rule.args().getFirst();
        int value = argument.value().intValue();
        return switch (argument.op()) {
            case "SCMP_CMP_LT" -> family < value;
            case "SCMP_CMP_EQ" -> family == value;
            case "SCMP_CMP_GT" -> family > value;
            default -> throw new AssertionError(argument.op());
        };
    }
}
