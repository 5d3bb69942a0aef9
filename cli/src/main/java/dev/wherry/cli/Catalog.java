package dev.wherry.cli;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.builder.Build;
import dev.wherry.cli.command.builder.Prune;
import dev.wherry.cli.command.container.Attach;
import dev.wherry.cli.command.container.Create;
import dev.wherry.cli.command.container.InspectContainer;
import dev.wherry.cli.command.container.Kill;
import dev.wherry.cli.command.container.ListContainers;
import dev.wherry.cli.command.container.Logs;
import dev.wherry.cli.command.container.Remove;
import dev.wherry.cli.command.container.Run;
import dev.wherry.cli.command.container.Start;
import dev.wherry.cli.command.container.Stop;
import dev.wherry.cli.command.container.Wait;
import dev.wherry.cli.command.image.History;
import dev.wherry.cli.command.image.Images;
import dev.wherry.cli.command.image.Import;
import dev.wherry.cli.command.image.InspectImage;
import dev.wherry.cli.command.image.Pull;
import dev.wherry.cli.command.image.RemoveImages;
import dev.wherry.cli.command.image.Tag;
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
     */
    record Entry(
            Section section,
            List<String> names,
            String summary,
            Function<Session, Object> maker,
            List<Entry> children) {

        String name() {
            return names.getFirst();
        }

        boolean isGroup() {
            return maker == null;
        }
    }

    private static final List<Entry> IMAGE = List.of(
            other("List images", Images::new, "ls", "list"),
            other("Show all about images", InspectImage::new, "inspect"),
            other("Show the instructions an image was made by", History::new, "history"),
            other("Give an image one more name", Tag::new, "tag"),
            other("Remove images", RemoveImages::new, "rm", "remove"),
            other("Download an image from a registry", Pull::new, "pull"),
            other("Make an image of the files in a tar archive", Import::new, "import"),
            other("Build an image from a Dockerfile", Build::new, "build"));

    private static final List<Entry> CONTAINER = List.of(
            other("List containers", ListContainers::new, "ls", "list", "ps"),
            other("Create a container and run it", Run::new, "run"),
            other("Create a container", Create::new, "create"),
            other("Start stopped containers", Start::new, "start"),
            other("Join the streams of a running container", Attach::new, "attach"),
            other("Stop running containers", Stop::new, "stop"),
            other("Kill running containers", Kill::new, "kill"),
            other("Wait until containers have stopped", Wait::new, "wait"),
            other("Remove containers", Remove::new, "rm", "remove"),
            other("Show what a container wrote", Logs::new, "logs"),
            other("Show all about containers", InspectContainer::new, "inspect"));

    private static final List<Entry> BUILDER = List.of(
            other("Build an image from a Dockerfile", Build::new, "build"),
            other("Remove build cache", Prune::new, "prune"));

    private static final List<Entry> SYSTEM =
            List.of(other("Show the state of the daemon, and what the host lacks", Info::new, "info"));

    static final List<Entry> COMMANDS = List.of(
            common("Create a container from an image and run it", Run::new, "run"),
            common("List containers", ListContainers::new, "ps"),
            common("Build an image from a Dockerfile", Build::new, "build"),
            common("Download an image from a registry", Pull::new, "pull"),
            common("List images", Images::new, "images"),
            common("Show the versions of client and daemon", Version::new, "version"),
            common("Show the state of the daemon, and what the host lacks", Info::new, "info"),
            group("Manage builds and their cache", BUILDER, "builder"),
            group("Manage containers", CONTAINER, "container"),
            group("Manage images", IMAGE, "image"),
            group("Manage Wherry", SYSTEM, "system"),
            other("Join the streams of a running container", Attach::new, "attach"),
            other("Create a container", Create::new, "create"),
            other("Show the instructions an image was made by", History::new, "history"),
            other("Make an image of the files in a tar archive", Import::new, "import"),
            other("Show all about containers and images", Inspect::new, "inspect"),
            other("Kill running containers", Kill::new, "kill"),
            other("Show what a container wrote", Logs::new, "logs"),
            other("Remove containers", Remove::new, "rm"),
            other("Remove images", RemoveImages::new, "rmi"),
            other("Start stopped containers", Start::new, "start"),
            other("Stop running containers", Stop::new, "stop"),
            other("Give an image one more name", Tag::new, "tag"),
            other("Wait until containers have stopped", Wait::new, "wait"));

    private Catalog() {}

    /** The command of a name among {@code entries}. */
    static Optional<Entry> find(List<Entry> entries, String name) {
        return entries.stream().filter(entry -> entry.names().contains(name)).findFirst();
    }

    private static Entry common(String summary, Function<Session, Object> maker, String... names) {
        return new Entry(Section.COMMON, List.of(names), summary, maker, List.of());
    }

    private static Entry other(String summary, Function<Session, Object> maker, String... names) {
        return new Entry(Section.OTHER, List.of(names), summary, maker, List.of());
    }

    private static Entry group(String summary, List<Entry> children, String... names) {
        return new Entry(Section.MANAGEMENT, List.of(names), summary, null, children);
    }
}
