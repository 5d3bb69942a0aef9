package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.v1.TopRequest;
import dev.wherry.v1.TopResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry top}. */
@Command
public final class TopCommand implements Callable<ExitStatus> {
    /** As docker has it. */
    private static final int NARROWEST = 20;

    private final Session session;

    @Parameters(index = "0", paramLabel = "CONTAINER")
    private String container;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "ARG")
    private List<String> args = new ArrayList<>();

    public TopCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        TopResponse response = session.daemon()
                .containers()
                .top(TopRequest.newBuilder()
                        .setContainer(container)
                        .addAllPsArgs(args)
                        .build());
        List<String> lines = new ArrayList<>();
        lines.add(String.join("\t", response.getTitlesList()));
        response.getProcessesList()
                .forEach(process -> lines.add(process.getFieldsList().stream()
                        .map(TerminalText::escaped)
                        .reduce((left, right) -> left + "\t" + right)
                        .orElse("")));
        Listing.aligned(lines, NARROWEST).forEach(session.console().out()::println);
        return ExitStatus.SUCCESS;
    }
}
