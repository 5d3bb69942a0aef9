package dev.wherry.cli.app;

import dev.wherry.cli.view.Console;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The client without a process of its own: for tests that make many calls. */
public final class InProcess {

    private InProcess() {}

    /** What a command did. */
    public record Result(int exitCode, String stdout, String stderr) {}

    /** Runs a command line against the daemon at a host such as {@code unix:///run/wherryd.sock}. */
    public static Result wherry(String host, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false,
                Map.of("WHERRY_HOST", host));
        int exitCode = CommandRunner.run(console, arguments).code();
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
