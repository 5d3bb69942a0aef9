package dev.wherry.cli.command.system;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.PointInTime;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.ReceivedSignals;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.cli.view.template.Template;
import dev.wherry.v1.Event;
import dev.wherry.v1.EventsRequest;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry events}. */
@Command
public final class EventsCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "KEY=VALUE",
            description = "Filter output: container=NAME, image=NAME, event=ACTION, type=TYPE, label=KEY[=VALUE]")
    private List<String> filters = new ArrayList<>();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Show all events since a timestamp (2026-01-02T13:00:00Z) or relative time (10m)")
    private String since = "";

    @Option(names = "--until", paramLabel = "TIME", description = "Stream events until this timestamp or relative time")
    private String until = "";

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'json' or a Go template for each event")
    private String format;

    public EventsCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        Instant now = Instant.now();
        Function<Event, String> line = line();
        EventsRequest request = EventsRequest.newBuilder()
                .addAllFilters(FilterFlag.parse(filters))
                .setSinceNanos(PointInTime.nanos("--since", since, now))
                .setUntilNanos(PointInTime.nanos("--until", until, now))
                .build();
        BlockingClientCall<?, Event> call = session.daemon().systemStreams().events(request);
        ReceivedSignals.onInterrupt(() -> call.cancel("interrupted", null));
        PrintStream out = session.console().out();
        try {
            for (Event event = call.read(); event != null && !out.checkError(); event = call.read()) {
                out.println(line.apply(event));
            }
            return ExitStatus.SUCCESS;
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, session.address());
        } finally {
            call.cancel("ended", null);
        }
    }

    private Function<Event, String> line() {
        if (format == null || format.isBlank()) {
            return EventRow::line;
        }
        if (format.equals("json") || format.equals("{{json .}}")) {
            return event -> JsonValues.printable(event.getJson());
        }
        Template template = Template.parse(format);
        return event -> TerminalText.escapedLines(template.apply(EventRow.fields(event)));
    }
}
