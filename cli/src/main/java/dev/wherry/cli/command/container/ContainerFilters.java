package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Filters;
import dev.wherry.cli.command.container.flags.ExposeSpec;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.ContainerSummary;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** The {@code --filter} flags of {@code ps}. */
final class ContainerFilters {
    private static final Set<String> KNOWN = Set.of(
            "ancestor",
            "before",
            "exited",
            "expose",
            "health",
            "id",
            "is-task",
            "label",
            "name",
            "network",
            "publish",
            "since",
            "status",
            "volume");
    private static final Set<String> STATES =
            Set.of("created", "running", "paused", "restarting", "removing", "exited", "dead");

    private final Filters filters;
    private final List<Pattern> names;
    private final List<Pattern> ids;
    private final Set<String> exposed;

    private ContainerFilters(Filters filters) {
        this.filters = filters;
        this.names = patterns("name");
        this.ids = patterns("id");
        this.exposed = ExposeSpec.parse(values("expose"));
        check("status", STATES::contains);
        check("health", Set.of("starting", "healthy", "unhealthy", "none")::contains);
        check("exited", code -> code.matches("-?[0-9]{1,9}"));
        check("is-task", Set.of("true", "false", "1", "0")::contains);
        ExposeSpec.parse(values("publish"));
    }

    /**
     * Reads {@code KEY=VALUE} options.
     *
     * @throws Failure when a key or a value is not known
     */
    static ContainerFilters parse(List<String> options) {
        return new ContainerFilters(Filters.parse(options, KNOWN));
    }

    /** Whether containers in any state are meant. */
    boolean areOfAnyState() {
        return filters.values().containsKey("status");
    }

    /** Whether others than the containers that match must be known. */
    boolean compare() {
        return filters.values().containsKey("before") || filters.values().containsKey("since");
    }

    /**
     * The test of a container.
     *
     * @param all among which {@code before} and {@code since} are found
     * @throws Failure when one of these is not there
     */
    Predicate<ContainerSummary> among(List<ContainerSummary> all) {
        long before = created("before", all, Long.MAX_VALUE);
        long since = created("since", all, Long.MIN_VALUE);
        return container ->
                container.getCreatedNanos() < before && container.getCreatedNanos() > since && matches(container);
    }

    private long created(String key, List<ContainerSummary> all, long otherwise) {
        if (values(key).isEmpty()) {
            return otherwise;
        }
        String wanted = values(key).getLast();
        Stream<ContainerSummary> named =
                all.stream().filter(one -> one.getName().equals(wanted));
        Stream<ContainerSummary> numbered =
                all.stream().filter(one -> one.getId().startsWith(wanted));
        return Stream.concat(named, numbered)
                .findFirst()
                .orElseThrow(() -> new Failure("no such container: " + wanted))
                .getCreatedNanos();
    }

    private boolean matches(ContainerSummary container) {
        return matches(names, container.getName(), "/" + container.getName())
                && matches(ids, container.getId())
                && filters.matches("status", container.getState())
                && filters.matches("health", container.getHealth().isEmpty() ? "none" : container.getHealth())
                && filters.matchesLabels(container.getLabelsMap())
                && filters.matches("network", container.getNetwork())
                && values("is-task").stream().allMatch(task -> task.equals("false") || task.equals("0"))
                // No port is published yet.
                && values("publish").isEmpty()
                && (exposed.isEmpty() || container.getPortsList().stream().anyMatch(exposed::contains))
                && hasExited(container)
                && hasMount(container)
                && (ancestors().isEmpty() || container.getHasAncestor());
    }

    private boolean hasExited(ContainerSummary container) {
        List<String> codes = values("exited");
        boolean ended = !Set.of("running", "paused", "created").contains(container.getState());
        return codes.isEmpty() || ended && codes.contains(String.valueOf(container.getExitCode()));
    }

    private boolean hasMount(ContainerSummary container) {
        List<String> wanted = values("volume");
        return wanted.isEmpty()
                || wanted.stream().anyMatch(container.getMountsList()::contains)
                || wanted.stream().anyMatch(container.getMountTargetsList()::contains);
    }

    /** Images of which, or on which, the image of a container is built. */
    List<String> ancestors() {
        return values("ancestor");
    }

    private List<String> values(String key) {
        return filters.values().getOrDefault(key, List.of());
    }

    /** A value may be a regular expression, and is found anywhere. */
    private static boolean matches(List<Pattern> patterns, String... texts) {
        return patterns.isEmpty()
                || patterns.stream()
                        .anyMatch(pattern -> Stream.of(texts)
                                .anyMatch(text -> pattern.matcher(text).find()));
    }

    private List<Pattern> patterns(String key) {
        return values(key).stream()
                .map(value -> {
                    try {
                        return Pattern.compile(value);
                    } catch (PatternSyntaxException e) {
                        return Pattern.compile(value, Pattern.LITERAL);
                    }
                })
                .toList();
    }

    private void check(String key, Predicate<String> valid) {
        for (String value : values(key)) {
            if (!valid.test(value)) {
                throw new Failure("invalid filter '" + key + "=" + value + "'");
            }
        }
    }
}
