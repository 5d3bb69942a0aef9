package dev.wherry.cli.command.builder;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.builder.history.StepName;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.v1.BuildSummary;
import dev.wherry.v1.ExplainBuildRequest;
import dev.wherry.v1.ExplainBuildResponse;
import dev.wherry.v1.StepExplanation;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry builder why}: the first step that missed the cache, unless another step or all steps are asked for. */
@Command
public final class WhyCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-a", "--all"},
            description = "Explain all steps that missed the cache")
    private boolean all;

    @Option(names = "--format", paramLabel = "json", description = "Format output as 'json'")
    private String format = "";

    @Parameters(paramLabel = "BUILD", index = "0", arity = "0..1")
    private String build = "";

    @Parameters(paramLabel = "STEP", index = "1", arity = "0..1")
    private String step = "";

    public WhyCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        if (!format.isEmpty() && !format.equals("json")) {
            throw new Failure("builder why: --format must be json");
        }
        StepName name = StepName.of(build, step);
        ExplainBuildResponse found = session.daemon()
                .builds()
                .explainBuild(ExplainBuildRequest.newBuilder()
                        .setBuild(name.build())
                        .setStep(name.step())
                        .build());
        List<StepExplanation> steps =
                all || found.getStepsCount() < 2 ? found.getStepsList() : List.of(found.getSteps(0));
        if (format.equals("json")) {
            session.console().out().println(JsonValues.indented(json(found.getBuild(), steps)));
        } else {
            print(found.getBuild(), name.step(), steps);
        }
        return ExitStatus.SUCCESS;
    }

    private static Map<String, Object> json(BuildSummary build, List<StepExplanation> steps) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("build", build.getRef());
        json.put(
                "steps",
                steps.stream().map(one -> JsonValues.parse(one.getJson())).toList());
        return json;
    }

    private void print(BuildSummary build, int step, List<StepExplanation> steps) {
        PrintStream out = session.console().out();
        if (steps.isEmpty()) {
            String what = step == 0 ? "every step" : "step " + step;
            out.println("Build " + build.getRef() + ": " + what + " was taken from the cache.");
        }
        for (StepExplanation one : steps) {
            out.println("#" + one.getStep() + " " + TerminalText.oneLine(one.getName()));
            one.getCausesList().forEach(cause -> out.println("   " + TerminalText.oneLine(cause)));
            one.getSuggestionsList().forEach(help -> out.println("   hint: " + TerminalText.oneLine(help)));
        }
    }
}
