package dev.wherry.cli.app;

import dev.wherry.cli.app.Catalog.Entry;
import dev.wherry.cli.app.Catalog.Group;
import dev.wherry.cli.app.Catalog.Leaf;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.ClientVersion;
import dev.wherry.cli.client.HostAddress;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.system.DialStdioCommand;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Console;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * One run of the command line: global flags, the command, its exit status. Every failure becomes a sentence on standard
 * error here.
 */
final class CommandRunner {
    private final CommandLines lines;
    private final Session session;
    private final Console console;
    private final HelpText help;

    private CommandRunner(CommandLines lines) {
        this.lines = lines;
        this.session = lines.session();
        this.console = session.console();
        this.help = new HelpText(console.outHasColours());
    }

    /** Runs the command that the arguments name. */
    static ExitStatus run(Console console, String... arguments) {
        return run(new CommandLines(new Session(() -> console)), arguments);
    }

    static ExitStatus run(CommandLines lines, String... arguments) {
        CommandRunner runner = new CommandRunner(lines);
        Console console = runner.console;
        try {
            return runner.run(new ArrayDeque<>(List.of(arguments)));
        } catch (RuntimeException e) {
            Failure failure = CallFailures.of(e, HostAddress.DEFAULT);
            LeafCommand.print(console, failure.getMessage());
            return failure.statusOr(ExitStatus.FAILURE);
        } finally {
            console.out().flush();
            console.err().flush();
            runner.session.close();
        }
    }

    private ExitStatus run(Deque<String> words) {
        GlobalFlagScan flags = GlobalFlagScan.read(words);
        if (flags.has(GlobalFlag.HELP)) {
            return print(help.root());
        }
        if (flags.has(GlobalFlag.VERSION)) {
            return print("Wherry version " + ClientVersion.NUMBER + "\n");
        }
        session.flags(flags.daemon());
        if (words.isEmpty()) {
            return print(help.root());
        }
        if (DialStdioCommand.WORDS.equals(List.copyOf(words))) {
            return new DialStdioCommand(session).call();
        }
        return switch (words.peek()) {
            case "help" -> help(words);
            case Completion.COMMAND -> complete(words);
            default -> command(words);
        };
    }

    private ExitStatus command(Deque<String> words) {
        String name = words.pop();
        Entry entry = Catalog.find(Catalog.COMMANDS, name).orElseThrow(() -> unknown("wherry", name, Catalog.COMMANDS));
        return run(entry, entry.name(), words);
    }

    /** @param path the names that lead to the entry */
    private ExitStatus run(Entry entry, String path, Deque<String> words) {
        return switch (entry) {
            case Leaf leaf -> LeafCommand.of(lines, leaf.command(), path).run(words);
            case Group group -> group(group, path, words);
        };
    }

    private ExitStatus complete(Deque<String> words) {
        words.pop();
        return print(new Completion(lines).of(List.copyOf(words)));
    }

    private ExitStatus group(Group group, String path, Deque<String> words) {
        String name = words.isEmpty() ? GlobalFlag.HELP.longName() : words.pop();
        if (GlobalFlag.HELP.isCalled(name)) {
            return print(help.group(group, path));
        }
        String program = "wherry " + path;
        if (name.startsWith("-")) {
            throw GlobalFlagScan.unknown(name, program, List.of(GlobalFlag.HELP));
        }
        Entry entry = Catalog.find(group.children(), name).orElseThrow(() -> unknown(program, name, group.children()));
        return run(entry, path + " " + entry.name(), words);
    }

    private ExitStatus help(Deque<String> words) {
        words.pop();
        List<Entry> entries = Catalog.COMMANDS;
        Entry found = null;
        for (String word : words) {
            found = Catalog.find(entries, word)
                    .orElseThrow(() -> new Failure("unknown help topic: " + String.join(" ", words)));
            entries = found.children();
        }
        return found == null
                ? print(help.root())
                : run(found, String.join(" ", words), new ArrayDeque<>(List.of(GlobalFlag.HELP.longName())));
    }

    private static Failure unknown(String path, String name, List<Entry> entries) {
        if (entries == Catalog.COMMANDS && Catalog.UNSUPPORTED.contains(name)) {
            return new Failure(name + " is not supported yet", ExitStatus.FAILURE);
        }
        List<String> names =
                entries.stream().flatMap(entry -> entry.names().stream()).toList();
        String hint = NearestName.of(name, names)
                .map(nearest -> ": did you mean '" + nearest + "'?")
                .orElse("\nSee '" + path + " --help'.");
        return new Failure("'" + name + "' is not a " + path + " command" + hint, ExitStatus.FAILURE);
    }

    private ExitStatus print(String text) {
        console.out().print(text);
        return ExitStatus.SUCCESS;
    }
}
