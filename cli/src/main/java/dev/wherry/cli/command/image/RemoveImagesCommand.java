package dev.wherry.cli.command.image;

import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.RemoveImageRequest;
import dev.wherry.v1.RemovedImage;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry rmi}. */
@Command
public final class RemoveImagesCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--force"},
            description = "Force removal of the image, although other names or stopped containers use it")
    private boolean force;

    @Option(
            names = "--no-prune",
            description =
                    "Allowed for docker's sake: an image has no untagged parents here that would be deleted with it")
    private boolean noPrune;

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            description = "Remove only the image for a platform, where there are several")
    private String platform = "";

    @Parameters(paramLabel = "IMAGE", arity = "1..*")
    private List<String> images;

    public RemoveImagesCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return EachArgument.inOrder(
                session,
                images,
                image -> session
                        .daemon()
                        .images()
                        .remove(RemoveImageRequest.newBuilder()
                                .setImage(image)
                                .setForce(force)
                                .setPlatform(platform)
                                .build())
                        .getRemovedList()
                        .stream()
                        .map(RemoveImagesCommand::line)
                        .toList());
    }

    private static String line(RemovedImage removed) {
        return switch (removed.getWhatCase()) {
            case UNTAGGED -> "Untagged: " + removed.getUntagged();
            case DELETED -> "Deleted: " + removed.getDeleted();
            case WHAT_NOT_SET -> "";
        };
    }
}
