package dev.wherry.cli.command.context;

import dev.wherry.cli.client.contexts.DaemonContext;
import dev.wherry.cli.client.contexts.DaemonContexts;
import dev.wherry.cli.command.DaemonSelection;
import dev.wherry.cli.command.InspectOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.template.JsonValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry context inspect}. */
@Command
public final class InspectContextCommand implements Callable<ExitStatus> {
    private static final String IN_MEMORY = "<IN MEMORY>";

    private final Session session;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "TEMPLATE",
            description = "Format output with 'json' or a Go template")
    private String format;

    @Parameters(paramLabel = "CONTEXT", arity = "0..*")
    private List<String> names = new ArrayList<>();

    public InspectContextCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        DaemonSelection selection = session.selection();
        List<String> wanted = names.isEmpty() ? List.of(selection.contextName()) : names;
        return InspectOutput.print(session, wanted, format, name -> JsonValues.compact(values(selection, name)));
    }

    private static Map<String, Object> values(DaemonSelection selection, String name) {
        DaemonContexts contexts = selection.contexts();
        if (name.equals(DaemonContext.DEFAULT)) {
            return values(name, Map.of(), DaemonContext.endpoint(selection.defaultHost(), false), Map.of(), null);
        }
        DaemonContext context = contexts.get(name);
        Map<String, Object> metadata =
                context.description().isEmpty() ? Map.of() : Map.of("Description", context.description());
        Map<String, Object> tls =
                contexts.tls(name).isPresent() ? Map.of("docker", List.of("ca.pem", "cert.pem", "key.pem")) : Map.of();
        return values(name, metadata, DaemonContext.endpoint(context.host(), context.withoutTls()), tls, contexts);
    }

    /** @param contexts where the context is kept; {@code null} for nowhere */
    private static Map<String, Object> values(
            String name,
            Map<String, Object> metadata,
            Map<String, Object> endpoint,
            Map<String, Object> tls,
            DaemonContexts contexts) {
        Map<String, Object> storage = new LinkedHashMap<>();
        storage.put("MetadataPath", contexts == null ? IN_MEMORY : contexts.metadataFolder(name));
        storage.put("TLSPath", contexts == null ? IN_MEMORY : contexts.tlsFolder(name));
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("Name", name);
        values.put("Metadata", metadata);
        values.put("Endpoints", Map.of("docker", endpoint));
        values.put("TLSMaterial", tls);
        values.put("Storage", storage);
        return values;
    }
}
