package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.CommitRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry commit}. */
@Command
public final class CommitCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-a", "--author"},
            paramLabel = "NAME",
            description = "Author, such as \"Jane Doe <jane@example.com>\"")
    private String author = "";

    @Option(
            names = {"-c", "--change"},
            paramLabel = "INSTRUCTION",
            description = "Apply a Dockerfile instruction to the created image; can be repeated")
    private List<String> changes = new ArrayList<>();

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "Commit message")
    private String message = "";

    @Option(
            names = {"-p", "--pause"},
            arity = "0..1",
            fallbackValue = "true",
            description = "Pause the container during the commit (default true)")
    private boolean pause = true;

    @Parameters(paramLabel = "CONTAINER", index = "0")
    private String container;

    @Parameters(paramLabel = "REPOSITORY", index = "1", arity = "0..1")
    private String reference = "";

    public CommitCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        var response = session.daemon()
                .containers()
                .commit(CommitRequest.newBuilder()
                        .setContainer(container)
                        .setReference(reference)
                        .setAuthor(author)
                        .addAllChanges(changes)
                        .setMessage(message)
                        .setPause(pause)
                        .build());
        session.console().out().println(response.getImageId());
        return ExitStatus.SUCCESS;
    }
}
