package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every route of Docker's API with bodies and parameters of all kinds, for some seconds: {@code -Dwherry.fuzz=600} makes
 * it ten minutes, {@code -Dwherry.fuzz.seed=7} makes it others. Nothing may be answered by an error of the daemon's own.
 */
class DockerFuzzIT {

    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("wherry.fuzz", 20));
    private static final long SEED = Long.getLong("wherry.fuzz.seed", 20);
    private static final int CALLERS = 3;
    /** Of an answer that lasts, as much is waited for. */
    private static final long LONGEST_MILLIS = 300;

    private static final List<String> ROUTES = List.of(
            "GET /_ping",
            "GET /version",
            "GET /info",
            "GET /system/df",
            "GET /events",
            "GET /containers/json",
            "POST /containers/create",
            "GET /containers/{}/json",
            "GET /containers/{}/top",
            "GET /containers/{}/logs",
            "GET /containers/{}/changes",
            "GET /containers/{}/stats",
            "GET /containers/{}/export",
            "GET /containers/{}/archive",
            "HEAD /containers/{}/archive",
            "PUT /containers/{}/archive",
            "POST /containers/{}/start",
            "POST /containers/{}/stop",
            "POST /containers/{}/kill",
            "POST /containers/{}/rename",
            "POST /containers/{}/update",
            "POST /containers/{}/resize",
            "POST /containers/{}/attach",
            "POST /containers/{}/wait",
            "POST /containers/{}/exec",
            "DELETE /containers/{}",
            "POST /exec/{}/start",
            "GET /exec/{}/json",
            "POST /commit",
            "GET /images/json",
            "POST /images/create",
            "POST /images/load",
            "GET /images/{}/json",
            "GET /images/{}/history",
            "POST /images/{}/tag",
            "GET /images/{}/get",
            "GET /images/search",
            "POST /build",
            "POST /build/prune",
            "POST /auth",
            "GET /networks",
            "GET /networks/{}",
            "POST /networks/create",
            "POST /networks/{}/connect",
            "POST /networks/{}/disconnect",
            "DELETE /networks/{}",
            "GET /volumes",
            "POST /volumes/create",
            "DELETE /volumes/{}",
            "GET /swarm",
            "GET /distribution/{}/json");

    private static final List<String> NAMES = List.of(
            "one",
            "box",
            "busybox",
            "nosuch",
            "%2e%2e",
            "a%00b",
            "x%ffy",
            "A:B:C",
            "bridge",
            "sha256:00",
            "%F0%9F%90%B3",
            "-");

    private static final List<String> PARAMETERS = List.of(
            "all",
            "size",
            "limit",
            "filters",
            "since",
            "until",
            "tail",
            "follow",
            "stdout",
            "stderr",
            "timestamps",
            "t",
            "signal",
            "condition",
            "path",
            "name",
            "repo",
            "tag",
            "fromImage",
            "fromSrc",
            "platform",
            "h",
            "w",
            "detachKeys",
            "stream",
            "stdin",
            "logs",
            "ps_args",
            "dockerfile",
            "buildargs",
            "labels",
            "ulimits",
            "shmsize",
            "networkmode",
            "extrahosts",
            "remote",
            "changes",
            "container",
            "force",
            "v",
            "term",
            "limit",
            "keep-storage",
            "version");

    private static final List<String> FIELDS = List.of(
            "Image",
            "Cmd",
            "Entrypoint",
            "Env",
            "HostConfig",
            "Binds",
            "Mounts",
            "Tmpfs",
            "PortBindings",
            "NetworkMode",
            "RestartPolicy",
            "Name",
            "Memory",
            "MemorySwap",
            "NanoCpus",
            "Ulimits",
            "Devices",
            "Sysctls",
            "ShmSize",
            "CapAdd",
            "SecurityOpt",
            "NetworkingConfig",
            "EndpointsConfig",
            "IPAM",
            "Config",
            "Subnet",
            "Gateway",
            "Driver",
            "Labels",
            "Options",
            "Container",
            "EndpointConfig",
            "Healthcheck",
            "Test",
            "Interval",
            "ExposedPorts",
            "Volumes",
            "Hostname",
            "Tty",
            "OpenStdin",
            "StopSignal",
            "StopTimeout",
            "LogConfig",
            "Type",
            "Target",
            "Source",
            "Detach",
            "ConsoleSize",
            "username",
            "serveraddress",
            "User",
            "WorkingDir",
            "DetachKeys");

    private static final List<String> TEXTS = List.of(
            "",
            "busybox",
            "one",
            "true",
            "/",
            "/a:/b",
            "80/tcp",
            "bridge",
            "none",
            "host",
            "container:one",
            "10.0.0.0/33",
            "\\u0000",
            "\\ud800",
            "always",
            "KILL",
            "99999999999999999999",
            "-1",
            "../..",
            "{}",
            "a=b",
            "1g",
            "CMD",
            "json-file",
            "local");

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Set<Integer> statuses = ConcurrentHashMap.newKeySet();
    private final LongAdder answers = new LongAdder();

    @Test
    void everyRouteTakesEveryRequest() throws Exception {
        Busybox.importInto(daemon);
        daemon.wherry("run", "-d", "--name", "one", "--network", "none", "busybox", "sleep", "1000")
                .ok();
        long end = System.nanoTime() + TIME.toNanos();
        List<Thread> callers = IntStream.range(0, CALLERS)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    Random random = new Random(SEED + i);
                    while (System.nanoTime() < end) {
                        call(random);
                    }
                }))
                .toList();
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(faults).as("seed " + SEED).isEmpty();
        assertThat(answers.sum()).isGreaterThan(100);
        assertThat(statuses).contains(200, 400, 404, 409);
        assertThat(DockerSocket.call(daemon, "GET", "/_ping").is(200).text()).isEqualTo("OK");
        assertThat(daemon.log()).doesNotContain("internal error", "Exception");
    }

    private void call(Random random) {
        String[] route = pick(random, ROUTES).split(" ");
        StringBuilder path = new StringBuilder(route[1].replace("{}", pick(random, NAMES)));
        for (int i = random.nextInt(4); i > 0; i--) {
            path.append(path.indexOf("?") < 0 ? '?' : '&')
                    .append(pick(random, PARAMETERS))
                    .append('=')
                    .append(URLEncoder.encode(
                            random.nextInt(3) == 0 ? json(random, 2) : pick(random, TEXTS), StandardCharsets.UTF_8));
        }
        byte[] body = random.nextInt(8) == 0
                ? bytes(random)
                : (random.nextInt(6) == 0 ? json(random, 4) : object(random, 4)).getBytes(StandardCharsets.UTF_8);
        try (DockerSocket socket = DockerSocket.to(daemon)) {
            Thread impatience = Thread.ofVirtual().start(() -> {
                try {
                    TimeUnit.MILLISECONDS.sleep(LONGEST_MILLIS);
                    socket.close();
                } catch (IOException | InterruptedException answered) {
                    // It was quick.
                }
            });
            try {
                socket.send(route[0], path.toString(), body, "Content-Type: application/json\r\n");
                DockerSocket.Answer answer = socket.answer(route[0]);
                answers.increment();
                statuses.add(answer.status());
                if (answer.status() == 500 && answer.text().contains("internal error")) {
                    faults.add(route[0] + " " + path + " " + new String(body, StandardCharsets.UTF_8));
                }
            } finally {
                impatience.interrupt();
            }
        } catch (IOException | RuntimeException | AssertionError ended) {
            // The client was impatient, or the answer is no whole one, such as that of a connection taken over.
        }
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(2_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String pick(Random random, List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String object(Random random, int depth) {
        StringBuilder object = new StringBuilder("{");
        for (int i = random.nextInt(8); i >= 0; i--) {
            object.append('"')
                    .append(pick(random, random.nextInt(5) == 0 ? TEXTS : FIELDS))
                    .append("\":");
            object.append(json(random, depth - 1)).append(i > 0 ? "," : "");
        }
        return object.append('}').toString();
    }

    private static String json(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> Long.toString(random.nextLong());
            case 1 -> Integer.toString(random.nextInt(100) - 5);
            case 2 -> random.nextBoolean() ? "true" : "null";
            case 3 -> "1e" + random.nextInt(400);
            case 4, 5 -> '"' + pick(random, TEXTS) + '"';
            case 6 -> "[" + json(random, depth - 1) + "," + json(random, depth - 1) + "]";
            default -> object(random, depth);
        };
    }
}
