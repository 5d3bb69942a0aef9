package dev.wherry.cli.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The tree of commands: which names lead to which command. */
final class Catalog {
    /** What a name leads to; the first of the names is the one that lists show. */
    sealed interface Entry {
        List<String> names();

        String summary();

        default String name() {
            return names().getFirst();
        }

        /** The entries of a group; none below a command. */
        default List<Entry> children() {
            return List.of();
        }
    }

    record Leaf(List<String> names, CommandDescriptor command) implements Entry {
        @Override
        public String summary() {
            return command.summary();
        }
    }

    record Group(List<String> names, String summary, List<Entry> children) implements Entry {}

    static final List<Entry> COMMON = List.of(
            leaf(ContainerCommands.RUN, "run"),
            leaf(ContainerCommands.EXEC, "exec"),
            leaf(ContainerCommands.LIST, "ps"),
            leaf(BuilderCommands.BUILD, "build"),
            leaf(ImageCommands.PULL, "pull"),
            leaf(ImageCommands.PUSH, "push"),
            leaf(ImageCommands.LIST, "images"),
            leaf(SystemCommands.LOGIN, "login"),
            leaf(SystemCommands.LOGOUT, "logout"),
            leaf(ImageCommands.SEARCH, "search"),
            leaf(SystemCommands.VERSION, "version"),
            leaf(SystemCommands.INFO, "info"));

    static final List<Entry> MANAGEMENT = List.of(
            group(
                    "Manage builds",
                    List.of("builder", "buildx"),
                    leaf(BuilderCommands.BUILD, "build"),
                    leaf(BuilderCommands.DISK_USAGE, "du"),
                    group(
                            "Commands to work on build records",
                            List.of("history"),
                            leaf(BuilderCommands.LIST, "ls", "list"),
                            leaf(BuilderCommands.INSPECT, "inspect"),
                            leaf(BuilderCommands.LOGS, "logs"),
                            leaf(BuilderCommands.REMOVE, "rm", "remove")),
                    leaf(BuilderCommands.PRUNE, "prune"),
                    leaf(BuilderCommands.SHELL, "shell"),
                    leaf(BuilderCommands.WHY, "why")),
            group(
                    "Manage containers",
                    List.of("container"),
                    leaf(ContainerCommands.LIST, "ls", "list", "ps"),
                    leaf(ContainerCommands.RUN, "run"),
                    leaf(ContainerCommands.CREATE, "create"),
                    leaf(ContainerCommands.START, "start"),
                    leaf(ContainerCommands.ATTACH, "attach"),
                    leaf(ContainerCommands.STOP, "stop"),
                    leaf(ContainerCommands.KILL, "kill"),
                    leaf(ContainerCommands.PAUSE, "pause"),
                    leaf(ContainerCommands.PORT, "port"),
                    leaf(ContainerCommands.PORT_FORWARD, "port-forward"),
                    leaf(ContainerCommands.PRUNE, "prune"),
                    leaf(ContainerCommands.RENAME, "rename"),
                    leaf(ContainerCommands.RESTART, "restart"),
                    leaf(ContainerCommands.UNPAUSE, "unpause"),
                    leaf(ContainerCommands.UPDATE, "update"),
                    leaf(ContainerCommands.WAIT, "wait"),
                    leaf(ContainerCommands.REMOVE, "rm", "remove"),
                    leaf(ContainerCommands.LOGS, "logs"),
                    leaf(ContainerCommands.COMMIT, "commit"),
                    leaf(ContainerCommands.COPY, "cp"),
                    leaf(ContainerCommands.DIFF, "diff"),
                    leaf(ContainerCommands.EXPORT, "export"),
                    leaf(ContainerCommands.EXEC, "exec"),
                    leaf(ContainerCommands.TOP, "top"),
                    leaf(ContainerCommands.STATS, "stats"),
                    leaf(ContainerCommands.INSPECT, "inspect")),
            group(
                    "Manage contexts",
                    List.of("context"),
                    leaf(ContextCommands.CREATE, "create"),
                    leaf(ContextCommands.EXPORT, "export"),
                    leaf(ContextCommands.IMPORT, "import"),
                    leaf(ContextCommands.INSPECT, "inspect"),
                    leaf(ContextCommands.LIST, "ls", "list"),
                    leaf(ContextCommands.REMOVE, "rm", "remove"),
                    leaf(ContextCommands.SHOW, "show"),
                    leaf(ContextCommands.UPDATE, "update"),
                    leaf(ContextCommands.USE, "use")),
            group(
                    "Manage images",
                    List.of("image"),
                    leaf(ImageCommands.LIST, "ls", "list"),
                    leaf(ImageCommands.INSPECT, "inspect"),
                    leaf(ImageCommands.HISTORY, "history"),
                    leaf(ImageCommands.TAG, "tag"),
                    leaf(ImageCommands.REMOVE, "rm", "remove"),
                    leaf(ImageCommands.PRUNE, "prune"),
                    leaf(ImageCommands.PULL, "pull"),
                    leaf(ImageCommands.PUSH, "push"),
                    leaf(ImageCommands.COPY, "copy"),
                    leaf(ImageCommands.IMPORT, "import"),
                    leaf(ImageCommands.LOAD, "load"),
                    leaf(ImageCommands.SAVE, "save"),
                    leaf(ImageCommands.LIST_FILES, "ls-files"),
                    leaf(ImageCommands.READ_FILE, "cat"),
                    leaf(ImageCommands.COMPARE, "diff"),
                    leaf(ImageCommands.TREE, "tree"),
                    leaf(BuilderCommands.BUILD, "build")),
            group(
                    "Manage image manifests and manifest lists",
                    List.of("manifest"),
                    leaf(ImageCommands.ANNOTATE, "annotate"),
                    leaf(ImageCommands.CREATE_LIST, "create"),
                    leaf(ImageCommands.INSPECT_MANIFEST, "inspect"),
                    leaf(ImageCommands.PUSH_LIST, "push"),
                    leaf(ImageCommands.REMOVE_LISTS, "rm")),
            group(
                    "Manage networks",
                    List.of("network"),
                    leaf(NetworkCommands.LIST, "ls", "list"),
                    leaf(NetworkCommands.CREATE, "create"),
                    leaf(NetworkCommands.INSPECT, "inspect"),
                    leaf(NetworkCommands.REMOVE, "rm", "remove"),
                    leaf(NetworkCommands.PRUNE, "prune"),
                    leaf(NetworkCommands.CONNECT, "connect"),
                    leaf(NetworkCommands.DISCONNECT, "disconnect"),
                    leaf(NetworkCommands.RELOAD, "reload")),
            group(
                    "Show the pods of a kubelet",
                    List.of("pod"),
                    leaf(PodCommands.LIST, "ls", "list", "ps"),
                    leaf(PodCommands.INSPECT, "inspect"),
                    leaf(PodCommands.LOGS, "logs"),
                    leaf(PodCommands.STATS, "stats")),
            group(
                    "Manage Wherry",
                    List.of("system"),
                    leaf(SystemCommands.DISK_USAGE, "df"),
                    leaf(SystemCommands.EVENTS, "events"),
                    leaf(SystemCommands.INFO, "info"),
                    leaf(SystemCommands.PRUNE, "prune")),
            group(
                    "Manage volumes",
                    List.of("volume"),
                    leaf(VolumeCommands.LIST, "ls", "list"),
                    leaf(VolumeCommands.CREATE, "create"),
                    leaf(VolumeCommands.INSPECT, "inspect"),
                    leaf(VolumeCommands.REMOVE, "rm", "remove"),
                    leaf(VolumeCommands.PRUNE, "prune"),
                    leaf(VolumeCommands.COPY, "cp"),
                    leaf(VolumeCommands.EXPORT, "export"),
                    leaf(VolumeCommands.IMPORT, "import")));

    static final List<Entry> OTHER = List.of(
            leaf(ContainerCommands.ATTACH, "attach"),
            leaf(ContainerCommands.COMMIT, "commit"),
            leaf(ContainerCommands.COPY, "cp"),
            leaf(ContainerCommands.DIFF, "diff"),
            leaf(ContainerCommands.EXPORT, "export"),
            leaf(SystemCommands.COMPLETION, "completion"),
            leaf(ContainerCommands.CREATE, "create"),
            leaf(SystemCommands.EVENTS, "events"),
            leaf(ImageCommands.HISTORY, "history"),
            leaf(ImageCommands.IMPORT, "import"),
            leaf(SystemCommands.INSPECT, "inspect"),
            leaf(ContainerCommands.KILL, "kill"),
            leaf(ImageCommands.LOAD, "load"),
            leaf(ContainerCommands.LOGS, "logs"),
            leaf(ContainerCommands.PAUSE, "pause"),
            leaf(ContainerCommands.PORT, "port"),
            leaf(ContainerCommands.PORT_FORWARD, "port-forward"),
            leaf(ContainerCommands.RENAME, "rename"),
            leaf(ContainerCommands.RESTART, "restart"),
            leaf(ContainerCommands.REMOVE, "rm"),
            leaf(ImageCommands.REMOVE, "rmi"),
            leaf(ImageCommands.SAVE, "save"),
            leaf(ContainerCommands.START, "start"),
            leaf(ContainerCommands.STOP, "stop"),
            leaf(ImageCommands.TAG, "tag"),
            leaf(ContainerCommands.UNPAUSE, "unpause"),
            leaf(ContainerCommands.UPDATE, "update"),
            leaf(ContainerCommands.STATS, "stats"),
            leaf(ContainerCommands.TOP, "top"),
            leaf(ContainerCommands.WAIT, "wait"));

    /** All entries at the top, in the order in which help lists them. */
    static final List<Entry> COMMANDS =
            Stream.of(COMMON, MANAGEMENT, OTHER).flatMap(List::stream).toList();

    /** Docker's commands that do not exist here yet: a guess at another name would mislead. */
    static final Set<String> UNSUPPORTED =
            Set.of("compose", "config", "node", "plugin", "secret", "service", "stack", "swarm", "trust");

    private Catalog() {}

    /** The entry of a name among {@code entries}. */
    static Optional<Entry> find(List<Entry> entries, String name) {
        for (Entry entry : entries) {
            if (entry.names().contains(name)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /** Every command below {@code entries}; one with several names comes once for each place it is in. */
    static Stream<CommandDescriptor> descriptors(List<Entry> entries) {
        return entries.stream().flatMap(entry -> switch (entry) {
            case Leaf leaf -> Stream.of(leaf.command());
            case Group group -> descriptors(group.children());
        });
    }

    /** Every way to call a command, such as {@code container ls} and {@code ps}; those in groups come first. */
    static List<String> aliases(CommandDescriptor command) {
        List<String> paths = new ArrayList<>();
        addAliases(command, "", MANAGEMENT, paths);
        addAliases(command, "", COMMON, paths);
        addAliases(command, "", OTHER, paths);
        return paths;
    }

    private static void addAliases(CommandDescriptor command, String prefix, List<Entry> entries, List<String> paths) {
        for (Entry entry : entries) {
            switch (entry) {
                case Leaf leaf -> {
                    if (leaf.command() == command) {
                        leaf.names().forEach(name -> paths.add(prefix + name));
                    }
                }
                case Group group -> addAliases(command, prefix + group.name() + " ", group.children(), paths);
            }
        }
    }

    private static Entry leaf(CommandDescriptor command, String... names) {
        return new Leaf(List.of(names), command);
    }

    private static Entry group(String summary, List<String> names, Entry... children) {
        return new Group(names, summary, List.of(children));
    }
}
