package dev.wherry.daemon.boot;

import dev.wherry.daemon.Version;
import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.api.server.InheritedSocket;
import dev.wherry.daemon.config.ConfigKey;
import dev.wherry.daemon.config.ConfigSources;
import dev.wherry.daemon.config.Configuration;
import dev.wherry.daemon.config.ValueForm;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.namespace.FirstDaemon;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The command line of the daemon. It is read before anything else starts: {@code --help} and mistakes cost nothing. Every
 * {@link ConfigKey} is an option, and what {@link ConfigSources} make of options, environment and file is the configuration. The claim
 * on roots and socket is made by it, and then the server starts.
 */
@QuarkusMain
@Command(
        name = "wherryd",
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "The daemon of Wherry: builds images and runs containers for the wherry command.",
        synopsisHeading = "%nUsage: ",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        subcommands = PkiCommand.class,
        footer = {
            "",
            "Options win over the environment (WHERRY_ROOT for --root), which wins over the file.",
            "SIGHUP reads the file again, SIGTERM ends the daemon; containers go on.",
            "",
            "Examples:",
            "  wherryd",
            "  wherryd --root /srv/wherry --run-root /run/wherry-2",
            "  wherryd --registry registry.example.org --registry-mirror docker.io=mirror.example.org:5000",
            "  wherryd --listen tcp://0.0.0.0:2377",
            "  wherryd --validate --config ./wherryd.yaml"
        })
public class Main implements Callable<Integer> {

    private static final int RUNS = -1;

    /** Behind the options that are keys. */
    private static final int LAST = 100;

    private final long started = System.nanoTime();

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            order = LAST,
            description = "Configuration file (default: /etc/wherry/wherryd.yaml, which need not be there).")
    private Path file;

    @Option(names = "--validate", order = LAST, description = "Check the configuration and exit.")
    private boolean validate;

    @Option(names = "--namespace", hidden = true, description = "Serve this namespace for the daemon that starts this.")
    private String namespace;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = LAST,
            description = "Show this help and exit.")
    private boolean help;

    @Option(names = "--version", order = LAST, description = "Show the version and exit.")
    private boolean version;

    public static void main(String[] arguments) {
        DaemonLog.begin(System.getenv());
        int exitCode = commandLine().execute(arguments);
        if (exitCode != RUNS) {
            System.exit(exitCode);
        }
    }

    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, line, result) -> complain(failure))
                .setParameterExceptionHandler((mistake, ignored) -> {
                    DaemonLog.error(mistake.getMessage());
                    System.err.println("See 'wherryd --help'.");
                    return CommandLine.ExitCode.USAGE;
                });
        for (ConfigKey key : ConfigKey.values()) {
            command.getCommandSpec().addOption(option(key));
        }
        return command;
    }

    private static OptionSpec option(ConfigKey key) {
        OptionSpec.Builder option = OptionSpec.builder(key.flag())
                .paramLabel(key.label())
                // The text of a usage is a format string.
                .description(key.description().replace("%", "%%"))
                .order(key.ordinal())
                .converters(text -> checked(key, text));
        return key.form().isMany()
                ? option.type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("1")
                        .splitRegex(",")
                        .build()
                : key.form() == ValueForm.FLAG
                        ? option.type(String.class)
                                .arity("0..1")
                                .fallbackValue("true")
                                .build()
                        : option.type(String.class).build();
    }

    private static String checked(ConfigKey key, String text) {
        key.form().problem(text).ifPresent(wrong -> {
            throw new TypeConversionException(wrong);
        });
        return text;
    }

    @Override
    public Integer call() {
        if (version) {
            System.out.println(
                    "wherryd " + Version.NUMBER + (Version.COMMIT.isEmpty() ? "" : " (" + Version.COMMIT + ")"));
            return 0;
        }
        ConfigSources sources = sources();
        Configuration configuration = sources.load();
        if (validate) {
            System.out.println(
                    sources.hasFile()
                            ? sources.file() + " is valid"
                            : "the configuration is valid (there is no " + sources.file() + ")");
            return 0;
        }
        configuration.namespace().ifPresent(name -> {
            DaemonLog.namespace(name);
            Startup.link(FirstDaemon.watched());
        });
        Layout layout = Startup.layout(configuration);
        ControlSocket control = ControlSocket.inherited()
                .orElseGet(() -> ControlSocket.claim(configuration
                        .path(ConfigKey.SOCKET)
                        .orElse(layout.runRoot().resolve("wherryd.sock"))));
        Optional<ControlSocket> inherited = ControlSocket.inheritedForDocker();
        Optional<ControlSocket> docker =
                configuration.dockerSocket().map(path -> inherited.orElseGet(() -> ControlSocket.claim(path)));
        if (docker.isEmpty()) {
            InheritedSocket.refuseFurther();
        }
        Optional<ControlSocket> cri = configuration.criSocket().map(ControlSocket::claim);
        DaemonFolders.claim(layout);
        DaemonFolders.remove(layout.idleMark());
        new Startup(control, docker, cri, sources, configuration, started).begin();
        Server.serve();
        return RUNS;
    }

    private ConfigSources sources() {
        return new ConfigSources(
                flags(spec.commandLine().getParseResult()),
                System.getenv(),
                Optional.ofNullable(file),
                Optional.ofNullable(namespace).map(NamespaceName::new));
    }

    /** For commands that need no daemon. */
    Configuration configuration() {
        return sources().load();
    }

    private static Map<ConfigKey, String> flags(ParseResult parsed) {
        Map<ConfigKey, String> flags = new EnumMap<>(ConfigKey.class);
        for (ConfigKey key : ConfigKey.values()) {
            if (parsed.hasMatchedOption(key.flag())) {
                flags.put(
                        key,
                        switch (parsed.<Object>matchedOptionValue(key.flag(), "")) {
                            case List<?> several ->
                                String.join(
                                        ",",
                                        several.stream().map(Object::toString).toList());
                            case Object one -> one.toString();
                        });
            }
        }
        return flags;
    }

    /** Says why the daemon does not run, in a line for each mistake; the whole story only to who asked for it. */
    static int complain(Throwable failure) {
        DaemonLog.error(FailureText.of(failure));
        Startup.link().ifPresent(first -> first.failed(FailureText.of(failure)));
        if (Startup.isVerbose()) {
            failure.printStackTrace();
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
