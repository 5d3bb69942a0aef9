package dev.wherry.cli.app;

import dev.wherry.cli.app.Catalog.Entry;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.ClientVersion;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.view.Console;
import dev.wherry.cli.view.Failure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One run of the command line: global options, the command, its exit code. Everything that goes wrong ends here as a
 * sentence on standard error.
 */
final class CommandRunner {
    /** What docker returns for a flag it does not take, whichever the command. */
    static final int USAGE = 125;

    /** Commands of docker that a user may expect here; a guess at another word would mislead. */
    private static final Set<String> NOT_YET = Set.of(
            "compose",
            "config",
            "context",
            "load",
            "login",
            "logout",
            "manifest",
            "network",
            "node",
            "plugin",
            "push",
            "save",
            "search",
            "secret",
            "service",
            "stack",
            "swarm",
            "trust",
            "volume");

    private final Console console;
    private final Session session;
    private final HelpText help;

    private CommandRunner(Console console) {
        this.console = console;
        this.session = new Session(console);
        this.help = new HelpText(console.outHasColours());
    }

    /** Runs what the arguments say and returns the exit code. */
    static int run(Console console, String... arguments) {
        CommandRunner runner = new CommandRunner(console);
        try {
            return runner.run(new ArrayDeque<>(List.of(arguments)));
        } catch (RuntimeException e) {
            Failure failure = CallFailures.of(e, dev.wherry.cli.client.HostAddress.DEFAULT);
            LeafCommand.print(console, failure.getMessage());
            return failure.exitCode(1);
        } finally {
            console.out().flush();
            console.err().flush();
            runner.session.close();
        }
    }

    private int run(Deque<String> words) {
        while (!words.isEmpty() && words.peek().startsWith("-")) {
            String flag = words.pop();
            switch (flag) {
                case "-h", "--help" -> {
                    return print(help.root());
                }
                case "-v", "--version" -> {
                    return print("Wherry version " + ClientVersion.NUMBER + "\n");
                }
                case "-H", "--host" -> {
                    if (words.isEmpty()) {
                        throw new Failure("flag needs an argument: " + flag + "\nSee 'wherry --help'.", USAGE);
                    }
                    session.host(words.pop());
                }
                default -> session.host(hostIn(flag));
            }
        }
        if (words.isEmpty()) {
            return print(help.root());
        }
        return switch (words.peek()) {
            case "help" -> help(words);
            case Completion.COMMAND -> complete(words);
            default -> command(words);
        };
    }

    /** The address in a word that is flag and address at once. */
    static String hostIn(String flag) {
        if (flag.startsWith("--host=")) {
            return flag.substring("--host=".length());
        }
        if (flag.startsWith("-H")) {
            return flag.substring(flag.startsWith("-H=") ? 3 : 2);
        }
        throw new Failure("unknown flag: " + flag.split("=", 2)[0] + "\nSee 'wherry --help'.", USAGE);
    }

    private int command(Deque<String> words) {
        String name = words.pop();
        Entry entry = Catalog.find(Catalog.COMMANDS, name).orElseThrow(() -> unknown("wherry", name, Catalog.COMMANDS));
        return entry.isGroup()
                ? group(entry, entry.name(), words)
                : LeafCommand.of(session, entry, entry.name()).run(words);
    }

    private int complete(Deque<String> words) {
        words.pop();
        return print(new Completion(session).of(List.copyOf(words)));
    }

    /** @param names the group's name with those of the groups it is in */
    private int group(Entry group, String names, Deque<String> words) {
        String name = words.isEmpty() ? "--help" : words.pop();
        if (name.equals("--help") || name.equals("-h")) {
            return print(help.group(group, names));
        }
        String path = "wherry " + names;
        if (name.startsWith("-")) {
            throw new Failure("unknown flag: " + name + "\nSee '" + path + " --help'.", USAGE);
        }
        Entry entry = Catalog.find(group.children(), name).orElseThrow(() -> unknown(path, name, group.children()));
        String inner = names + " " + entry.name();
        return entry.isGroup()
                ? group(entry, inner, words)
                : LeafCommand.of(session, entry, inner).run(words);
    }

    private int help(Deque<String> words) {
        words.pop();
        List<Entry> entries = Catalog.COMMANDS;
        Entry found = null;
        for (String word : words) {
            Optional<Entry> entry = Catalog.find(entries, word);
            if (entry.isEmpty()) {
                throw new Failure("unknown help topic: " + String.join(" ", words));
            }
            found = entry.get();
            entries = found.children();
        }
        if (found == null) {
            return print(help.root());
        }
        return found.isGroup()
                ? print(help.group(found, String.join(" ", words)))
                : LeafCommand.of(session, found, String.join(" ", words)).run(new ArrayDeque<>(List.of("--help")));
    }

    private static Failure unknown(String path, String name, List<Entry> entries) {
        if (entries == Catalog.COMMANDS && NOT_YET.contains(name)) {
            return new Failure(name + " is not supported yet", 1);
        }
        List<String> names =
                entries.stream().flatMap(entry -> entry.names().stream()).toList();
        String hint = NearestName.nearest(name, names)
                .map(nearest -> ": did you mean '" + nearest + "'?")
                .orElse("\nSee '" + path + " --help'.");
        return new Failure("'" + name + "' is not a " + path + " command" + hint, 1);
    }

    private int print(String text) {
        console.out().print(text);
        return 0;
    }
}
