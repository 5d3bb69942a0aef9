package dev.wherry.cli.command.context;

import dev.wherry.cli.client.contexts.ContextArchive;
import dev.wherry.cli.client.contexts.DaemonContexts;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry context import}. */
@Command
public final class ImportContextCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "CONTEXT", index = "0")
    private String name;

    @Parameters(paramLabel = "FILE|-", index = "1")
    private String file;

    public ImportContextCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        DaemonContexts contexts = session.selection().contexts();
        if (contexts.find(name).isPresent()) {
            throw new Failure("context \"" + name + "\" already exists");
        }
        if (file.equals("-") && session.console().inIsTerminal()) {
            throw new Failure("context import: standard input is a terminal: pipe an exported context to it");
        }
        try (InputStream in = file.equals("-") ? session.console().in() : Files.newInputStream(Path.of(file))) {
            ContextArchive archive = ContextArchive.read(name, in);
            contexts.put(archive.context(), archive.tls());
        }
        session.console().out().println(name);
        session.console().out().flush();
        session.console().err().println("Successfully imported context \"" + name + "\"");
        return ExitStatus.SUCCESS;
    }
}
