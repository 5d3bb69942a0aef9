package dev.wherry.cli.app;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Console;
import dev.wherry.cli.view.ReceivedSignals;
import dev.wherry.cli.view.TerminalText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One command as picocli runs it, with docker's conventions: how flags are read, what help and errors look like. */
final class LeafCommand {
    private static final int WIDTH = 100;

    private final Session session;
    private final CommandDescriptor descriptor;
    private final String path;
    private final CommandLine line;
    private List<String> words = List.of();

    private LeafCommand(CommandLines lines, CommandDescriptor descriptor, String path) {
        this.session = lines.session();
        this.descriptor = descriptor;
        this.path = "wherry " + path;
        this.line = lines.of(descriptor);
    }

    /**
     * Prepares a command.
     *
     * @param path the names that lead to the command, as {@code container ls}
     */
    static LeafCommand of(CommandLines lines, CommandDescriptor descriptor, String path) {
        LeafCommand command = new LeafCommand(lines, descriptor, path);
        command.prepare();
        return command;
    }

    ExitStatus run(Collection<String> arguments) {
        words = List.copyOf(arguments);
        if (words.equals(List.of("-h"))) {
            // Alone it always asks for help, even where it is the short form of a flag that takes a value.
            words = List.of("--help");
        }
        if (words.stream().anyMatch(word -> word.startsWith("-") && word.indexOf('=') > 0)) {
            words = flags().withoutBooleans(words);
        }
        int code = line.execute(words.toArray(String[]::new));
        return line.getExecutionResult() instanceof ExitStatus status ? status : new ExitStatus(code);
    }

    /** The options and parameters of the command. */
    CommandSpec spec() {
        return line.getCommandSpec();
    }

    /** Reads the command's flags on a command line. */
    FlagScan flags() {
        return new FlagScan(spec(), path.substring(path.lastIndexOf(' ') + 1), descriptor);
    }

    private void prepare() {
        Console console = session.console();
        CommandSpec spec = line.getCommandSpec();
        spec.addOption(help(spec));
        line.setCommandName(path)
                .setOut(new PrintWriter(console.out(), true))
                .setErr(new PrintWriter(console.err(), true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(console.outHasColours() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(WIDTH)
                .setExpandAtFiles(false)
                .setOverwrittenOptionsAllowed(true)
                .setStopAtPositional(descriptor.flagsFirst())
                .setParameterExceptionHandler((exception, _) -> usageError(exception))
                .setExecutionExceptionHandler((exception, _, _) -> failed(exception));
        describe(spec.usageMessage());
    }

    /** Gives picocli the texts of the descriptor; picocli takes them as formats, in which % stands for more. */
    private void describe(UsageMessageSpec usage) {
        usage.customSynopsis(descriptor.usage().stream()
                .map(form -> literal(path + " " + form))
                .collect(Collectors.joining("%n        ")));
        usage.description(description().stream().map(LeafCommand::literal).toArray(String[]::new));
        usage.footer(descriptor.examples().stream()
                .map(example -> "  " + literal(example))
                .toArray(String[]::new));
        usage.synopsisHeading("Usage:  ");
        usage.descriptionHeading("%n");
        usage.optionListHeading("%nOptions:%n");
        usage.footerHeading("%nExamples:%n");
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

    private List<String> description() {
        List<String> text = new ArrayList<>();
        text.add(descriptor.summary());
        if (!descriptor.details().isEmpty()) {
            text.add("");
            text.add(descriptor.details());
        }
        List<String> aliases = Catalog.aliases(descriptor);
        if (aliases.size() > 1) {
            text.add("");
            text.add("Aliases:");
            text.add(aliases.stream().collect(Collectors.joining(", wherry ", "  wherry ", "")));
        }
        return text;
    }

    private static String literal(String text) {
        return text.replace("%", "%%");
    }

    private static OptionSpec help(CommandSpec spec) {
        boolean taken = spec.findOption("-h") != null;
        return (taken ? OptionSpec.builder("--help") : OptionSpec.builder("-h", "--help"))
                .usageHelp(true)
                .description(GlobalFlag.HELP.description())
                .build();
    }

    private int failed(Exception exception) {
        if (ReceivedSignals.wasInterrupted()) {
            return ExitStatus.INTERRUPTED.code();
        }
        Failure failure = session.failure(exception);
        session.console().out().flush();
        print(session.console(), failure.getMessage());
        return failure.statusOr(descriptor.onFailure()).code();
    }

    private int usageError(ParameterException exception) {
        FlagScan.Mistake mistake = flags().firstMistake(words).orElse(null);
        if (mistake != null) {
            print(session.console(), mistake.isExplained() ? mistake.sentence() : withHint(mistake.sentence()));
            return ExitStatus.NOT_STARTED.code();
        }
        return switch (exception) {
            case MissingParameterException _ -> wrongArguments("'" + path + "' requires " + requiredArguments());
            case UnmatchedArgumentException unmatched ->
                wrongArguments(
                        "unexpected argument: " + unmatched.getUnmatched().getFirst());
            default -> {
                String sentence = exception.getMessage().lines().findFirst().orElse("wrong arguments");
                print(session.console(), withHint(sentence));
                yield ExitStatus.NOT_STARTED.code();
            }
        };
    }

    private int wrongArguments(String sentence) {
        print(session.console(), withHint(sentence));
        return ExitStatus.FAILURE.code();
    }

    private String requiredArguments() {
        int least = 0;
        boolean more = false;
        for (PositionalParamSpec parameter : spec().positionalParameters()) {
            least += parameter.arity().min();
            more |= parameter.arity().max() > parameter.arity().min();
        }
        return (more ? "at least " : "") + least + (least == 1 ? " argument" : " arguments");
    }

    private String withHint(String sentence) {
        return sentence + "\nSee '" + path + " --help'.";
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
