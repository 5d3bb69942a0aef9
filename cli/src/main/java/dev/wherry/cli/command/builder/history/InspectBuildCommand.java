package dev.wherry.cli.command.builder.history;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.cli.view.template.Template;
import dev.wherry.v1.BuildSummary;
import dev.wherry.v1.InspectBuildRequest;
import dev.wherry.v1.InspectBuildResponse;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry builder history inspect}. */
@Command
public final class InspectBuildCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(names = "--format", paramLabel = "TEMPLATE", description = "Format output with 'json' or a Go template")
    private String format = "";

    @Parameters(paramLabel = "BUILD", index = "0", arity = "0..1")
    private String build = "";

    public InspectBuildCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        InspectBuildResponse found = session.daemon()
                .builds()
                .inspectBuild(InspectBuildRequest.newBuilder().setBuild(build).build());
        PrintStream out = session.console().out();
        Object json = JsonValues.parse(found.getJson());
        if (format.equals("json")) {
            out.println(JsonValues.indented(json));
        } else if (!format.isEmpty()) {
            out.println(Template.parse(format).apply(json));
        } else {
            print(found.getSummary(), out);
            out.print(new Listing(HEADERS, List.of("Step", "Result", "Duration", "Name")).show(steps(json), null));
        }
        return ExitStatus.SUCCESS;
    }

    private static final Map<String, String> HEADERS =
            Map.of("Step", "STEP", "Result", "RESULT", "Duration", "DURATION", "Name", "NAME");

    private static void print(BuildSummary build, PrintStream out) {
        field(out, "Build ID", build.getRef());
        field(out, "Name", build.getName());
        field(out, "Context", build.getContext());
        field(out, "Dockerfile", build.getDockerfile());
        field(out, "Target", build.getTarget());
        field(out, "Created", Units.timestamp(build.getCreatedNanos()));
        field(out, "Duration", DurationText.of(build.getDurationNanos()));
        field(out, "Status", build.getStatus());
        field(out, "Error", build.getError());
        field(out, "Image", build.getImageId());
        field(out, "Tags", String.join(", ", build.getTagsList()));
        int total = build.getStepsTotal();
        int percent = total == 0 ? 0 : 100 * build.getStepsCached() / total;
        field(out, "Steps", total + ", " + build.getStepsCached() + " cached (" + percent + "%)");
        out.println();
    }

    private static void field(PrintStream out, String name, String value) {
        if (!value.isEmpty()) {
            out.println("%-12s%s".formatted(name + ":", TerminalText.oneLine(value)));
        }
    }

    private static List<Map<String, Object>> steps(Object json) {
        List<Map<String, Object>> rows = new ArrayList<>();
        if (json instanceof Map<?, ?> build && build.get("Steps") instanceof List<?> steps) {
            for (Object one : steps) {
                if (one instanceof Map<?, ?> step) {
                    rows.add(row(step));
                }
            }
        }
        return rows;
    }

    private static Map<String, Object> row(Map<?, ?> step) {
        boolean failed = step.containsKey("error");
        boolean cached = Boolean.TRUE.equals(step.get("cached"));
        boolean finished = Boolean.TRUE.equals(step.get("finished"));
        long nanos = step.get("durationNanos") instanceof Long known ? known : 0;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("Step", "#" + step.get("step"));
        row.put("Result", failed ? "ERROR" : cached ? "CACHED" : finished ? "DONE" : "CANCELED");
        row.put("Duration", cached ? "" : DurationText.of(nanos));
        row.put("Name", TerminalText.oneLine(String.valueOf(step.get("name"))));
        return row;
    }
}
