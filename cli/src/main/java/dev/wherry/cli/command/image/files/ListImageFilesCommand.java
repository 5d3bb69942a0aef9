package dev.wherry.cli.command.image.files;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.cli.view.template.Template;
import dev.wherry.v1.ImageFile;
import dev.wherry.v1.ImageLayer;
import dev.wherry.v1.ListImageFilesRequest;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry image ls-files}: a line a file, printed as the daemon finds it. */
@Command
public final class ListImageFilesCommand implements Callable<ExitStatus> {
    private static final java.time.format.DateTimeFormatter TIME =
            java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final Session session;

    @Option(
            names = {"-d", "--depth"},
            paramLabel = "N",
            description = "List files at most N levels below PATH (default: all)")
    private int depth;

    @Option(
            names = {"-l", "--layer"},
            description = "Show the number of the layer that brought each file")
    private boolean layer;

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template for each file")
    private String format = "table";

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            description = "Look into the image for a platform, where there are several")
    private String platform = "";

    @Parameters(paramLabel = "IMAGE", index = "0")
    private String image;

    @Parameters(paramLabel = "PATH", index = "1", arity = "0..1")
    private String path = "/";

    private final Map<Integer, String> instructions = new HashMap<>();

    public ListImageFilesCommand(Session session) {
        this.session = session;
    }

    private interface Line {
        String of(ImageFile file);
    }

    @Override
    public ExitStatus call() {
        if (depth < 0) {
            throw new Failure("image ls-files: --depth must not be negative");
        }
        Line line = line();
        PrintStream out = session.console().out();
        ListImageFilesRequest request = ListImageFilesRequest.newBuilder()
                .setImage(image)
                .setPath(path)
                .setDepth(depth)
                .setPlatform(platform)
                .build();
        Received.each(session.daemon(), session.daemon().imageFileStreams().listFiles(request), response -> {
            for (ImageLayer known : response.getLayers().getLayersList()) {
                instructions.put(known.getNumber(), known.getInstruction());
            }
            StringBuilder lines = new StringBuilder();
            response.getFilesList().forEach(file -> lines.append(line.of(file)).append('\n'));
            out.print(lines);
            return !out.checkError();
        });
        return ExitStatus.SUCCESS;
    }

    private Line line() {
        return switch (format.strip()) {
            case "", "table" -> this::text;
            case "json" -> file -> JsonValues.compact(row(file));
            default -> {
                Template template = Template.parse(format.replace("\\t", "\t").replace("\\n", "\n"));
                yield file -> TerminalText.escapedLines(template.apply(row(file)));
            }
        };
    }

    private String text(ImageFile file) {
        String time = TIME.format(Units.instant(file.getModifiedNanos()).atZone(java.time.ZoneId.systemDefault()));
        return String.format(
                Locale.ROOT,
                "%s %9s %11s %s %s%s%s",
                ModeText.of(file.getMode()),
                owner(file),
                size(file),
                time,
                layer ? String.format(Locale.ROOT, "%3d ", file.getLayer()) : "",
                TerminalText.escaped(file.getPath()),
                file.getLinkTarget().isEmpty() ? "" : " -> " + TerminalText.escaped(file.getLinkTarget()));
    }

    private static String owner(ImageFile file) {
        return file.getUid() + ":" + file.getGid();
    }

    /** A device has no size, but numbers. */
    private static String size(ImageFile file) {
        return file.getDeviceMajor() == 0 && file.getDeviceMinor() == 0
                ? Long.toString(file.getSizeBytes())
                : file.getDeviceMajor() + ", " + file.getDeviceMinor();
    }

    private Map<String, Object> row(ImageFile file) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("Path", file.getPath());
        row.put("Mode", ModeText.of(file.getMode()));
        row.put("UID", file.getUid());
        row.put("GID", file.getGid());
        row.put("Size", file.getSizeBytes());
        row.put("ModifiedAt", Units.instant(file.getModifiedNanos()).toString());
        row.put("Link", file.getLinkTarget());
        row.put("Layer", file.getLayer());
        row.put("Instruction", instructions.getOrDefault(file.getLayer(), ""));
        return row;
    }
}
