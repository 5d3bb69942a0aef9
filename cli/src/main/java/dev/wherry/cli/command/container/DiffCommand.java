package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.v1.DiffRequest;
import dev.wherry.v1.PathChange;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry diff}. */
@Command
public final class DiffCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "CONTAINER", index = "0")
    private String container;

    public DiffCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        var response = session.daemon()
                .containers()
                .diff(DiffRequest.newBuilder().setContainer(container).build());
        for (PathChange change : response.getChangesList()) {
            String kind = switch (change.getKind()) {
                case KIND_ADDED -> "A ";
                case KIND_DELETED -> "D ";
                case KIND_MODIFIED, KIND_UNSPECIFIED, UNRECOGNIZED -> "C ";
            };
            session.console().out().println(kind + TerminalText.escaped(change.getPath()));
        }
        return ExitStatus.SUCCESS;
    }
}
