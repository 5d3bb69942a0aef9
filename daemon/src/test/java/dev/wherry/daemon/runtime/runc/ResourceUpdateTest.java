package dev.wherry.daemon.runtime.runc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.HugePages;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResourceUpdateTest {

    @Test
    void runtimeGetsTheLimitsOfAPodsContainerAsTheSpecNamesThem() {
        assertThat(ResourceUpdate.json(
                                Resources.DEFAULT, List.of(new HugePages("2MB", 0)), Map.of("memory.high", "max"))
                        .toString())
                .isEqualTo(
                        "{\"memory\":{},\"cpu\":{},\"pids\":{},\"blockIO\":{},"
                                + "\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":0}],\"unified\":{\"memory.high\":\"max\"}}");
        assertThat(ResourceUpdate.json(Resources.DEFAULT, null, null).toString())
                .isEqualTo("{\"memory\":{},\"cpu\":{},\"pids\":{},\"blockIO\":{}}");
    }
}
