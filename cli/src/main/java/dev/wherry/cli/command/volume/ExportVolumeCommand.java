package dev.wherry.cli.command.volume;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.files.CopyCalls;
import dev.wherry.cli.client.files.StreamTarget;
import dev.wherry.cli.command.RedirectedOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry volume export}. */
@Command
public final class ExportVolumeCommand implements Callable<ExitStatus> {
    /** The files in the root, by names that begin with {@code ./}. */
    private static final String ROOT = "/.";

    private static final int CHUNK = 32 << 10;

    private final Session session;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to a file, instead of standard output")
    private String output = "";

    @Parameters(paramLabel = "VOLUME", index = "0")
    private String volume;

    public ExportVolumeCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        RedirectedOutput.require(output, session.console());
        StreamTarget target = StreamTarget.of(output, session.console().out());
        boolean complete = false;
        try {
            CopyCalls.ofVolumes(session.daemon()).from(volume, ROOT, (_, stream) -> {
                byte[] chunk = new byte[CHUNK];
                for (int n = stream.read(chunk); n >= 0; n = stream.read(chunk)) {
                    target.write(ByteString.copyFrom(chunk, 0, n));
                }
            });
            complete = true;
        } finally {
            if (!complete) {
                target.abandon();
            }
        }
        target.finish();
        return ExitStatus.SUCCESS;
    }
}
