package dev.wherry.cli.command.context;

import dev.wherry.cli.client.contexts.ContextArchive;
import dev.wherry.cli.client.contexts.DaemonContexts;
import dev.wherry.cli.client.contexts.TlsMaterial;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry context export}. */
@Command
public final class ExportContextCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "CONTEXT", index = "0")
    private String name;

    @Parameters(paramLabel = "FILE|-", index = "1", arity = "0..1")
    private String file = "";

    public ExportContextCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        DaemonContexts contexts = session.selection().contexts();
        ContextArchive archive =
                new ContextArchive(contexts.get(name), contexts.tls(name).map(TlsMaterial::read));
        if (file.equals("-")) {
            if (session.console().outIsTerminal()) {
                throw new Failure("cowardly refusing to export to a terminal, specify a file path");
            }
            archive.write(session.console().out());
            return ExitStatus.SUCCESS;
        }
        String written = file.isEmpty() ? name + ".wherrycontext" : file;
        try (OutputStream out = created(Path.of(written))) {
            archive.write(out);
        }
        session.console().err().println("Written file \"" + written + "\"");
        return ExitStatus.SUCCESS;
    }

    /** A new file that only its owner can read, since a key goes into it. */
    private static OutputStream created(Path file) throws IOException {
        try {
            return Channels.newOutputStream(Files.newByteChannel(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
        } catch (FileAlreadyExistsException e) {
            throw Failure.of(file + " exists already: name another file", e);
        }
    }
}
