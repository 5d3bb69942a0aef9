package dev.wherry.cli.command.system;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.view.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry completion}. */
@Command(
        customSynopsis = "wherry completion bash|zsh|fish",
        description = "Print a script that completes commands, flags and names in a shell.",
        footer = {
            "  source <(wherry completion bash)",
            "  wherry completion zsh > /usr/local/share/zsh/site-functions/_wherry",
            "  wherry completion fish > ~/.config/fish/completions/wherry.fish",
        })
public final class CompletionCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "bash|zsh|fish", index = "0")
    private String shell;

    public CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        String file = switch (shell) {
            case "bash" -> "wherry";
            case "zsh" -> "_wherry";
            case "fish" -> "wherry.fish";
            default -> throw new Failure("completion: the shell must be bash, zsh or fish, not " + shell);
        };
        try (InputStream script = CompletionCommand.class.getResourceAsStream("/completion/" + file)) {
            session.console().out().print(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
        return 0;
    }
}
