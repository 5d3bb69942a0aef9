package dev.wherry.cli.command.volume;

import dev.wherry.cli.command.KeyValues;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.CreateVolumeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry volume create}. */
@Command
public final class CreateVolumeCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-d", "--driver"},
            paramLabel = "DRIVER",
            description = "Specify volume driver name (default \"local\")")
    private String driver = "";

    @Option(names = "--label", paramLabel = "KEY[=VALUE]", description = "Set metadata for a volume")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = {"-o", "--opt"},
            paramLabel = "KEY=VALUE",
            description = "Set driver specific options: type=nfs|tmpfs|none ..., device=, o= as for mount -o")
    private List<String> options = new ArrayList<>();

    /** Docker's other way to give the name. */
    @Option(names = "--name", paramLabel = "NAME", description = "Specify volume name", hidden = true)
    private String flagName = "";

    @Parameters(paramLabel = "VOLUME", index = "0", arity = "0..1")
    private String name = "";

    public CreateVolumeCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        if (!name.isEmpty() && !flagName.isEmpty()) {
            throw new Failure("conflicting options: cannot specify a volume-name through both --name and as a"
                    + " positional arg");
        }
        CreateVolumeRequest request = CreateVolumeRequest.newBuilder()
                .setName(name.isEmpty() ? flagName : name)
                .setDriver(driver)
                .putAllLabels(KeyValues.labels(labels))
                .putAllOptions(KeyValues.labels(options))
                .build();
        session.console()
                .out()
                .println(session.daemon().volumes().create(request).getName());
        return ExitStatus.SUCCESS;
    }
}
