package dev.wherry.cli.command.image.files;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.v1.CompareImagesRequest;
import dev.wherry.v1.CompareImagesResponse;
import dev.wherry.v1.FileDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry image diff}. */
@Command
public final class CompareImagesCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = "--content",
            paramLabel = "PATH",
            description = "Show the difference of the text in one file, in the unified format of diff")
    private String content = "";

    @Option(names = "--format", paramLabel = "json", description = "Format output as 'json'")
    private String format = "";

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            description = "Compare the images for a platform, where there are several")
    private String platform = "";

    @Parameters(paramLabel = "IMAGE", index = "0")
    private String first;

    @Parameters(paramLabel = "IMAGE", index = "1", arity = "0..1")
    private String second = "";

    public CompareImagesCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        if (!format.isEmpty() && !format.equals("json")) {
            throw new Failure("image diff: --format must be json");
        }
        List<FileDifference> files = new ArrayList<>();
        CompareImagesResponse head = compare(files);
        if (!content.isEmpty()) {
            new ContentDifference(session, platform, head.getBeforeName(), head.getAfterName()).print(content);
        } else if (format.equals("json")) {
            session.console().out().println(JsonValues.indented(DifferenceJson.of(head, files)));
        } else {
            session.console().out().print(DifferenceText.of(head, files));
        }
        return ExitStatus.SUCCESS;
    }

    private CompareImagesResponse compare(List<FileDifference> files) {
        CompareImagesRequest request = CompareImagesRequest.newBuilder()
                .setBefore(second.isEmpty() ? "" : first)
                .setAfter(second.isEmpty() ? first : second)
                .setPlatform(platform)
                .build();
        CompareImagesResponse[] head = new CompareImagesResponse[1];
        Received.each(session.daemon(), session.daemon().imageFileStreams().compare(request), response -> {
            if (head[0] == null) {
                head[0] = response;
            }
            files.addAll(response.getFilesList());
            // For the text of one file only the names are needed, which come first.
            return content.isEmpty();
        });
        if (head[0] == null) {
            throw new Failure("wherryd did not compare the images");
        }
        return head[0];
    }
}
