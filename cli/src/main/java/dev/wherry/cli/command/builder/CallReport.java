package dev.wherry.cli.command.builder;

import dev.wherry.cli.client.builds.BuildCall;
import dev.wherry.cli.client.builds.BuildOutputs;
import dev.wherry.cli.client.builds.ClientContexts;
import dev.wherry.cli.client.builds.LostConnection;
import dev.wherry.cli.client.builds.StepSecrets;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.login.StoredLogins;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.builds.CheckReport;
import dev.wherry.cli.view.builds.OutlineReport;
import dev.wherry.v1.BuildMethod;
import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.BuildResult;
import dev.wherry.v1.BuildWarning;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Evaluates a Dockerfile without building it, and prints the report to standard output. */
final class CallReport {
    private final Session session;
    private final BuildOptions options;

    CallReport(Session session, BuildOptions options) {
        this.session = session;
        this.options = options;
    }

    /**
     * @param contexts where the files of the build come from
     * @return a failure if checks found something
     */
    ExitStatus answer(ClientContexts contexts, boolean json) {
        List<BuildWarning> warnings = new ArrayList<>();
        PrintStream out = session.console().out();
        BuildResult result;
        try {
            result = new BuildCall(
                            session.daemon(),
                            StepSecrets.NONE,
                            new StoredLogins(session.console())::forRegistries,
                            LostConnection.UNSEEN)
                    .run(options, contexts, new BuildOutputs(), event -> {
                        if (event.hasWarning()) {
                            warnings.add(event.getWarning());
                        }
                    });
        } catch (Failure refused) {
            if (options.getMethod() == BuildMethod.BUILD_METHOD_CHECK) {
                CheckReport report = new CheckReport(warnings);
                print(out, json ? List.of(report.json(refused.getMessage())) : report.linesBeforeAnError());
            }
            throw refused;
        }
        switch (options.getMethod()) {
            case BUILD_METHOD_CHECK -> {
                CheckReport report = new CheckReport(warnings);
                print(out, json ? List.of(report.json()) : report.lines());
            }
            case BUILD_METHOD_OUTLINE ->
                print(
                        out,
                        json
                                ? List.of(OutlineReport.json(result.getOutline()))
                                : OutlineReport.lines(result.getOutline()));
            case BUILD_METHOD_TARGETS ->
                print(
                        out,
                        json
                                ? List.of(OutlineReport.json(result.getTargetsList()))
                                : OutlineReport.lines(result.getTargetsList()));
            case BUILD_METHOD_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalStateException("no question");
        }
        return warnings.isEmpty() ? ExitStatus.SUCCESS : ExitStatus.FAILURE;
    }

    private static void print(PrintStream out, List<String> lines) {
        lines.forEach(out::println);
    }
}
