package dev.wherry.cli.command.context;

import dev.wherry.cli.client.contexts.DaemonContext;
import dev.wherry.cli.client.contexts.DaemonContexts;
import dev.wherry.cli.command.DaemonSelection;
import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry context rm}. */
@Command
public final class RemoveContextsCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--force"},
            description = "Force the removal of a context in use")
    private boolean force;

    @Parameters(paramLabel = "CONTEXT", arity = "1..*")
    private List<String> names;

    public RemoveContextsCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        DaemonSelection selection = session.selection();
        String current = selection.contextName();
        DaemonContexts contexts = selection.contexts();
        return EachArgument.inOrder(session, names, name -> {
            if (name.equals(DaemonContext.DEFAULT)) {
                throw new Failure("context \"default\" cannot be removed");
            }
            boolean isInUse = name.equals(current)
                    || contexts.current().filter(name::equals).isPresent();
            if (isInUse && !force) {
                throw new Failure("context \"" + name + "\" is in use, set -f flag to force remove");
            }
            if (!force || contexts.find(name).isPresent()) {
                contexts.remove(name);
            }
            return List.of(name);
        });
    }
}
