package dev.wherry.cli.app;

import dev.wherry.cli.app.Catalog.Entry;
import dev.wherry.cli.app.Catalog.Group;
import dev.wherry.cli.app.Catalog.Leaf;
import dev.wherry.cli.app.FlagScan.Place;
import dev.wherry.cli.client.contexts.DaemonContext;
import dev.wherry.cli.command.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Answers the completion scripts of the shells with the candidates for the last word of a command line, one a line, with
 * a tab before the description. A last line {@code :files} or {@code :folders} leaves the word to the shell. Errors in
 * earlier words are ignored; completion then offers no candidates.
 */
final class Completion {
    /** The command that the scripts call; help does not list it. */
    static final String COMMAND = "__complete";

    private static final String FILES = ":files\n";
    private static final String FOLDERS = ":folders\n";

    private static final List<String> SIGNALS =
            List.of("CONT", "HUP", "INT", "KILL", "QUIT", "STOP", "TERM", "USR1", "USR2");
    private static final List<String> PREDEFINED = List.of("bridge", "host", "none");
    private static final Set<String> RUNNING = Set.of("running", "paused", "restarting");

    private final CommandLines lines;
    private final Session session;

    Completion(CommandLines lines) {
        this.lines = lines;
        this.session = lines.session();
    }

    /** The answer for the last of {@code words}, which follow the name of the program. */
    String of(List<String> words) {
        try {
            return words.isEmpty()
                    ? ""
                    : complete(new ArrayDeque<>(words.subList(0, words.size() - 1)), words.getLast());
        } catch (RuntimeException _) {
            return "";
        }
    }

    private String complete(Deque<String> before, String typed) {
        String last = before.isEmpty() ? "" : before.getLast();
        if (GlobalFlag.CONTEXT.isCalled(last) && before.stream().allMatch(word -> word.startsWith("-"))) {
            return lines(contexts().stream(), typed);
        }
        session.flags(GlobalFlagScan.read(before).daemon());
        if (before.isEmpty()) {
            return typed.startsWith("-") ? lines(globalFlags(), typed) : lines(topics(), typed);
        }
        String name = before.pop();
        if (name.equals("help")) {
            return help(before, typed);
        }
        return Catalog.find(Catalog.COMMANDS, name)
                .map(entry -> entry(entry, before, typed))
                .orElse("");
    }

    private String entry(Entry entry, Deque<String> before, String typed) {
        return switch (entry) {
            case Leaf leaf -> command(leaf, before, typed);
            case Group group -> group(group, before, typed);
        };
    }

    private String group(Group group, Deque<String> before, String typed) {
        if (before.isEmpty()) {
            return typed.startsWith("-") ? lines(help(), typed) : lines(names(group.children()), typed);
        }
        return Catalog.find(group.children(), before.pop())
                .map(entry -> entry(entry, before, typed))
                .orElse("");
    }

    private static String help(Deque<String> before, String typed) {
        List<Entry> entries = Catalog.COMMANDS;
        for (String word : before) {
            entries = Catalog.find(entries, word).map(Entry::children).orElse(List.of());
        }
        return lines(names(entries), typed);
    }

    private String command(Leaf leaf, Deque<String> before, String typed) {
        LeafCommand command = LeafCommand.of(lines, leaf.command(), leaf.name());
        Place place = command.flags().after(List.copyOf(before));
        if (place.valueOf() != null) {
            return value(place.valueOf(), "", typed);
        }
        if (place.flagsOver() || !typed.startsWith("-")) {
            return argument(leaf.command(), command.spec(), place.arguments(), typed);
        }
        int equals = typed.indexOf('=');
        if (!typed.startsWith("--") || equals < 0) {
            return lines(flags(command.spec()), typed);
        }
        return Optional.ofNullable(command.spec().findOption(typed.substring(0, equals)))
                .map(option -> value(option, typed.substring(0, equals + 1), typed))
                .orElse("");
    }

    /** @param flag the part of the word before the value: {@code --flag=}, or nothing */
    private String value(OptionSpec option, String flag, String typed) {
        return switch (option.paramLabel()) {
            case "FILE" -> FILES;
            case "SIGNAL" -> lines(words(flag, SIGNALS), typed);
            case "NETWORK" -> lines(words(flag, networks()), typed);
            default -> lines(words(flag, choices(option.paramLabel())), typed);
        };
    }

    private String argument(CommandDescriptor descriptor, CommandSpec spec, List<String> before, String typed) {
        List<PositionalParamSpec> parameters = spec.positionalParameters();
        for (int i = 0; i < parameters.size(); i++) {
            if (!parameters.get(i).index().contains(before.size())) {
                continue;
            }
            if (i >= descriptor.arguments().size()) {
                return lines(words("", choices(parameters.get(i).paramLabel())), typed);
            }
            return switch (descriptor.arguments().get(i)) {
                case FILE -> FILES;
                case FOLDER -> FOLDERS;
                case CONTAINER -> live(names().containers(typed, _ -> true), before, typed);
                case RUNNING -> live(names().containers(typed, RUNNING::contains), before, typed);
                case STOPPED -> live(names().containers(typed, state -> !RUNNING.contains(state)), before, typed);
                case IMAGE -> live(names().images(typed), before, typed);
                case VOLUME -> live(names().volumes(), before, typed);
                case NETWORK -> live(names().networks(typed), before, typed);
                case POD -> live(names().pods(typed), before, typed);
                case CONTEXT -> live(contexts(), before, typed);
                case CONTAINER_OR_IMAGE -> {
                    LiveNames names = names();
                    List<Candidate> both = new ArrayList<>(names.containers(typed, _ -> true));
                    both.addAll(names.images(typed));
                    yield live(both, before, typed);
                }
            };
        }
        return "";
    }

    /** Those that every daemon has, and those that this one has. */
    private List<String> networks() {
        return Stream.concat(PREDEFINED.stream(), names().networks("").stream().map(Candidate::word))
                .distinct()
                .toList();
    }

    /** The default context first, as lists show it. */
    private List<Candidate> contexts() {
        return Stream.concat(Stream.of(DaemonContext.DEFAULT), session.selection().contexts().names().stream())
                .map(name -> new Candidate(name, ""))
                .toList();
    }

    private LiveNames names() {
        return new LiveNames(session);
    }

    /** An object that the line names already is not offered again. */
    private static String live(List<Candidate> candidates, List<String> before, String typed) {
        return lines(candidates.stream().filter(candidate -> !before.contains(candidate.word())), typed);
    }

    private static String lines(Stream<Candidate> candidates, String typed) {
        return candidates
                .filter(candidate -> candidate.continues(typed))
                .map(candidate -> candidate.line() + "\n")
                .distinct()
                .collect(Collectors.joining());
    }

    private static Stream<Candidate> globalFlags() {
        return GlobalFlag.ALL.stream()
                .flatMap(flag -> flag.names().reversed().stream().map(name -> new Candidate(name, flag.description())));
    }

    private static Stream<Candidate> topics() {
        return Stream.concat(names(Catalog.COMMANDS), Stream.of(new Candidate("help", "Help about any command")));
    }

    private static Stream<Candidate> names(List<Entry> entries) {
        return entries.stream().map(entry -> new Candidate(entry.name(), entry.summary()));
    }

    private static Stream<Candidate> help() {
        return Stream.of(new Candidate(GlobalFlag.HELP.longName(), GlobalFlag.HELP.description()));
    }

    private static Stream<Candidate> flags(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> Stream.of(option.names())
                        .map(name -> new Candidate(name, String.join(" ", option.description()))));
    }

    private static Stream<Candidate> words(String prefix, List<String> words) {
        return words.stream().map(word -> new Candidate(prefix + word, ""));
    }

    /** The literal alternatives in a label such as {@code host|none|container:NAME}. */
    private static List<String> choices(String label) {
        return Stream.of(label.replaceAll("\\[[^]]*]", "").split("\\|"))
                .filter(choice -> choice.matches("[a-z-]+"))
                .toList();
    }
}
