package dev.wherry.daemon.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.HostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders stand for control groups. */
class HugePageLimitsTest {

    @TempDir
    private Path group;

    @Test
    void useAndReservationAreLimited() throws Exception {
        Path used = Files.writeString(group.resolve("hugetlb.2MB.max"), "max");
        Path reserved = Files.writeString(group.resolve("hugetlb.2MB.rsvd.max"), "0");
        Path other = Files.writeString(group.resolve("hugetlb.1GB.max"), "max");

        new HugePageLimits(group, "max", Map.of("2MB", 4L << 20)).apply();

        assertThat(used).hasContent("4194304");
        assertThat(reserved).hasContent("4194304");
        assertThat(other).hasContent("max");
    }

    @Test
    void reservationThatTheRuntimeDoesNotLimitStaysSo() throws Exception {
        Files.writeString(group.resolve("hugetlb.2MB.max"), "0");
        Path reserved = Files.writeString(group.resolve("hugetlb.2MB.rsvd.max"), "max");

        new HugePageLimits(group, "max", Map.of("2MB", 2L << 20)).apply();

        assertThat(reserved).hasContent("max");
    }

    @Test
    void kernelThatLimitsOnlyTheUseIsFine() throws Exception {
        Path used = Files.writeString(group.resolve("hugetlb.2MB.limit_in_bytes"), "0");

        new HugePageLimits(group, "limit_in_bytes", Map.of("2MB", 2L << 20)).apply();

        assertThat(used).hasContent("2097152");
        assertThat(group).isDirectoryNotContaining("glob:**rsvd*");
    }

    @Test
    void sizeThatTheHostHasNotIsRefused() {
        assertThatThrownBy(() -> new HugePageLimits(group, "max", Map.of("4MB", 0L)))
                .isInstanceOf(HostException.class)
                .hasMessage("cannot limit huge pages of 4MB: the host has none");
        assertThat(group).isEmptyDirectory();
    }
}
