package dev.wherry.daemon.api.docker.container;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.ResponseBody;
import dev.wherry.daemon.api.docker.http.RouteSource;
import dev.wherry.daemon.api.docker.http.Routes;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.stats.Usage;
import dev.wherry.daemon.container.stats.UsageWatch;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/** What containers use. Clients compute rates from two counts each, of the container and of the host. */
@Singleton
final class StatsRoutes implements RouteSource {

    private static final String NEVER = "0001-01-01T00:00:00Z";

    private final Containers containers;
    private final UsageWatch usage;

    StatsRoutes(Containers containers, UsageWatch usage) {
        this.containers = containers;
        this.usage = usage;
    }

    @Override
    public void addTo(Routes routes) {
        routes.watch("GET", "/containers/{id}/stats", "ContainerService/Stats", this::stats);
    }

    private void stats(Exchange call) throws InterruptedException {
        Container container = containers.get(call.variable("id"));
        boolean once = !call.parameters().flagOrTrue("stream");
        boolean oneLook = once && call.parameters().flag("one-shot");
        ResponseBody out = call.stream(200, Exchange.JSON);
        usage.watch(
                List.of(container.id()),
                true,
                once,
                usages -> usages.forEach(one -> out.line(json(one, oneLook).toString())));
    }

    /** @param oneLook whether the client wants no counts of before to compare with */
    static ObjectNode json(Usage usage, boolean oneLook) {
        Instant now = Instant.now();
        int cpus = Runtime.getRuntime().availableProcessors();
        long host = System.nanoTime() * cpus;
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", usage.id()).put("name", "/" + usage.name()).put("os_type", "linux");
        json.put("read", usage.running() ? now.toString() : NEVER);
        json.put(
                "preread",
                usage.running() && !oneLook
                        ? now.minusNanos(usage.elapsedNanos()).toString()
                        : NEVER);
        json.put("num_procs", 0);
        json.putObject("storage_stats");
        json.putObject("pids_stats").put("current", usage.pids());
        ArrayNode bytes = json.putObject("blkio_stats").putArray("io_service_bytes_recursive");
        for (boolean read : new boolean[] {true, false}) {
            bytes.addObject()
                    .put("major", 0)
                    .put("minor", 0)
                    .put("op", read ? "read" : "write")
                    .put("value", read ? usage.blockReadBytes() : usage.blockWrittenBytes());
        }
        cpu(json.putObject("cpu_stats"), usage.cpuNanos(), host, cpus);
        ObjectNode before = json.putObject("precpu_stats");
        if (oneLook) {
            cpu(before, 0);
        } else {
            cpu(before, usage.cpuNanosBefore(), host - usage.elapsedNanos() * cpus, cpus);
        }
        ObjectNode memory = json.putObject("memory_stats");
        memory.put("usage", usage.memoryBytes()).put("limit", usage.memoryLimitBytes());
        // What the kernel would drop first is not counted above.
        memory.putObject("stats").put("inactive_file", 0).put("total_inactive_file", 0);
        if (usage.running()) {
            json.putObject("networks")
                    .putObject("eth0")
                    .put("rx_bytes", usage.networkReceivedBytes())
                    .put("rx_packets", 0)
                    .put("rx_errors", 0)
                    .put("rx_dropped", 0)
                    .put("tx_bytes", usage.networkSentBytes())
                    .put("tx_packets", 0)
                    .put("tx_errors", 0)
                    .put("tx_dropped", 0);
        }
        return json;
    }

    private static void cpu(ObjectNode json, long used, long host, int cpus) {
        cpu(json, used);
        json.put("system_cpu_usage", host).put("online_cpus", cpus);
    }

    private static void cpu(ObjectNode json, long used) {
        json.putObject("cpu_usage")
                .put("total_usage", used)
                .put("usage_in_kernelmode", 0)
                .put("usage_in_usermode", used);
        json.putObject("throttling_data")
                .put("periods", 0)
                .put("throttled_periods", 0)
                .put("throttled_time", 0);
    }
}
