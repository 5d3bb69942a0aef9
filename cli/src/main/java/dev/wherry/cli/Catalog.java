package dev.wherry.cli;

import static dev.wherry.cli.Completes.CONTAINER;
import static dev.wherry.cli.Completes.CONTAINER_OR_IMAGE;
import static dev.wherry.cli.Completes.FILE;
import static dev.wherry.cli.Completes.FOLDER;
import static dev.wherry.cli.Completes.IMAGE;
import static dev.wherry.cli.Completes.RUNNING;
import static dev.wherry.cli.Completes.STOPPED;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.builder.Build;
import dev.wherry.cli.command.builder.BuildLogs;
import dev.wherry.cli.command.builder.DiskUsage;
import dev.wherry.cli.command.builder.InspectBuild;
import dev.wherry.cli.command.builder.ListBuilds;
import dev.wherry.cli.command.builder.Prune;
import dev.wherry.cli.command.builder.RemoveBuilds;
import dev.wherry.cli.command.builder.Why;
import dev.wherry.cli.command.container.Attach;
import dev.wherry.cli.command.container.Commit;
import dev.wherry.cli.command.container.Copy;
import dev.wherry.cli.command.container.Create;
import dev.wherry.cli.command.container.Diff;
import dev.wherry.cli.command.container.Exec;
import dev.wherry.cli.command.container.Export;
import dev.wherry.cli.command.container.InspectContainer;
import dev.wherry.cli.command.container.Kill;
import dev.wherry.cli.command.container.ListContainers;
import dev.wherry.cli.command.container.Logs;
import dev.wherry.cli.command.container.Pause;
import dev.wherry.cli.command.container.Ports;
import dev.wherry.cli.command.container.PruneContainers;
import dev.wherry.cli.command.container.Remove;
import dev.wherry.cli.command.container.Rename;
import dev.wherry.cli.command.container.Restart;
import dev.wherry.cli.command.container.Run;
import dev.wherry.cli.command.container.Start;
import dev.wherry.cli.command.container.Stats;
import dev.wherry.cli.command.container.Stop;
import dev.wherry.cli.command.container.Top;
import dev.wherry.cli.command.container.Unpause;
import dev.wherry.cli.command.container.Update;
import dev.wherry.cli.command.container.Wait;
import dev.wherry.cli.command.image.History;
import dev.wherry.cli.command.image.Images;
import dev.wherry.cli.command.image.Import;
import dev.wherry.cli.command.image.InspectImage;
import dev.wherry.cli.command.image.Pull;
import dev.wherry.cli.command.image.RemoveImages;
import dev.wherry.cli.command.image.Tag;
import dev.wherry.cli.command.system.CompletionScript;
import dev.wherry.cli.command.system.Events;
import dev.wherry.cli.command.system.Info;
import dev.wherry.cli.command.system.Inspect;
import dev.wherry.cli.command.system.Version;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** All commands by name. A command is made only when it is called, since a start pays for every command it makes. */
final class Catalog {
    /** Where the list of commands shows a command. */
    enum Section {
        COMMON,
        MANAGEMENT,
        OTHER
    }

    /**
     * A command, or a group of them.
     *
     * @param names its name and aliases
     * @param maker makes the command; {@code null} for a group
     * @param children commands of a group, else empty
     * @param arguments what each of its positional parameters names, for completion; empty where nothing is known of them
     */
    record Entry(
            Section section,
            List<String> names,
            String summary,
            Function<Session, Object> maker,
            List<Entry> children,
            List<Completes> arguments) {

        String name() {
            return names.getFirst();
        }

        boolean isGroup() {
            return maker == null;
        }

        /** The same as one of the commands of a group. */
        private Entry inner() {
            return new Entry(Section.OTHER, names, summary, maker, children, arguments);
        }

        private Entry naming(Completes... arguments) {
            return new Entry(section, names, summary, maker, children, List.of(arguments));
        }
    }

    private static final List<Entry> IMAGES = List.of(
            other("List images", Images::new, "ls", "list").naming(IMAGE),
            other("Show all about images", InspectImage::new, "inspect").naming(IMAGE),
            other("Show the instructions an image was made by", History::new, "history")
                    .naming(IMAGE),
            other("Give an image one more name", Tag::new, "tag").naming(IMAGE, IMAGE),
            other("Remove images", RemoveImages::new, "rm", "remove").naming(IMAGE),
            other("Download an image from a registry", Pull::new, "pull").naming(IMAGE),
            other("Make an image of the files in a tar archive", Import::new, "import")
                    .naming(FILE, IMAGE),
            other("Build an image from a Dockerfile", Build::new, "build").naming(FOLDER));

    private static final List<Entry> CONTAINERS = List.of(
            other("List containers", ListContainers::new, "ls", "list", "ps"),
            other("Create a container and run it", Run::new, "run").naming(IMAGE),
            other("Create a container", Create::new, "create").naming(IMAGE),
            other("Start stopped containers", Start::new, "start").naming(STOPPED),
            other("Join the streams of a running container", Attach::new, "attach")
                    .naming(RUNNING),
            other("Stop running containers", Stop::new, "stop").naming(RUNNING),
            other("Kill running containers", Kill::new, "kill").naming(RUNNING),
            other("Freeze all processes of containers", Pause::new, "pause").naming(RUNNING),
            other("List the ports of the host that lead to a container", Ports::new, "port")
                    .naming(CONTAINER),
            other("Remove all containers that do not run", PruneContainers::new, "prune"),
            other("Give a container another name", Rename::new, "rename").naming(CONTAINER),
            other("Stop containers and start them again", Restart::new, "restart")
                    .naming(CONTAINER),
            other("Let paused containers go on", Unpause::new, "unpause").naming(RUNNING),
            other("Change limits and the restart policy of containers", Update::new, "update")
                    .naming(CONTAINER),
            other("Wait until containers have stopped", Wait::new, "wait").naming(RUNNING),
            other("Remove containers", Remove::new, "rm", "remove").naming(CONTAINER),
            other("Show what a container wrote", Logs::new, "logs").naming(CONTAINER),
            other("Make an image of what a container changed", Commit::new, "commit")
                    .naming(CONTAINER, IMAGE),
            other("Copy files into a container or out of it", Copy::new, "cp").naming(FILE, FILE),
            other("Show what a container changed in its file system", Diff::new, "diff")
                    .naming(CONTAINER),
            other("Write the file system of a container as a tar archive", Export::new, "export")
                    .naming(CONTAINER),
            other("Run a program in a running container", Exec::new, "exec").naming(RUNNING),
            other("Show the processes of a running container", Top::new, "top").naming(RUNNING),
            other("Show what containers use", Stats::new, "stats").naming(RUNNING),
            other("Show all about containers", InspectContainer::new, "inspect").naming(CONTAINER));

    private static final List<Entry> BUILDS = List.of(
            other("List the builds that ended lately", ListBuilds::new, "ls", "list"),
            other("Show all about a build", InspectBuild::new, "inspect"),
            other("Show what the steps of a build wrote", BuildLogs::new, "logs"),
            other("Forget builds", RemoveBuilds::new, "rm", "remove"));

    private static final List<Entry> BUILDER = List.of(
            other("Build an image from a Dockerfile", Build::new, "build").naming(FOLDER),
            other("Show what the build cache holds", DiskUsage::new, "du"),
            group("Look at the builds that ended lately", BUILDS, "history").inner(),
            other("Remove build cache", Prune::new, "prune"),
            other("Say why a step was not taken from the cache", Why::new, "why"));

    private static final List<Entry> SYSTEM = List.of(
            other("Show what happens to containers and images", Events::new, "events"),
            other("Show the state of the daemon, and what the host lacks", Info::new, "info"));

    static final List<Entry> COMMANDS = List.of(
            common("Create a container from an image and run it", Run::new, "run")
                    .naming(IMAGE),
            common("Run a program in a running container", Exec::new, "exec").naming(RUNNING),
            common("List containers", ListContainers::new, "ps"),
            common("Build an image from a Dockerfile", Build::new, "build").naming(FOLDER),
            common("Download an image from a registry", Pull::new, "pull").naming(IMAGE),
            common("List images", Images::new, "images").naming(IMAGE),
            common("Show the versions of client and daemon", Version::new, "version"),
            common("Show the state of the daemon, and what the host lacks", Info::new, "info"),
            group("Manage builds and their cache", BUILDER, "builder", "buildx"),
            group("Manage containers", CONTAINERS, "container"),
            group("Manage images", IMAGES, "image"),
            group("Manage Wherry", SYSTEM, "system"),
            other("Join the streams of a running container", Attach::new, "attach")
                    .naming(RUNNING),
            other("Make an image of what a container changed", Commit::new, "commit")
                    .naming(CONTAINER, IMAGE),
            other("Copy files into a container or out of it", Copy::new, "cp").naming(FILE, FILE),
            other("Show what a container changed in its file system", Diff::new, "diff")
                    .naming(CONTAINER),
            other("Write the file system of a container as a tar archive", Export::new, "export")
                    .naming(CONTAINER),
            other("Print a script that completes commands in a shell", CompletionScript::new, "completion"),
            other("Create a container", Create::new, "create").naming(IMAGE),
            other("Show what happens to containers and images", Events::new, "events"),
            other("Show the instructions an image was made by", History::new, "history")
                    .naming(IMAGE),
            other("Make an image of the files in a tar archive", Import::new, "import")
                    .naming(FILE, IMAGE),
            other("Show all about containers and images", Inspect::new, "inspect")
                    .naming(CONTAINER_OR_IMAGE),
            other("Kill running containers", Kill::new, "kill").naming(RUNNING),
            other("Show what a container wrote", Logs::new, "logs").naming(CONTAINER),
            other("Freeze all processes of containers", Pause::new, "pause").naming(RUNNING),
            other("List the ports of the host that lead to a container", Ports::new, "port")
                    .naming(CONTAINER),
            other("Give a container another name", Rename::new, "rename").naming(CONTAINER),
            other("Stop containers and start them again", Restart::new, "restart")
                    .naming(CONTAINER),
            other("Remove containers", Remove::new, "rm").naming(CONTAINER),
            other("Remove images", RemoveImages::new, "rmi").naming(IMAGE),
            other("Start stopped containers", Start::new, "start").naming(STOPPED),
            other("Stop running containers", Stop::new, "stop").naming(RUNNING),
            other("Give an image one more name", Tag::new, "tag").naming(IMAGE, IMAGE),
            other("Let paused containers go on", Unpause::new, "unpause").naming(RUNNING),
            other("Change limits and the restart policy of containers", Update::new, "update")
                    .naming(CONTAINER),
            other("Show what containers use", Stats::new, "stats").naming(RUNNING),
            other("Show the processes of a running container", Top::new, "top").naming(RUNNING),
            other("Wait until containers have stopped", Wait::new, "wait").naming(RUNNING));

    private Catalog() {}

    /** The command of a name among {@code entries}. */
    static Optional<Entry> find(List<Entry> entries, String name) {
        return entries.stream().filter(entry -> entry.names().contains(name)).findFirst();
    }

    private static Entry common(String summary, Function<Session, Object> maker, String... names) {
        return new Entry(Section.COMMON, List.of(names), summary, maker, List.of(), List.of());
    }

    private static Entry other(String summary, Function<Session, Object> maker, String... names) {
        return new Entry(Section.OTHER, List.of(names), summary, maker, List.of(), List.of());
    }

    private static Entry group(String summary, List<Entry> children, String... names) {
        return new Entry(Section.MANAGEMENT, List.of(names), summary, null, children, List.of());
    }
}
