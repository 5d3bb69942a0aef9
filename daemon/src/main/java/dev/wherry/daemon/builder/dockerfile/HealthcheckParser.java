package dev.wherry.daemon.builder.dockerfile;

import dev.wherry.daemon.builder.dockerfile.instruction.CommandLine;
import dev.wherry.daemon.builder.dockerfile.instruction.GoDuration;
import dev.wherry.daemon.builder.dockerfile.instruction.Healthcheck;
import dev.wherry.daemon.builder.dockerfile.lexer.Statement;
import dev.wherry.daemon.builder.dockerfile.lexer.TextSpan;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Whitespace;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The parts of a HEALTHCHECK. */
final class HealthcheckParser {

    /** Docker's own limit, below which a check would be nothing but load. */
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Statement statement;
    private final InstructionFlags flags;

    HealthcheckParser(Statement statement, InstructionFlags flags) {
        this.statement = statement;
        this.flags = flags;
    }

    Healthcheck parse() {
        TextSpan arguments = statement.arguments();
        int end = 0;
        while (end < arguments.text().length()
                && !Whitespace.isSpace(arguments.text().charAt(end))) {
            end++;
        }
        TextSpan type = arguments.sub(0, end);
        int start = Whitespace.skipSpace(arguments.text(), end);
        TextSpan command = arguments.sub(start, arguments.text().length());
        return switch (type.text().toUpperCase(Locale.ROOT)) {
            case "NONE" -> none(command);
            case "CMD" -> command(command);
            default ->
                throw statement.problem(
                        type,
                        "HEALTHCHECK takes CMD or NONE, not " + DockerfileException.quote(type.text())
                                + (type.text().startsWith("[") || end > 4 ? " (put CMD before the command)" : ""));
        };
    }

    private Healthcheck none(TextSpan rest) {
        if (!rest.text().isEmpty()) {
            throw statement.problem(rest, "HEALTHCHECK NONE takes no arguments");
        }
        return check(Optional.empty());
    }

    private Healthcheck command(TextSpan rest) {
        CommandLine command = ArgumentForms.command(statement, rest);
        boolean empty = command instanceof CommandLine.Exec exec
                ? exec.args().isEmpty()
                : rest.text().isEmpty();
        if (empty) {
            throw statement.problem("HEALTHCHECK CMD needs a command");
        }
        return check(Optional.of(command));
    }

    private Healthcheck check(Optional<CommandLine> command) {
        return new Healthcheck(
                statement.position(),
                statement.source(),
                command,
                duration("interval"),
                duration("timeout"),
                duration("start-period"),
                duration("start-interval"),
                retries());
    }

    private Duration duration(String name) {
        Optional<TextSpan> flag = flags.part(name);
        if (flag.isEmpty()) {
            return Duration.ZERO;
        }
        TextSpan value = flag.get();
        Duration duration = GoDuration.parse(value.text())
                .orElseThrow(() -> statement.problem(
                        value,
                        "--" + name + " takes a duration such as 30s or 1m30s, not "
                                + DockerfileException.quote(value.text())));
        if (!duration.isZero() && duration.compareTo(SHORTEST) < 0) {
            throw statement.problem(value, "--" + name + " cannot be less than 1ms");
        }
        return duration;
    }

    private int retries() {
        Optional<TextSpan> flag = flags.part("retries");
        if (flag.isEmpty()) {
            return 0;
        }
        String digits = flag.get().text();
        if (!digits.matches("[+]?[0-9]{1,10}") || Long.parseLong(digits) > Integer.MAX_VALUE) {
            throw statement.problem(
                    flag.get(),
                    "--retries takes a number from 0 to " + Integer.MAX_VALUE + ", not "
                            + DockerfileException.quote(digits));
        }
        return Integer.parseInt(digits);
    }
}
