package dev.wherry.daemon.api.cri;

import dev.wherry.cri.v1.HugepageLimit;
import dev.wherry.cri.v1.LinuxContainerResources;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.linux.OomScore;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.spec.PodLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Limits of containers as messages. */
final class CriResources {

    private CriResources() {}

    /** @param cgroupParent of the pod */
    static Resources of(LinuxContainerResources limits, String cgroupParent) {
        long memory = Math.max(0, limits.getMemoryLimitInBytes());
        long swap = limits.getMemorySwapLimitInBytes();
        return new Resources(
                memory,
                0,
                // Where nothing is said, Kubernetes lets no container swap.
                memory == 0 ? 0 : swap == 0 ? memory : swap,
                -1,
                0,
                limits.getCpuShares(),
                limits.getCpuPeriod(),
                // Less than 0 is none, which an update takes for a change.
                Math.max(-1, limits.getCpuQuota()),
                limits.getCpusetCpus(),
                limits.getCpusetMems(),
                0,
                0,
                OomScore.permitted((int) limits.getOomScoreAdj()),
                false,
                cgroupParent,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** A kubelet limits huge pages of each size, to 0 where a container asks for none. */
    static PodLimits ofPod(LinuxContainerResources limits) {
        Map<String, Long> hugePages = new HashMap<>();
        for (HugepageLimit limit : limits.getHugepageLimitsList()) {
            // Of an unsigned number; so much is no limit.
            long bytes = limit.getLimit() < 0 ? Long.MAX_VALUE : limit.getLimit();
            hugePages.put(limit.getPageSize(), bytes);
        }
        return new PodLimits(hugePages, limits.getUnifiedMap());
    }

    static LinuxContainerResources message(Container container) {
        Resources limits = container.settings().request().resources();
        PodLimits more = container.settings().request().isolation().pod().limits();
        LinuxContainerResources.Builder message = LinuxContainerResources.newBuilder()
                .setCpuPeriod(limits.cpuPeriod())
                .setCpuQuota(limits.cpuQuota())
                .setCpuShares(limits.cpuShares())
                .setMemoryLimitInBytes(limits.memory())
                .setOomScoreAdj(limits.oomScoreAdj())
                .setCpusetCpus(limits.cpusetCpus())
                .setCpusetMems(limits.cpusetMems())
                .putAllUnified(more.unified());
        if (limits.memory() > 0) {
            message.setMemorySwapLimitInBytes(limits.memorySwap());
        }
        more.hugePages()
                .forEach((size, limit) ->
                        message.addHugepageLimitsBuilder().setPageSize(size).setLimit(limit));
        return message.build();
    }
}
