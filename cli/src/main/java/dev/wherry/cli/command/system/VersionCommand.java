package dev.wherry.cli.command.system;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.ClientVersion;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.template.Template;
import dev.wherry.v1.HostTool;
import dev.wherry.v1.VersionRequest;
import dev.wherry.v1.VersionResponse;
import io.grpc.StatusRuntimeException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry version}: the client's is shown even when no daemon answers. */
@Command
public final class VersionCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "TEMPLATE",
            description = "Format output with 'json' or a Go template")
    private String format;

    public VersionCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        VersionResponse server = null;
        StatusRuntimeException failure = null;
        try {
            server = session.daemon().system().version(VersionRequest.getDefaultInstance());
        } catch (StatusRuntimeException e) {
            failure = e;
        }
        PrintStream out = session.console().out();
        if (format != null) {
            out.println(Template.render(format, value(server)));
        } else {
            printClient(out);
            if (server != null) {
                printServer(out, server);
            }
        }
        out.flush();
        if (failure != null) {
            throw CallFailures.of(failure, session.address());
        }
        return ExitStatus.SUCCESS;
    }

    private static void printClient(PrintStream out) {
        out.println("Client:");
        line(out, "Version", ClientVersion.NUMBER);
        line(out, "Commit", ClientVersion.COMMIT);
        line(out, "Mode", ClientVersion.mode());
        line(out, "Java", Runtime.version().toString());
        line(out, "OS/Arch", System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT) + "/" + architecture());
    }

    private static void printServer(PrintStream out, VersionResponse server) {
        out.println();
        out.println("Server:");
        line(out, "Version", server.getVersion());
        line(out, "API version", server.getApiVersion());
        line(out, "Commit", server.getCommit());
        line(out, "Mode", server.getMode());
        line(out, "Java", server.getJava());
        line(out, "OS/Arch", server.getOs() + "/" + server.getArch());
        line(out, "Kernel", server.getKernel());
        for (HostTool tool : server.getToolsList()) {
            line(out, tool.getName(), tool.getPath().isEmpty() ? "missing" : tool.getVersion());
        }
    }

    private static void line(PrintStream out, String name, String value) {
        if (!value.isEmpty()) {
            out.println(" %-18s%s".formatted(name + ":", value));
        }
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other -> other;
        };
    }

    private static Map<String, Object> value(VersionResponse server) {
        Map<String, Object> value = new LinkedHashMap<>();
        Map<String, Object> client = new LinkedHashMap<>();
        client.put("Version", ClientVersion.NUMBER);
        client.put("GitCommit", ClientVersion.COMMIT);
        client.put("Mode", ClientVersion.mode());
        client.put("Java", Runtime.version().toString());
        value.put("Client", client);
        value.put("Server", server == null ? null : serverValue(server));
        return value;
    }

    private static Map<String, Object> serverValue(VersionResponse server) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("Version", server.getVersion());
        value.put("ApiVersion", server.getApiVersion());
        value.put("GitCommit", server.getCommit());
        value.put("Mode", server.getMode());
        value.put("Java", server.getJava());
        value.put("Os", server.getOs());
        value.put("Arch", server.getArch());
        value.put("KernelVersion", server.getKernel());
        List<Object> tools = server.getToolsList().stream()
                .map(tool ->
                        (Object) Map.of("Name", tool.getName(), "Path", tool.getPath(), "Version", tool.getVersion()))
                .toList();
        value.put("Tools", tools);
        return value;
    }
}
