package dev.wherry.cli.command.system;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.command.InspectOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.InspectContainerCommand;
import dev.wherry.cli.command.image.InspectImageCommand;
import dev.wherry.cli.command.network.InspectNetworkCommand;
import dev.wherry.cli.command.volume.InspectVolumeCommand;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry inspect}: a container by that name or ID, else an image, else a volume. */
@Command
public final class InspectCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "TEMPLATE",
            description = "Format output with 'json' or a Go template")
    private String format;

    @Option(
            names = "--type",
            paramLabel = "container|image|volume|network",
            description = "Only inspect objects of the given type")
    private String type = "";

    @Option(
            names = {"-s", "--size"},
            description = "Display total file sizes of containers")
    private boolean size;

    @Parameters(paramLabel = "NAME", arity = "1..*")
    private List<String> names;

    public InspectCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return switch (type) {
            case "" -> InspectOutput.print(session, names, format, this::any);
            case "container" ->
                InspectOutput.print(session, names, format, name -> InspectContainerCommand.json(session, name, size));
            case "image" ->
                InspectOutput.print(session, names, format, name -> InspectImageCommand.json(session, name));
            case "volume" ->
                InspectOutput.print(session, names, format, name -> InspectVolumeCommand.json(session, name));
            case "network" ->
                InspectOutput.print(session, names, format, name -> InspectNetworkCommand.json(session, name));
            default -> throw new Failure("inspect: --type must be container, image, volume or network");
        };
    }

    /** The first of these that there is. */
    private String any(String name) {
        List<InspectOutput.Lookup> kinds = List.of(
                one -> InspectContainerCommand.json(session, one, size),
                one -> InspectImageCommand.json(session, one),
                one -> InspectVolumeCommand.json(session, one),
                one -> InspectNetworkCommand.json(session, one));
        for (InspectOutput.Lookup kind : kinds) {
            try {
                return kind.json(name);
            } catch (StatusRuntimeException e) {
                if (!CallFailures.isNotFound(e)) {
                    throw e;
                }
            }
        }
        throw new Failure("no such container, image, volume or network: " + name);
    }
}
