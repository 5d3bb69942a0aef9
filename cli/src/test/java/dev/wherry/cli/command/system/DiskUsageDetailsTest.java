package dev.wherry.cli.command.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.v1.CacheEntry;
import dev.wherry.v1.ContainerSummary;
import dev.wherry.v1.DiskUsageResponse;
import dev.wherry.v1.ImageSummary;
import dev.wherry.v1.ImageUsage;
import dev.wherry.v1.Usage;
import dev.wherry.v1.VolumeUsage;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** {@code system df -v} shows what docker shows. */
class DiskUsageDetailsTest {

    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
    private static final long YESTERDAY = NOW.minusSeconds(86_400).getEpochSecond() * 1_000_000_000L;

    private static final DiskUsageDetails DETAILS = new DiskUsageDetails(
            DiskUsageResponse.newBuilder()
                    .addImageUsages(ImageUsage.newBuilder()
                            .setImage(ImageSummary.newBuilder()
                                    .setId("sha256:0123456789abcdef")
                                    .addReferences("docker.io/library/app:1")
                                    .addReferences("docker.io/library/app:2")
                                    .setCreatedNanos(YESTERDAY)
                                    .setSizeBytes(1_300_000))
                            .setSharedBytes(300_000)
                            .setUniqueBytes(1_000_000)
                            .setContainers(1))
                    .addContainerUsages(ContainerSummary.newBuilder()
                            .setId("fedcba9876543210")
                            .setName("web")
                            .setImage("app:1")
                            .addCommand("sh")
                            .setState("created")
                            .setCreatedNanos(YESTERDAY)
                            .setLocalVolumes(2)
                            .setSizeBytes(12)
                            .setRootSizeBytes(1_300_012))
                    .addVolumeUsages(VolumeUsage.newBuilder()
                            .setName("data")
                            .setContainers(1)
                            .setSizeBytes(36))
                    .setBuildCache(Usage.newBuilder().setSizeBytes(1234))
                    .addCacheUsages(CacheEntry.newBuilder()
                            .setId("abcdefghijklmnopqrstuvwxy")
                            .setType("regular")
                            .setSizeBytes(1234)
                            .setCreatedNanos(YESTERDAY)
                            .setUsedNanos(YESTERDAY)
                            .setUses(3))
                    .build(),
            NOW);

    @Test
    void tablesAreThoseOfDocker() {
        assertThat(DETAILS.show(null)).isEqualTo("""
                        Images space usage:

                        REPOSITORY   TAG       IMAGE ID       CREATED        SIZE      SHARED SIZE   UNIQUE SIZE   CONTAINERS
                        app          1         0123456789ab   24 hours ago   1.3MB     300kB         1MB           1

                        Containers space usage:

                        CONTAINER ID   IMAGE     COMMAND   LOCAL VOLUMES   SIZE      CREATED        STATUS    NAMES
                        fedcba987654   app:1     "sh"      2               12B       24 hours ago   Created   web

                        Local Volumes space usage:

                        VOLUME NAME   LINKS     SIZE
                        data          1         36B

                        Build cache usage: 1.234kB

                        CACHE ID       CACHE TYPE   SIZE      CREATED        LAST USED      USAGE     SHARED
                        abcdefghijkl   regular      1.23kB    24 hours ago   24 hours ago   3         false
                        """);
    }

    @Test
    void templateSeesAllObjectsAtOnce() {
        assertThat(DETAILS.show("{{range .Images}}{{.Repository}} {{.UniqueSize}}{{end}} {{len .Volumes}}"))
                .isEqualTo("app 1MB 1\n");
        assertThat(DETAILS.show("json"))
                .startsWith("{\"Images\":[{")
                .contains("\"Volumes\":[{", "\"SharedSize\":\"300kB\"")
                .endsWith("}\n");
    }
}
