package dev.wherry.daemon.container.stats;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.runtime.cgroup.CgroupUsage;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells what containers use while somebody watches: one thread a watcher reads the kernel's counts for all containers,
 * and keeps of the last reading only what the next is compared with.
 */
@Singleton
public final class UsageWatch {

    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(1);
    /** Long enough for a rate of CPU time, which the kernel counts in nanoseconds. */
    private static final Duration FIRST_LOOK = Duration.ofMillis(50);

    private final Containers containers;

    UsageWatch(Containers containers) {
        this.containers = containers;
    }

    /** Receives reports; blocks while the client is slow. */
    @FunctionalInterface
    public interface Reports {
        void report(List<Usage> usages) throws InterruptedException;
    }

    /** Where the kernel's counters of a container are, and their last values. */
    private record Look(int pid, CgroupUsage group, long cpuNanos, long at) {}

    /**
     * Reports what containers use.
     *
     * @param named those to report on, by name or ID; empty for all that run
     * @param all with none named, also those that do not run
     * @param once whether one report is enough; else there is one a second until the thread is interrupted
     */
    public void watch(List<String> named, boolean all, boolean once, Reports reports) throws InterruptedException {
        Map<String, Look> looks = new HashMap<>();
        List<String> asked = named.stream()
                .map(containers::get)
                .map(Container::id)
                .distinct()
                .toList();
        for (Container container : asked.isEmpty() ? containers.list(all) : stillThere(asked)) {
            look(container, looks);
        }
        Thread.sleep(FIRST_LOOK);
        while (true) {
            List<Usage> usages = new ArrayList<>();
            Map<String, Look> next = new HashMap<>();
            for (Container container : asked.isEmpty() ? containers.list(all) : stillThere(asked)) {
                usages.add(usage(container, looks.get(container.id()), next));
            }
            reports.report(usages);
            if (once) {
                return;
            }
            looks = next;
            Thread.sleep(BETWEEN_REPORTS);
        }
    }

    private List<Container> stillThere(List<String> ids) {
        List<Container> found = new ArrayList<>();
        for (String id : ids) {
            try {
                found.add(containers.get(id));
            } catch (NotFoundException removedMeanwhile) {
                // It uses nothing any more.
            }
        }
        return found;
    }

    private static void look(Container container, Map<String, Look> looks) {
        if (container.state().isAlive() && container.pid() > 0) {
            CgroupUsage group = CgroupUsage.of(container.id(), container.pid());
            looks.put(container.id(), new Look(container.pid(), group, group.cpuNanos(), System.nanoTime()));
        }
    }

    private static Usage usage(Container container, Look last, Map<String, Look> next) {
        if (!container.state().isAlive() || container.pid() <= 0) {
            return Usage.none(container);
        }
        boolean known = last != null && last.pid() == container.pid();
        CgroupUsage group = known ? last.group() : CgroupUsage.of(container.id(), container.pid());
        Look look = new Look(container.pid(), group, group.cpuNanos(), System.nanoTime());
        next.put(container.id(), look);
        double cpu = known && look.at() > last.at()
                ? Math.max(0, 100.0 * (look.cpuNanos() - last.cpuNanos()) / (look.at() - last.at()))
                : 0;
        CgroupUsage.Traffic network = group.network();
        CgroupUsage.Traffic blocks = group.blocks();
        return new Usage(
                container.id(),
                container.name(),
                true,
                cpu,
                group.memoryBytes(),
                group.memoryLimitBytes(),
                network.in(),
                network.out(),
                blocks.in(),
                blocks.out(),
                group.pids(),
                look.cpuNanos(),
                known ? last.cpuNanos() : look.cpuNanos(),
                known ? look.at() - last.at() : 0,
                group.memory());
    }
}
