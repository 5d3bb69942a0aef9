package dev.wherry.daemon.api.cri;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.cri.v1.LinuxContainerResources;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.Isolation.OfPod;
import dev.wherry.daemon.runtime.spec.PodLimits;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CriResourcesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void takesFilesOfVersion2AndHugePagesAlsoOfNone() {
        LinuxContainerResources.Builder asked =
                LinuxContainerResources.newBuilder().putUnified("memory.high", "1048576");
        asked.addHugepageLimitsBuilder().setPageSize("2MB");
        asked.addHugepageLimitsBuilder().setPageSize("1GB").setLimit(1L << 30);
        asked.addHugepageLimitsBuilder().setPageSize("64KB").setLimit(-1);

        assertThat(CriResources.ofPod(asked.build()))
                .isEqualTo(new PodLimits(
                        Map.of("2MB", 0L, "1GB", 1L << 30, "64KB", Long.MAX_VALUE), Map.of("memory.high", "1048576")));
    }

    @Test
    void limitsAreKeptWithTheContainer() throws Exception {
        PodLimits limits = new PodLimits(Map.of("2MB", 0L), Map.of("memory.min", "1"));
        Isolation limited = Isolation.DEFAULT.limitedTo(limits);

        Isolation read = JSON.readValue(JSON.writeValueAsString(limited), Isolation.class);

        assertThat(read).isEqualTo(limited);
        assertThat(read.pod().limits()).isEqualTo(limits);
    }

    @Test
    void containersOfEarlierVersionsHaveNone() throws Exception {
        OfPod read = JSON.readValue("{\"groups\":\"NONE\",\"ambient\":[],\"cdiDevices\":[],\"later\":1}", OfPod.class);

        assertThat(read.limits()).isEqualTo(PodLimits.NONE);
    }
}
