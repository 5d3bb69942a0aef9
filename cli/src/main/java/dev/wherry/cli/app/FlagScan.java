package dev.wherry.cli.app;

import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Reads the flags of a command line as docker does: clusters of short flags, values in the same word or in the next one.
 * Finds the first flag that the command does not have, and what the next word would be: a flag, a value or an argument.
 */
final class FlagScan {
    private final CommandSpec spec;
    private final String command;
    private final RefusedFlags refused;
    private final boolean stopsAtArgument;

    /**
     * @param spec the flags that the command has
     * @param command the command's name, for messages
     */
    FlagScan(CommandSpec spec, String command, CommandDescriptor descriptor) {
        this.spec = spec;
        this.command = command;
        this.refused = RefusedFlags.parse(descriptor.unsupported());
        this.stopsAtArgument = descriptor.flagsFirst();
    }

    /**
     * A wrong flag.
     *
     * @param isExplained whether the sentence says what to do; else the user is referred to the command's help
     */
    record Mistake(String sentence, boolean isExplained) {}

    /** The first wrong flag, if there is one. */
    Optional<Mistake> firstMistake(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--") || stopsAtArgument && !isFlag(word)) {
                return Optional.empty();
            }
            if (!isFlag(word)) {
                continue;
            }
            boolean last = i + 1 == words.size();
            Reading reading = word.startsWith("--") ? longFlag(word, last) : shortFlags(word, last);
            if (reading.mistake != null) {
                return Optional.of(reading.mistake);
            }
            i += reading.takesNext == null ? 0 : 1;
        }
        return Optional.empty();
    }

    /**
     * The meaning of the place of a word.
     *
     * @param valueOf the option that the word is the value of; {@code null} if the word is no value
     * @param flagsOver whether the word cannot be a flag
     * @param arguments the arguments before the word
     */
    record Place(OptionSpec valueOf, boolean flagsOver, List<String> arguments) {}

    /** The place of the word that follows {@code words}. */
    Place after(List<String> words) {
        List<String> arguments = new ArrayList<>();
        OptionSpec valueOf = null;
        boolean flagsOver = false;
        for (String word : words) {
            if (valueOf != null) {
                valueOf = null;
            } else if (!flagsOver && word.equals("--")) {
                flagsOver = true;
            } else if (flagsOver || !isFlag(word)) {
                arguments.add(word);
                flagsOver |= stopsAtArgument;
            } else {
                valueOf = (word.startsWith("--") ? longFlag(word, false) : shortFlags(word, false)).takesNext;
            }
        }
        return new Place(valueOf, flagsOver, arguments);
    }

    /**
     * The words with boolean values taken off: {@code --rm=true} becomes {@code --rm}, and {@code --rm=false} is
     * dropped, or becomes {@code --no-rm} if the command has that flag.
     *
     * @throws Failure if the value of a boolean flag is neither true nor false
     */
    List<String> withoutBooleans(List<String> words) {
        List<String> plain = new ArrayList<>(words.size());
        boolean flagsOver = false;
        boolean isValue = false;
        for (String word : words) {
            if (flagsOver || isValue || !isFlag(word) || word.equals("--")) {
                flagsOver |= word.equals("--") && !isValue || stopsAtArgument && !isValue;
                isValue = false;
                plain.add(word);
                continue;
            }
            isValue = (word.startsWith("--") ? longFlag(word, false) : shortFlags(word, false)).takesNext != null;
            withoutBoolean(word).ifPresent(plain::add);
        }
        return plain;
    }

    private Optional<String> withoutBoolean(String word) {
        int equals = word.indexOf('=');
        OptionSpec option = equals < 0 ? null : spec.findOption(word.substring(0, equals));
        if (option == null || option.arity().max() > 0) {
            return Optional.of(word);
        }
        String name = word.substring(0, equals);
        return isTrue(name, word.substring(equals + 1))
                ? Optional.of(name)
                : Optional.of("--no-" + name.substring(2)).filter(no -> spec.findOption(no) != null);
    }

    /**
     * The value of a boolean flag.
     *
     * @throws Failure if it is neither true nor false
     */
    static boolean isTrue(String flag, String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "t", "1" -> true;
            case "false", "f", "0" -> false;
            default ->
                throw new Failure(
                        "invalid argument \"" + value + "\" for \"" + flag + "\" flag: give true or false",
                        ExitStatus.NOT_STARTED);
        };
    }

    /** What one word means: a mistake, or the option whose value is the next word. */
    private record Reading(Mistake mistake, OptionSpec takesNext) {}

    private static boolean isFlag(String word) {
        return word.startsWith("-") && word.length() > 1;
    }

    private Reading longFlag(String word, boolean last) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        OptionSpec option = spec.findOption(name);
        if (option == null) {
            return new Reading(refusal(name).orElseGet(() -> unknown(name, longNames())), null);
        }
        return value(option, equals >= 0, name, last);
    }

    private Reading shortFlags(String word, boolean last) {
        for (int i = 1; i < word.length(); i++) {
            String name = "-" + word.charAt(i);
            OptionSpec option = spec.findOption(name);
            if (option == null) {
                Mistake unknown = new Mistake("unknown shorthand flag: '" + word.charAt(i) + "' in " + word, false);
                return new Reading(refusal(name).orElse(unknown), null);
            }
            if (option.arity().max() > 0) {
                return value(option, i + 1 < word.length(), name, last);
            }
        }
        return new Reading(null, null);
    }

    private static Reading value(OptionSpec option, boolean inSameWord, String name, boolean last) {
        if (option.arity().min() == 0 || inSameWord) {
            boolean mayTakeNext = option.arity().max() > 0 && !option.typeInfo().isBoolean();
            return new Reading(null, mayTakeNext && !inSameWord ? option : null);
        }
        return last
                ? new Reading(new Mistake("flag needs an argument: " + name, false), null)
                : new Reading(null, option);
    }

    /** An unknown long flag; the nearest of the known ones is suggested if it is near enough. */
    static Mistake unknown(String flag, Stream<String> known) {
        List<String> names = known.map(name -> name.substring(2)).toList();
        return NearestName.of(flag.substring(2), names)
                .map(nearest -> new Mistake("unknown flag: " + flag + ": did you mean --" + nearest + "?", true))
                .orElseGet(() -> new Mistake("unknown flag: " + flag, false));
    }

    private Stream<String> longNames() {
        return spec.options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> Stream.of(option.names()))
                .filter(name -> name.startsWith("--"));
    }

    private Optional<Mistake> refusal(String flag) {
        return refused.find(flag).map(shown -> new Mistake(command + ": " + shown + " is not supported yet", true));
    }
}
