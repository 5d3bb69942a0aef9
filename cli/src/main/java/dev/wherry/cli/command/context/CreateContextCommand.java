package dev.wherry.cli.command.context;

import dev.wherry.cli.client.contexts.DaemonContext;
import dev.wherry.cli.client.contexts.DaemonContexts;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry context create}. */
@Command
public final class CreateContextCommand implements Callable<ExitStatus> {
    private final Session session;

    @Mixin
    private EndpointFlags endpoint = new EndpointFlags();

    @Option(names = "--description", paramLabel = "TEXT", description = "Description of the context")
    private String description;

    @Option(names = "--from", paramLabel = "CONTEXT", description = "Create context from a named context")
    private String from = "";

    @Parameters(paramLabel = "CONTEXT", index = "0")
    private String name;

    public CreateContextCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        DaemonContexts contexts = session.selection().contexts();
        if (contexts.find(name).isPresent()) {
            throw new Failure("context \"" + name + "\" already exists");
        }
        Map<String, String> given = endpoint.given();
        Map<String, String> fields = new HashMap<>();
        String copied = given.getOrDefault("from", from);
        String about = "";
        if (copied.equals(DaemonContext.DEFAULT)) {
            fields.put("host", session.selection().defaultHost());
        } else if (!copied.isEmpty()) {
            DaemonContext other = contexts.get(copied);
            fields.putAll(EndpointFlags.of(contexts, other));
            about = other.description();
        }
        fields.putAll(given);
        if (fields.getOrDefault("host", "").isEmpty()) {
            throw new Failure("docker endpoint configuration is required: give --host or --from");
        }
        EndpointFlags.put(contexts, name, description == null ? about : description, fields);
        session.console().out().println(name);
        session.console().out().flush();
        session.console().err().println("Successfully created context \"" + name + "\"");
        return ExitStatus.SUCCESS;
    }
}
