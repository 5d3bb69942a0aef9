package dev.wherry.cli.app;

import dev.wherry.cli.view.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Reads the flags of a command line as docker does: clusters of short flags, values in the same word or the next. Finds
 * the first that the command does not take, and what a word that is still to come would be.
 */
final class FlagScan {
    private final CommandSpec spec;
    private final String command;
    private final RefusedFlags refused;
    private final boolean stopsAtArgument;

    FlagScan(CommandSpec spec, String command, boolean stopsAtArgument) {
        this.spec = spec;
        this.command = command;
        this.refused = RefusedFlags.of(command);
        this.stopsAtArgument = stopsAtArgument;
    }

    /** What to say of the first flag that is wrong, if one is. */
    Optional<String> firstError(List<String> words) {
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
            if (reading.error != null) {
                return Optional.of(reading.error);
            }
            i += reading.takesNext == null ? 0 : 1;
        }
        return Optional.empty();
    }

    /**
     * Where a word stands that follows others.
     *
     * @param valueOf the option whose value it is; {@code null} when it is none
     * @param flagsOver whether it cannot be a flag
     * @param arguments the arguments before it
     */
    record Place(OptionSpec valueOf, boolean flagsOver, List<String> arguments) {}

    /** Where the word after {@code words} stands. */
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
     * The words without values of flags that are either given or not: {@code --rm=true} is {@code --rm}, and
     * {@code --rm=false} is left out, or becomes {@code --no-rm} where there is such a flag.
     *
     * @throws Failure when such a value is neither true nor false
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
        String value = word.substring(equals + 1);
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "t", "1" -> Optional.of(name);
            case "false", "f", "0" ->
                Optional.of("--no-" + name.substring(2)).filter(no -> spec.findOption(no) != null);
            default ->
                throw new Failure(
                        "invalid argument \"" + value + "\" for \"" + name + "\" flag: give true or false",
                        CommandRunner.USAGE);
        };
    }

    /** What one word says: an error, or the option whose value is the next word. */
    private record Reading(String error, OptionSpec takesNext) {}

    private static boolean isFlag(String word) {
        return word.startsWith("-") && word.length() > 1;
    }

    private Reading longFlag(String word, boolean last) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        OptionSpec option = spec.findOption(name);
        if (option == null) {
            return new Reading(refusal(name).orElse("unknown flag: " + name), null);
        }
        return value(option, equals >= 0, name, last);
    }

    private Reading shortFlags(String word, boolean last) {
        for (int i = 1; i < word.length(); i++) {
            String name = "-" + word.charAt(i);
            OptionSpec option = spec.findOption(name);
            if (option == null) {
                String unknown = "unknown shorthand flag: '" + word.charAt(i) + "' in " + word;
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
        return last ? new Reading("flag needs an argument: " + name, null) : new Reading(null, option);
    }

    private Optional<String> refusal(String flag) {
        return refused.find(flag).map(spoken -> command + ": " + spoken + " is not supported yet");
    }
}
