package dev.wherry.cli.command.image;

import dev.wherry.cli.command.InspectOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.InspectImageRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry image inspect}. */
@Command
public final class InspectImageCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "TEMPLATE",
            description = "Format output with 'json' or a Go template")
    private String format;

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            description = "Inspect the image for a platform, where there are several")
    private String platform = "";

    @Option(
            names = "--referrers",
            description = "Ask the image's registries what refers to it there, such as signatures")
    private boolean referrers;

    @Parameters(paramLabel = "IMAGE", arity = "1..*")
    private List<String> images;

    public InspectImageCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return InspectOutput.print(
                session, images, format, name -> referrers ? withReferrers(name) : json(session, name, platform));
    }

    private String withReferrers(String name) {
        return session.daemon()
                .images()
                .inspect(InspectImageRequest.newBuilder()
                        .setImage(name)
                        .setPlatform(platform)
                        .setReferrers(true)
                        .addAllLogins(RepositoryLogins.of(session, name))
                        .build())
                .getJson();
    }

    /** What the daemon knows of an image. */
    public static String json(Session session, String name) {
        return json(session, name, "");
    }

    private static String json(Session session, String name, String platform) {
        return session.daemon()
                .images()
                .inspect(InspectImageRequest.newBuilder()
                        .setImage(name)
                        .setPlatform(platform)
                        .build())
                .getJson();
    }
}
