package dev.wherry.cli.command.system;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry completion}. */
@Command
public final class CompletionCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "bash|zsh|fish", index = "0")
    private String shell;

    public CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        String file = switch (shell) {
            case "bash" -> "wherry";
            case "zsh" -> "_wherry";
            case "fish" -> "wherry.fish";
            default -> throw new Failure("completion: the shell must be bash, zsh or fish, not " + shell);
        };
        try (InputStream script = CompletionCommand.class.getResourceAsStream("/completion/" + file)) {
            session.console().out().print(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
        return ExitStatus.SUCCESS;
    }
}
