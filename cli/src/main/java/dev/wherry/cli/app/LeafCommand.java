package dev.wherry.cli.app;

import dev.wherry.cli.app.Catalog.Entry;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.view.Console;
import dev.wherry.cli.view.Failure;
import dev.wherry.cli.view.ReceivedSignals;
import dev.wherry.cli.view.TerminalText;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One command as picocli runs it, with the manners of docker's: how flags are read, what help and errors look like. */
final class LeafCommand {
    /** Commands whose flags end at the first argument: what follows belongs to the container. */
    private static final Set<String> STOP_AT_ARGUMENT = Set.of("run", "create", "exec", "top");

    private static final int WIDTH = 100;

    private final Session session;
    private final String name;
    private final String path;
    private final CommandLine line;
    private List<String> words = List.of();

    private LeafCommand(Session session, Entry entry, String path) {
        this.session = session;
        this.name = entry.name();
        this.path = "wherry " + path;
        this.line = new CommandLine(entry.maker().apply(session));
    }

    /**
     * Prepares a command.
     *
     * @param path its name with that of its group
     */
    static LeafCommand of(Session session, Entry entry, String path) {
        LeafCommand command = new LeafCommand(session, entry, path);
        command.prepare();
        return command;
    }

    int run(Collection<String> arguments) {
        words = List.copyOf(arguments);
        if (words.stream().anyMatch(word -> word.startsWith("-") && word.indexOf('=') > 0)) {
            words = flags().withoutBooleans(words);
        }
        return line.execute(words.toArray(String[]::new));
    }

    /** What its options and parameters are. */
    CommandSpec spec() {
        return line.getCommandSpec();
    }

    /** Reads its flags on a command line. */
    FlagScan flags() {
        return new FlagScan(spec(), name, STOP_AT_ARGUMENT.contains(name));
    }

    private void prepare() {
        Console console = session.console();
        CommandSpec spec = line.getCommandSpec();
        spec.addOption(help(spec));
        UsageMessageSpec usage = spec.usageMessage();
        usage.synopsisHeading("Usage:  ");
        usage.descriptionHeading("%n");
        usage.optionListHeading("%nOptions:%n");
        usage.footerHeading("%nExamples:%n");
        line.setCommandName(path)
                .setOut(new PrintWriter(console.out(), true))
                .setErr(new PrintWriter(console.err(), true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(console.outHasColours() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(WIDTH)
                .setExpandAtFiles(false)
                .setOverwrittenOptionsAllowed(true)
                .setStopAtPositional(STOP_AT_ARGUMENT.contains(name))
                .setParameterExceptionHandler((exception, _) -> usageError(exception))
                .setExecutionExceptionHandler((exception, _, _) -> failed(exception));
        line.setHelpSectionKeys(List.of(
                UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
                UsageMessageSpec.SECTION_KEY_SYNOPSIS,
                UsageMessageSpec.SECTION_KEY_DESCRIPTION_HEADING,
                UsageMessageSpec.SECTION_KEY_DESCRIPTION,
                UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
                UsageMessageSpec.SECTION_KEY_OPTION_LIST,
                UsageMessageSpec.SECTION_KEY_FOOTER_HEADING,
                UsageMessageSpec.SECTION_KEY_FOOTER));
    }

    private static OptionSpec help(CommandSpec spec) {
        boolean taken = spec.findOption("-h") != null;
        return (taken ? OptionSpec.builder("--help") : OptionSpec.builder("-h", "--help"))
                .usageHelp(true)
                .description("Show this help")
                .build();
    }

    private int failed(Exception exception) {
        if (ReceivedSignals.wasInterrupted()) {
            return ReceivedSignals.INTERRUPTED;
        }
        Failure failure = exception instanceof Failure known ? known : CallFailures.of(exception, session.address());
        session.console().out().flush();
        print(session.console(), failure.getMessage());
        return failure.exitCode(line.getCommandSpec().exitCodeOnExecutionException());
    }

    private int usageError(ParameterException exception) {
        String flagError = flags().firstError(words).orElse(null);
        if (flagError != null) {
            boolean refused = flagError.endsWith("not supported yet");
            print(session.console(), refused ? flagError : flagError + "\nSee '" + path + " --help'.");
            return CommandRunner.USAGE;
        }
        String sentence = switch (exception) {
            case MissingParameterException _ -> "'" + path + "' requires more arguments";
            case UnmatchedArgumentException unmatched ->
                "unexpected argument: " + unmatched.getUnmatched().getFirst();
            default -> exception.getMessage().lines().findFirst().orElse("wrong arguments");
        };
        print(session.console(), sentence + "\nSee '" + path + " --help'.");
        return exception instanceof MissingParameterException || exception instanceof UnmatchedArgumentException
                ? 1
                : CommandRunner.USAGE;
    }

    /** Prints a sentence, and what may follow it on lines of its own. */
    static void print(Console console, String message) {
        String[] lines = message.split("\n", 2);
        console.error(lines[0]);
        if (lines.length > 1) {
            lines[1].lines().map(TerminalText::sanitised).forEach(console.err()::println);
        }
    }
}
