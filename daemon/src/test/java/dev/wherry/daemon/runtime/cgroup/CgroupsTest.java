package dev.wherry.daemon.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.metadata.Layout;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the control groups of containers are, and what they count. */
class CgroupsTest {

    private static final Layout LAYOUT = new Layout(Path.of("/var/lib/wherry"), Path.of("/run/wherry"));

    @Test
    void slicesAreWithinThoseThatTheirNamesBeginWith() {
        assertThat(Cgroups.slice("system.slice")).isEqualTo("system.slice");
        assertThat(Cgroups.slice("kubepods-besteffort-pod1_2.slice"))
                .isEqualTo("kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1_2.slice");
    }

    @Test
    void groupsAreWithinTheParentThatIsAskedFor() {
        assertThat(new Cgroups(LAYOUT, CgroupDriver.CGROUPFS).path("abc", "/kubepods/pod1"))
                .isEqualTo("/kubepods/pod1/abc");
        assertThat(new Cgroups(LAYOUT, CgroupDriver.SYSTEMD).path("abc", "kubepods-pod1.slice"))
                .matches("kubepods-pod1\\.slice:wherry-[0-9a-f]{8}:abc");
    }

    @Test
    void countsOfThisProcessAreThere() {
        Map<String, Long> counts =
                CgroupCounts.of("none", (int) ProcessHandle.current().pid());

        assertThat(counts.values()).allMatch(count -> count >= 0);
        assertThat(counts).containsKeys("cpu_usage_seconds_total", "memory_rss");
    }
}
