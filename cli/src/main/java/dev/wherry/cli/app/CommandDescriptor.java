package dev.wherry.cli.app;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * Everything that is said about one command. The catalogue, help, manual pages, completion and the refusal of flags are
 * derived from it; a flag is described where it is declared, in the command's class.
 *
 * @param maker makes the command for one run, since each start pays for every command it makes
 * @param summary one line, for lists of commands
 * @param usage what follows the command's name, a line for each form of the command
 * @param examples whole command lines
 * @param details what help and manual say beyond the summary; may be empty
 * @param arguments what each positional argument names, for completion; empty where the daemon knows no candidates
 * @param unsupported flags of docker's command that this one refuses, in the form that {@link RefusedFlags} reads
 * @param onFailure exit status of a failure that names none
 * @param flagsFirst whether flags end at the first argument, because what follows belongs to the container
 */
record CommandDescriptor(
        Function<Session, Callable<ExitStatus>> maker,
        String summary,
        List<String> usage,
        List<String> examples,
        String details,
        List<ArgumentKind> arguments,
        String unsupported,
        ExitStatus onFailure,
        boolean flagsFirst) {

    static CommandDescriptor of(
            Function<Session, Callable<ExitStatus>> maker, String summary, String usage, String... examples) {
        return new CommandDescriptor(
                maker,
                summary,
                List.of(usage.split("\n")),
                List.of(examples),
                "",
                List.of(),
                "",
                ExitStatus.FAILURE,
                false);
    }

    CommandDescriptor details(String text) {
        return new CommandDescriptor(
                maker, summary, usage, examples, text, arguments, unsupported, onFailure, flagsFirst);
    }

    CommandDescriptor completes(ArgumentKind... kinds) {
        return new CommandDescriptor(
                maker, summary, usage, examples, details, List.of(kinds), unsupported, onFailure, flagsFirst);
    }

    CommandDescriptor refuses(String flags) {
        return new CommandDescriptor(maker, summary, usage, examples, details, arguments, flags, onFailure, flagsFirst);
    }

    CommandDescriptor flagsEndAtArgument() {
        return new CommandDescriptor(maker, summary, usage, examples, details, arguments, unsupported, onFailure, true);
    }

    CommandDescriptor failsWith(ExitStatus status) {
        return new CommandDescriptor(
                maker, summary, usage, examples, details, arguments, unsupported, status, flagsFirst);
    }
}
