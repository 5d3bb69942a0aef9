package dev.wherry.cli.command.context;

import dev.wherry.cli.client.contexts.DaemonContext;
import dev.wherry.cli.client.contexts.DaemonContexts;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry context update}. */
@Command
public final class UpdateContextCommand implements Callable<ExitStatus> {
    private final Session session;

    @Mixin
    private EndpointFlags endpoint = new EndpointFlags();

    @Option(names = "--description", paramLabel = "TEXT", description = "Description of the context")
    private String description;

    @Parameters(paramLabel = "CONTEXT", index = "0")
    private String name;

    public UpdateContextCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        DaemonContexts contexts = session.selection().contexts();
        DaemonContext context = contexts.get(name);
        Map<String, String> given = endpoint.given();
        String from = given.getOrDefault("from", name);
        Map<String, String> fields = EndpointFlags.of(contexts, contexts.get(from));
        if (given.containsKey("ca") || given.containsKey("cert") || given.containsKey("key")) {
            fields.remove("tls");
        }
        fields.putAll(given);
        EndpointFlags.put(contexts, name, description == null ? context.description() : description, fields);
        session.console().out().println(name);
        session.console().out().flush();
        session.console().err().println("Successfully updated context \"" + name + "\"");
        return ExitStatus.SUCCESS;
    }
}
