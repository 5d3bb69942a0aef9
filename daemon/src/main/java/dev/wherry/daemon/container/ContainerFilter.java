package dev.wherry.daemon.container;

import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.filter.TextPattern;
import dev.wherry.daemon.filter.TimeRange;
import dev.wherry.daemon.image.Ancestors;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.Reservations.Reserved;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The filters of a list of containers, as docker's {@code ps} has them. */
final class ContainerFilter implements Predicate<Container> {

    static final String STATUS = "status";

    private static final String HEALTH = "health";
    private static final String EXITED = "exited";
    private static final String EXPOSE = "expose";
    private static final String NETWORK = "network";
    private static final String PUBLISH = "publish";
    private static final Set<String> KEYS = Set.of(
            "ancestor",
            "before",
            EXITED,
            EXPOSE,
            HEALTH,
            "id",
            "is-task",
            Filters.LABEL,
            "name",
            NETWORK,
            "pod",
            PUBLISH,
            "since",
            STATUS,
            "volume");

    /** Those of docker; some of them no container of ours is ever in. */
    private static final Set<String> STATES =
            Set.of("created", "running", "paused", "restarting", "removing", "exited", "dead");

    private static final Set<String> HEALTHS = Set.of("starting", "healthy", "unhealthy", "none");

    private final Filters filters;
    private final Ancestors ancestors;
    private final List<TextPattern> names;
    private final List<TextPattern> ids;
    private final List<PortRange> exposed;
    private final List<PortRange> published;
    private final Map<String, String> networkNames;
    private final TimeRange created;
    /** By the IDs of containers; empty where no filter asks for it. */
    private final Map<String, Reserved> attached;

    private final boolean tasks;

    ContainerFilter(Filters filters, Containers containers, ImageStore images, Networks networks) {
        this.filters = filters.requireKeys(KEYS).requireValues(STATUS, STATES).requireValues(HEALTH, HEALTHS);
        filters.values(EXITED).forEach(ContainerFilter::requireExitCode);
        this.published = filters.values(PUBLISH).stream()
                .map(port -> PortRange.parse(PUBLISH, port))
                .toList();
        this.exposed = filters.values(EXPOSE).stream()
                .map(port -> PortRange.parse(EXPOSE, port))
                .toList();
        this.networkNames = filters.has(NETWORK)
                ? networks.list().stream().collect(Collectors.toMap(Network::id, Network::name))
                : Map.of();
        this.attached = published.isEmpty() ? Map.of() : networks.attached();
        this.tasks = filters.flag("is-task").orElse(false);
        this.names = filters.regularExpressions("name");
        this.ids = filters.regularExpressions("id");
        Optional<Instant> before = created(containers, "before");
        this.created = new TimeRange(created(containers, "since"), before);
        this.ancestors = new Ancestors(images, filters.values("ancestor"));
    }

    private static void requireExitCode(String code) {
        if (!code.matches("-?[0-9]{1,9}")) {
            throw Filters.invalid(EXITED, code, "use an exit code");
        }
    }

    /** When the container that a filter names was created; of several, the last one counts. */
    private Optional<Instant> created(Containers containers, String key) {
        List<Instant> times = filters.values(key).stream()
                .map(name -> containers.get(name).createdAt())
                .toList();
        return times.isEmpty() ? Optional.empty() : Optional.of(times.getLast());
    }

    @Override
    public boolean test(Container container) {
        return created.contains(container.createdAt())
                // No container is a task of a cluster.
                && !tasks
                && hasName(container)
                && matches(ids, container.id())
                && filters.matches(STATUS, container.state().toString())
                && filters.matches(
                        HEALTH, container.health().map(Health::status).orElse("none"))
                && filters.matchesLabels(container.settings().labels())
                && filters.any(NETWORK, name -> isConnected(container, name))
                && filters.any(
                        "pod", name -> container.settings().request().pod().isOf(name))
                && filters.any(EXITED, code -> exitedWith(container, code))
                && filters.any("volume", path -> mounts(container, path))
                && matchesPorts(exposed, container.settings().ports())
                && isPublished(container)
                && hasAncestor(container);
    }

    /** Docker's names begin with a slash, with which a pattern may begin too. */
    private boolean hasName(Container container) {
        return matches(names, container.name()) || matches(names, "/" + container.name());
    }

    private static boolean matches(List<TextPattern> patterns, String text) {
        return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> pattern.isFoundIn(text));
    }

    private static boolean exitedWith(Container container, String code) {
        return container.state() == State.EXITED && container.exitCode() == Integer.parseInt(code);
    }

    /** By its path on the host or in the container. */
    private static boolean mounts(Container container, String path) {
        return container.settings().mounts().stream()
                .anyMatch(mount -> path.equals(mount.source()) || path.equals(mount.target()));
    }

    /** By the ports of the host, whatever docker's manual shows: its daemon compares these. */
    private boolean isPublished(Container container) {
        return published.isEmpty()
                || matchesPorts(
                        published,
                        attached.getOrDefault(container.id(), Reserved.NOTHING).ports().stream()
                                .flatMap(mapping -> IntStream.range(0, mapping.range())
                                        .mapToObj(i -> mapping.hostPort() + i + "/" + mapping.protocol()))
                                .toList());
    }

    private static boolean matchesPorts(List<PortRange> ranges, List<String> ports) {
        return ranges.isEmpty()
                || ports.stream().anyMatch(port -> ranges.stream().anyMatch(range -> range.contains(port)));
    }

    /** A network is given by its name or its ID. */
    private boolean isConnected(Container container, String network) {
        return container.settings().request().networkNames().contains(networkNames.getOrDefault(network, network));
    }

    private boolean hasAncestor(Container container) {
        return !filters.has("ancestor")
                || ancestors.include(
                        container.image(), container.settings().request().image());
    }
}
