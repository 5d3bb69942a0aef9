package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.TagRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry tag}. */
@Command
public final class TagCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "SOURCE_IMAGE", index = "0")
    private String source;

    @Parameters(paramLabel = "TARGET_IMAGE", index = "1")
    private String target;

    public TagCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        session.daemon()
                .images()
                .tag(TagRequest.newBuilder().setSource(source).setTarget(target).build());
        return ExitStatus.SUCCESS;
    }
}
