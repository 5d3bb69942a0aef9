package dev.wherry.daemon.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.spec.PodLimits;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.HugePages;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which limits of a pod's container are taken, and what the runtime is given of them. */
class PodLimitsTest {

    private static PodLimits unified(String file, String content) {
        return new PodLimits(Map.of(), Map.of(file, content));
    }

    private static PodLimits pages(String size, long limit) {
        return new PodLimits(Map.of(size, limit), Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "memory.min",
                "memory.high",
                "memory.oom.group",
                "memory.swap.max",
                "hugetlb.2MB.rsvd.max",
                "io.max",
                "cpu.weight.nice",
                "cgroup.max.descendants"
            })
    void filesOfLimitsAreTaken(String file) {
        assertThatCode(() -> ResourceRules.check(unified(file, "max"), true)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "memory",
                "../memory.high",
                "/memory.high",
                "a/memory.high",
                "memory.high/",
                ".high",
                "memory..high",
                "memory.",
                "memory.high\n",
                "memory.high\0",
                "memory high",
                "cgroup.procs",
                "cgroup.kill",
                "cgroup.freeze",
                "cgroup.subtree_control",
                "cgroup.type",
                "cgroup.threads"
            })
    void otherFilesAreRefused(String file) {
        assertThatThrownBy(() -> ResourceRules.check(unified(file, "1"), true))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("not the name of a limit as memory.high");
    }

    @Test
    void sizesAreBounded() {
        assertThatThrownBy(() -> ResourceRules.check(unified("memory." + "a".repeat(200), "1"), true))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> ResourceRules.check(unified("memory.high", "1".repeat(5000)), true))
                .isInstanceOf(InvalidInputException.class);
        Map<String, String> many =
                IntStream.range(0, 101).boxed().collect(Collectors.toMap(number -> "a.b" + number, String::valueOf));
        assertThatThrownBy(() -> ResourceRules.check(new PodLimits(Map.of(), many), true))
                .hasMessageContaining("at most 100");
    }

    @Test
    void controlGroupsOfVersion1HaveNoUnifiedLimits() {
        assertThatThrownBy(() -> ResourceRules.check(unified("memory.high", "1"), false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("version 1");
        assertThatCode(() -> ResourceRules.check(pages("2MB", 0), false)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "2mb", "2MiB", "../2MB", "2MB/", "MB"})
    void otherSizesOfPagesAreRefused(String size) {
        assertThatThrownBy(() -> ResourceRules.check(pages(size, 1), true))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("use one as 2MB or 1GB");
    }

    @Test
    void updateKeepsWhatItDoesNotName() {
        PodLimits before = new PodLimits(Map.of("2MB", 0L), Map.of("memory.high", "1", "memory.min", "2"));
        PodLimits changes = new PodLimits(Map.of("1GB", 1L << 30), Map.of("memory.high", "max"));

        assertThat(before.with(changes))
                .isEqualTo(new PodLimits(
                        Map.of("2MB", 0L, "1GB", 1L << 30), Map.of("memory.high", "max", "memory.min", "2")));
        assertThat(before.with(PodLimits.NONE)).isEqualTo(before);
    }

    @Test
    void runtimeGetsWhatTheHostCanLimit() {
        PodLimits limits = new PodLimits(Map.of("2MB", 0L, "1GB", 5L), Map.of("memory.high", "1"));

        assertThat(ResourceLimits.hugePages(limits, true))
                .containsExactly(new HugePages("1GB", 5), new HugePages("2MB", 0));
        assertThat(ResourceLimits.unified(limits, true)).isEqualTo(Map.of("memory.high", "1"));
        assertThat(ResourceLimits.hugePages(limits, false)).isNull();
        assertThat(ResourceLimits.unified(limits, false)).isNull();
        assertThat(ResourceLimits.hugePages(PodLimits.NONE, true)).isNull();
        assertThat(ResourceLimits.unified(new PodLimits(Map.of(), Collections.emptyMap()), true))
                .isNull();
    }
}
