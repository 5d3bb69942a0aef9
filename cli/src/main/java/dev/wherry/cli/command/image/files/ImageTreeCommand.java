package dev.wherry.cli.command.image.files;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.v1.WeighImageRequest;
import dev.wherry.v1.WeighImageResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry image tree}. */
@Command
public final class ImageTreeCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-d", "--depth"},
            paramLabel = "N",
            description = "Show folders at most N levels deep (default: 1)")
    private int depth = 1;

    @Option(
            names = {"-n", "--top"},
            paramLabel = "N",
            description = "Show the N files that waste most (default: 10, 0 for all)")
    private int top = 10;

    @Option(names = "--format", paramLabel = "json", description = "Format output as 'json'")
    private String format = "";

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            description = "Look into the image for a platform, where there are several")
    private String platform = "";

    @Parameters(paramLabel = "IMAGE", index = "0")
    private String image;

    public ImageTreeCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        if (!format.isEmpty() && !format.equals("json")) {
            throw new Failure("image tree: --format must be json");
        }
        if (depth < 0 || top < 0) {
            throw new Failure("image tree: --depth and --top must not be negative");
        }
        WeighImageRequest request = WeighImageRequest.newBuilder()
                .setImage(image)
                .setDepth(depth)
                .setPlatform(platform)
                .build();
        WeighImageResponse.Builder gathered = WeighImageResponse.newBuilder();
        Received.each(session.daemon(), session.daemon().imageFileStreams().weigh(request), response -> {
            gathered.mergeFrom(response);
            return true;
        });
        WeighImageResponse weight = gathered.build();
        if (format.equals("json")) {
            session.console().out().println(JsonValues.indented(WeightReport.json(weight)));
        } else {
            session.console().out().print(WeightReport.text(weight, top));
        }
        return ExitStatus.SUCCESS;
    }
}
