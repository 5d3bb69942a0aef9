package dev.wherry.cli.command.volume;

import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.RemoveVolumeRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry volume rm}. */
@Command
public final class RemoveVolumesCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--force"},
            description = "Do not fail if a volume does not exist")
    private boolean force;

    @Parameters(paramLabel = "VOLUME", arity = "1..*")
    private List<String> volumes;

    public RemoveVolumesCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return EachArgument.of(session, volumes, volume -> {
            session.daemon()
                    .volumes()
                    .remove(RemoveVolumeRequest.newBuilder()
                            .setName(volume)
                            .setForce(force)
                            .build());
            return List.of(volume);
        });
    }
}
