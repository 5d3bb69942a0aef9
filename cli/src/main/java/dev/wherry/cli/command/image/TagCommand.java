package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.v1.TagRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry tag}. */
@Command(
        customSynopsis = "wherry tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]",
        description = "Give an image one more name.",
        footer = {"  wherry tag app app:1.0", "  wherry tag 3f2a registry.example.com/team/app:1.0"})
public final class TagCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "SOURCE_IMAGE", index = "0")
    private String source;

    @Parameters(paramLabel = "TARGET_IMAGE", index = "1")
    private String target;

    public TagCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.daemon()
                .images()
                .tag(TagRequest.newBuilder().setSource(source).setTarget(target).build());
        return 0;
    }
}
