package dev.wherry.daemon;

import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.metadata.Layout;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line of the daemon. It is read before anything else starts: {@code --help} and mistakes cost nothing.
 * What it says becomes configuration ({@code wherry.*}), the claim on roots and socket is made, and then the server
 * starts. Every option can also be given by the environment, as {@code WHERRY_ROOT} for {@code --root}.
 */
@QuarkusMain
@Command(
        name = "wherryd",
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "The daemon of Wherry: builds images and runs containers for the wherry command.",
        synopsisHeading = "%nUsage: ",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  wherryd",
            "  wherryd --root /srv/wherry --run-root /run/wherry-2",
            "  wherryd --registry registry.example.org --registry-mirror docker.io=mirror.example.org:5000"
        })
public class Main implements Callable<Integer> {

    private final long started = System.nanoTime();

    @Option(
            names = "--root",
            paramLabel = "DIR",
            defaultValue = "${env:WHERRY_ROOT:-/var/lib/wherry}",
            description = "Where images, containers and the database live (default: ${DEFAULT-VALUE}).")
    private Path root;

    @Option(
            names = "--run-root",
            paramLabel = "DIR",
            defaultValue = "${env:WHERRY_RUN_ROOT:-/run/wherry}",
            description = "Where sockets, mounts and what else ends with a reboot live (default: ${DEFAULT-VALUE}).")
    private Path runRoot;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = "${env:WHERRY_SOCKET}",
            description = "Unix socket to listen on (default: wherryd.sock in the run root).")
    private Path socket;

    @Option(
            names = "--runtime",
            paramLabel = "NAME",
            defaultValue = "${env:WHERRY_RUNTIME:-runc}",
            description = "OCI runtime, by name or path (default: ${DEFAULT-VALUE}).")
    private String runtime;

    @Option(
            names = "--registry",
            paramLabel = "HOST[:PORT]",
            defaultValue = "${env:WHERRY_REGISTRY:-docker.io}",
            description = "Registry of names that name none (default: ${DEFAULT-VALUE}).")
    private String registry;

    @Option(
            names = "--registry-mirror",
            paramLabel = "HOST=MIRROR",
            defaultValue = "${env:WHERRY_REGISTRY_MIRRORS}",
            split = ",",
            description = "Ask MIRROR for what HOST holds, as HOST[:PORT]=HOST[:PORT]; repeatable.")
    private Map<String, String> mirrors = new LinkedHashMap<>();

    @Option(
            names = "--insecure-registry",
            paramLabel = "HOST[:PORT]",
            defaultValue = "${env:WHERRY_REGISTRY_INSECURE}",
            split = ",",
            description = "Speak plain HTTP with this registry; repeatable. Loopback is always allowed to.")
    private List<String> insecure = List.of();

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "${env:WHERRY_LOG_LEVEL:-info}",
            description = "One of error, warn, info, debug, trace (default: ${DEFAULT-VALUE}).")
    private LogLevel logLevel;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    @Option(names = "--version", description = "Show the version and exit.")
    private boolean version;

    /** What {@code --log-level} takes. */
    enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, line, result) -> complain(failure))
                .setParameterExceptionHandler((mistake, ignored) -> {
                    System.err.println("wherryd: " + mistake.getMessage() + "\nSee 'wherryd --help'.");
                    return CommandLine.ExitCode.USAGE;
                });
        int exitCode = command.execute(arguments);
        if (exitCode != RUNS) {
            System.exit(exitCode);
        }
    }

    private static final int RUNS = -1;

    @Override
    public Integer call() {
        if (version) {
            System.out.println(
                    "wherryd " + Version.NUMBER + (Version.COMMIT.isEmpty() ? "" : " (" + Version.COMMIT + ")"));
            return 0;
        }
        Layout layout = new Layout(
                root.toAbsolutePath().normalize(), runRoot.toAbsolutePath().normalize());
        ControlSocket control = ControlSocket.claim(
                socket == null
                        ? layout.runRoot().resolve("wherryd.sock")
                        : socket.toAbsolutePath().normalize());
        Roots.claim(layout);
        Settings.publish(layout, control, this::publishOptions);
        Server.serve(control, started);
        return RUNS;
    }

    private void publishOptions(Map<String, String> properties) {
        properties.put("wherry.runtime", runtime);
        properties.put("wherry.registry.default", registry);
        List<String> pairs = mirrors.entrySet().stream()
                .map(mirror -> mirror.getKey() + "=" + mirror.getValue())
                .toList();
        properties.put("wherry.registry.mirrors", String.join(",", pairs));
        properties.put("wherry.registry.insecure", String.join(",", insecure));
        properties.put("quarkus.log.category.\"dev.wherry\".level", logLevel.name());
        if (logLevel.compareTo(LogLevel.INFO) > 0) {
            properties.put("quarkus.log.level", "INFO");
        }
    }

    /** Says in one line why the daemon does not run; the whole story only to who asked for it. */
    static int complain(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof WherryException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        System.err.println("wherryd: " + (cause.getMessage() == null ? cause.toString() : cause.getMessage()));
        if (System.getProperty("quarkus.log.category.\"dev.wherry\".level", "").matches("DEBUG|TRACE")) {
            failure.printStackTrace();
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
