package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.cri.v1.Container;
import dev.wherry.cri.v1.ContainerConfig;
import dev.wherry.cri.v1.IDMapping;
import dev.wherry.cri.v1.LinuxContainerConfig;
import dev.wherry.cri.v1.LinuxContainerSecurityContext;
import dev.wherry.cri.v1.LinuxPodSandboxConfig;
import dev.wherry.cri.v1.LinuxSandboxSecurityContext;
import dev.wherry.cri.v1.ListContainersRequest;
import dev.wherry.cri.v1.ListPodSandboxRequest;
import dev.wherry.cri.v1.NamespaceMode;
import dev.wherry.cri.v1.NamespaceOption;
import dev.wherry.cri.v1.PodSandbox;
import dev.wherry.cri.v1.PodSandboxConfig;
import dev.wherry.cri.v1.PodSandboxState;
import dev.wherry.cri.v1.PodSandboxStatusRequest;
import dev.wherry.cri.v1.PortMapping;
import dev.wherry.cri.v1.RemoveContainerRequest;
import dev.wherry.cri.v1.RemovePodSandboxRequest;
import dev.wherry.cri.v1.StopContainerRequest;
import dev.wherry.cri.v1.StopPodSandboxRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The daemon is killed without warning while pods and their containers come and go. Whatever the moment was, the next
 * daemon says what is true, and nothing lies about. {@code -Dwherry.cri.kills} sets how often, {@code -Dwherry.seed}
 * chooses the same moments again.
 */
@Isolated("the moments of its kills are those of a machine that does nothing else")
class CriCrashIT {

    private static final boolean NATIVE = "native".equals(System.getProperty("wherry.mode"));
    /** A daemon on the JVM takes seconds to start. */
    private static final int KILLS = Integer.getInteger("wherry.cri.kills", NATIVE ? 15 : 5);

    private static final int LATEST_KILL_MILLIS = NATIVE ? 400 : 1500;
    private static final int PODS = 3;

    /** Of a pod whose root is an ordinary user of the host. */
    private static final NamespaceOption MAPPED = NamespaceOption.newBuilder()
            .setUsernsOptions(Kubelet.users(
                    IDMapping.newBuilder().setHostId(300_000).setLength(65536).build()))
            .build();

    private static final Duration SETTLED = Duration.ofSeconds(20);

    @RegisterExtension
    static final Daemon daemon = new Daemon("--cri");

    private static final String NETWORK = "crashes";

    private final long seed = Long.getLong("wherry.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> story = new ArrayList<>();
    private final AtomicInteger cutOff = new AtomicInteger();

    @BeforeAll
    static void prepare() throws Exception {
        // Root of a user namespace comes through here.
        Files.setPosixFilePermissions(daemon.home(), PosixFilePermissions.fromString("rwx--x--x"));
        Files.createDirectories(configurations());
        daemon.option("--cni-conf-dir", configurations().toString());
        daemon.restart();
        Busybox.importInto(daemon);
    }

    @AfterEach
    void removeConfiguration() throws IOException {
        Files.deleteIfExists(configurations().resolve("10-cluster.conflist"));
    }

    private static Path configurations() {
        return daemon.home().resolve("net.d");
    }

    /** The addresses of a cluster that pods have. */
    private static Set<String> given() throws IOException {
        Path folder = daemon.home().resolve("addresses").resolve(NETWORK);
        if (!Files.isDirectory(folder)) {
            return new HashSet<>();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("10.215."))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void podsOfACluster() throws Exception {
        Files.writeString(configurations().resolve("10-cluster.conflist"), """
                {"name": "%s", "cniVersion": "1.0.0", "plugins": [
                    {"type": "ptp", "ipam": {"type": "host-local", "subnet": "10.215.0.0/24", "dataDir": "%s"}}]}
                """.formatted(
                        NETWORK, daemon.home().resolve("addresses")));
        podsAreWhatTheyAreSaidToBeWheneverTheDaemonIsKilled();
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void podsOfThisHostAlone() throws Exception {
        podsAreWhatTheyAreSaidToBeWheneverTheDaemonIsKilled();
    }

    private void podsAreWhatTheyAreSaidToBeWheneverTheDaemonIsKilled() throws Exception {
        System.out.println("CriCrashIT: -Dwherry.seed=" + seed);
        for (int kill = 0; kill < KILLS; kill++) {
            List<Thread> users = new ArrayList<>();
            for (int count = 1 + random.nextInt(2); count > 0; count--) {
                Random choices = new Random(random.nextLong());
                users.add(Thread.ofPlatform().start(() -> use(choices)));
            }
            Thread.sleep(random.nextInt(LATEST_KILL_MILLIS));
            daemon.kill();
            tell("kill " + (kill + 1));
            for (Thread user : users) {
                user.join(TimeUnit.SECONDS.toMillis(30));
                assertThat(user.isAlive()).as("a call never ends: %s", story()).isFalse();
            }
            daemon.start();
            requireOrder();
        }
        System.out.printf("CriCrashIT: %d kills cut %d calls off%n", KILLS, cutOff.get());
        try (Kubelet kubelet = new Kubelet(daemon.criSocket())) {
            kubelet.removeAll();
        }
        requireOrder();
        for (String table : Set.of("sandbox", "endpoint", "published_port", "container")) {
            assertThat(Holdings.rows(daemon).get(table)).as(table).isZero();
        }
    }

    /** Does one thing after the other until the daemon is killed. */
    private void use(Random choices) {
        try (Kubelet kubelet = new Kubelet(daemon.criSocket())) {
            while (daemon.isAlive()) {
                try {
                    step(kubelet, choices);
                } catch (StatusRuntimeException failure) {
                    if (!daemon.isAlive()) {
                        cutOff.incrementAndGet();
                    }
                }
            }
        }
    }

    private void step(Kubelet kubelet, Random choices) {
        int number = choices.nextInt(PODS);
        PodSandboxConfig pod = Kubelet.pod("p" + number, daemon.home().resolve("logs"))
                .addPortMappings(PortMapping.newBuilder().setContainerPort(80).setHostPort(14700 + number))
                .setLinux(LinuxPodSandboxConfig.newBuilder()
                        .setSecurityContext(LinuxSandboxSecurityContext.newBuilder()
                                .setNamespaceOptions(number == 0 ? MAPPED : NamespaceOption.getDefaultInstance())))
                .build();
        List<PodSandbox> pods = kubelet.runtime()
                .listPodSandbox(ListPodSandboxRequest.getDefaultInstance())
                .getItemsList();
        List<Container> containers = kubelet.runtime()
                .listContainers(ListContainersRequest.getDefaultInstance())
                .getContainersList();
        int choice = choices.nextInt(13);
        tell("step " + choice);
        if (pods.isEmpty() || choice < 2) {
            kubelet.run(pod);
            return;
        }
        PodSandbox some = pods.get(choices.nextInt(pods.size()));
        if (choice < 7 || containers.isEmpty()) {
            ContainerConfig.Builder config = Kubelet.container(
                            "c" + choices.nextInt(2), "sh", "-c", choices.nextBoolean() ? "sleep 600" : "sleep 0.2")
                    .setLinux(LinuxContainerConfig.newBuilder()
                            .setSecurityContext(LinuxContainerSecurityContext.newBuilder()
                                    .setNamespaceOptions(NamespaceOption.newBuilder()
                                            .setPid(
                                                    choices.nextBoolean()
                                                            ? NamespaceMode.POD
                                                            : NamespaceMode.CONTAINER))));
            kubelet.start(some.getId(), pod, config.build());
            return;
        }
        String container = containers.get(choices.nextInt(containers.size())).getId();
        switch (choice) {
            case 7 -> kubelet.exec(container, "sh", "-c", choices.nextBoolean() ? "sleep 0.1" : "true");
            case 8 ->
                kubelet.runtime()
                        .stopContainer(StopContainerRequest.newBuilder()
                                .setContainerId(container)
                                .build());
            case 9 ->
                kubelet.runtime()
                        .removeContainer(RemoveContainerRequest.newBuilder()
                                .setContainerId(container)
                                .build());
            case 10 ->
                kubelet.runtime()
                        .stopPodSandbox(StopPodSandboxRequest.newBuilder()
                                .setPodSandboxId(some.getId())
                                .build());
            default ->
                kubelet.runtime()
                        .removePodSandbox(RemovePodSandboxRequest.newBuilder()
                                .setPodSandboxId(some.getId())
                                .build());
        }
    }

    private void requireOrder() throws Exception {
        Settling.require(daemon, SETTLED, CriCrashIT::wrong, this::story);
    }

    /** What is left over, and every pod that is not what it is said to be. */
    private static List<String> wrong() throws Exception {
        List<String> wrong = new ArrayList<>(Holdings.wrong(daemon));
        Set<String> given = given();
        try (Kubelet kubelet = new Kubelet(daemon.criSocket())) {
            for (PodSandbox pod : kubelet.runtime()
                    .listPodSandbox(ListPodSandboxRequest.getDefaultInstance())
                    .getItemsList()) {
                boolean ready = pod.getState() == PodSandboxState.SANDBOX_READY;
                String address = kubelet.runtime()
                        .podSandboxStatus(PodSandboxStatusRequest.newBuilder()
                                .setPodSandboxId(pod.getId())
                                .build())
                        .getStatus()
                        .getNetwork()
                        .getIp();
                boolean addressed = !address.isEmpty();
                given.remove(address);
                if (ready != addressed) {
                    wrong.add("pod " + pod.getId() + " is " + pod.getState() + " and has " + (addressed ? "an" : "no")
                            + " address");
                }
            }
        }
        given.forEach(address -> wrong.add("address " + address + " of no pod"));
        return wrong;
    }

    private void tell(String what) {
        synchronized (story) {
            story.add(what);
        }
    }

    private String story() {
        List<String> latest;
        synchronized (story) {
            latest = List.copyOf(story.subList(Math.max(0, story.size() - 30), story.size()));
        }
        try {
            return "seed " + seed + ", " + latest + "\n" + daemon.log();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
