package dev.wherry.cli.command.builder;

import dev.wherry.cli.client.builds.BuildCall;
import dev.wherry.cli.client.builds.BuildOutputs;
import dev.wherry.cli.client.builds.ClientContexts;
import dev.wherry.cli.client.builds.LostConnection;
import dev.wherry.cli.client.builds.StepSecrets;
import dev.wherry.cli.command.KeyValues;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.builder.flags.AttestationFlags;
import dev.wherry.cli.command.builder.flags.BuildInput;
import dev.wherry.cli.command.builder.flags.CacheFlags;
import dev.wherry.cli.command.builder.flags.CallFlags;
import dev.wherry.cli.command.builder.flags.OutputFlags;
import dev.wherry.cli.command.builder.flags.ProgressFlags;
import dev.wherry.cli.command.builder.flags.RunStepFlags;
import dev.wherry.cli.command.builder.flags.SecretFlags;
import dev.wherry.cli.command.builder.flags.SourceFlags;
import dev.wherry.cli.command.login.StoredLogins;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.ReceivedSignals;
import dev.wherry.cli.view.builds.BuildDisplay;
import dev.wherry.cli.view.builds.BuildDisplay.Mode;
import dev.wherry.v1.BuildMethod;
import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.BuildResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry build}: progress goes to standard error, the image's ID to standard output with {@code -q}. */
@Command
public final class BuildCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Name of the Dockerfile (default \"PATH/Dockerfile\"); - for standard input")
    private String file = "";

    @Option(
            names = "--target",
            paramLabel = "STAGE",
            description = "Set the target build stage to build (default: the last one)")
    private String target = "";

    @Option(
            names = "--build-arg",
            paramLabel = "KEY[=VALUE]",
            description = "Set a build-time variable; KEY alone takes its value from the environment")
    private List<String> buildArgs = new ArrayList<>();

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH[,…]",
            description = "Set the target platforms for the build; several make one image for all of them")
    private List<String> platforms = new ArrayList<>();

    @Mixin
    private OutputFlags output = new OutputFlags();

    @Mixin
    private AttestationFlags attestations = new AttestationFlags();

    @Mixin
    private CallFlags calls = new CallFlags();

    @Mixin
    private CacheFlags cache = new CacheFlags();

    @Mixin
    private RunStepFlags run = new RunStepFlags();

    @Mixin
    private SecretFlags offers = new SecretFlags();

    @Mixin
    private ProgressFlags progress = new ProgressFlags();

    @Mixin
    private SourceFlags sources = new SourceFlags();

    @Parameters(paramLabel = "PATH|URL", index = "0")
    private String path;

    public BuildCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        Mode mode = progress.mode(session.console().environment());
        StepSecrets given = offers.offers(session.console().environment());
        BuildInput input = BuildInput.of(path, file, session.console());
        BuildOptions options = options(input, given);
        if (options.getMethod() != BuildMethod.BUILD_METHOD_UNSPECIFIED) {
            return new CallReport(session, options).answer(sources.contexts(input), calls.json());
        }
        BuildResult result;
        try (BuildOutputs outputs = output.begin(session.console())) {
            cache.begin(outputs, session.console());
            result = build(options, cache.with(sources.contexts(input)), given, mode, outputs);
        }
        output.verified(result, session.console());
        output.finish(result);
        String made = output.made(result);
        if (tells(mode) && !made.isEmpty()) {
            session.console().err().println("Built " + made);
        } else if (mode == Mode.QUIET && !result.getImageId().isEmpty() && !output.takesStdout()) {
            session.console().out().println(result.getImageId());
        }
        return ExitStatus.SUCCESS;
    }

    private BuildResult build(
            BuildOptions options, ClientContexts contexts, StepSecrets given, Mode mode, BuildOutputs outputs) {
        BuildDisplay display = BuildDisplay.on(session.console(), mode);
        BuildCall call = new BuildCall(
                session.daemon(), given, new StoredLogins(session.console())::forRegistries, shown(display));
        ReceivedSignals.onInterrupt(() -> {
            call.cancel();
            outputs.close();
            display.close();
        });
        try (display;
                FailureShell shell = new FailureShell(session, display)) {
            BuildResult result = call.run(options, contexts, outputs, event -> {
                if (event.hasShell()) {
                    shell.open(event.getShell());
                } else {
                    display.show(event);
                }
            });
            display.close();
            if (tells(mode)) {
                display.summarise(result);
            }
            return result;
        } catch (Failure failure) {
            display.close();
            if (tells(mode) && !ReceivedSignals.wasInterrupted()) {
                display.reportFailure();
            }
            throw failure;
        }
    }

    private static LostConnection shown(BuildDisplay display) {
        return new LostConnection() {
            @Override
            public void lost(String host, Duration left) {
                display.lost(host, left);
            }

            @Override
            public void again(String host) {
                display.again(host);
            }
        };
    }

    /** Whether people read what is said of the build. */
    private static boolean tells(Mode mode) {
        return mode != Mode.QUIET && mode != Mode.RAWJSON;
    }

    private BuildOptions options(BuildInput input, StepSecrets given) {
        Map<String, String> environment = session.console().environment();
        BuildOptions.Builder options = BuildOptions.newBuilder()
                .setTarget(target)
                .putAllBuildArgs(KeyValues.map(KeyValues.set(buildArgs, environment)))
                .setPlatform(String.join(",", platforms))
                .setHasLogins(new StoredLogins(session.console()).mayHaveSome())
                .setMethod(calls.method());
        output.into(options, environment);
        attestations.into(options);
        cache.into(options, session.console());
        run.into(options, session.console());
        SecretFlags.into(given, options);
        input.into(options);
        sources.into(options);
        progress.into(options);
        return options.build();
    }
}
