package dev.wherry.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Finds the first flag on a command line that its command does not take, reading the line as docker does: clusters of
 * short flags, values in the same word or the next.
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
            i += reading.takesNext ? 1 : 0;
        }
        return Optional.empty();
    }

    /** What one word says: an error, or whether the next word is its value. */
    private record Reading(String error, boolean takesNext) {}

    private static boolean isFlag(String word) {
        return word.startsWith("-") && word.length() > 1;
    }

    private Reading longFlag(String word, boolean last) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        OptionSpec option = spec.findOption(name);
        if (option == null) {
            return new Reading(refusal(name).orElse("unknown flag: " + name), false);
        }
        return value(option, equals >= 0, name, last);
    }

    private Reading shortFlags(String word, boolean last) {
        for (int i = 1; i < word.length(); i++) {
            String name = "-" + word.charAt(i);
            OptionSpec option = spec.findOption(name);
            if (option == null) {
                String unknown = "unknown shorthand flag: '" + word.charAt(i) + "' in " + word;
                return new Reading(refusal(name).orElse(unknown), false);
            }
            if (option.arity().max() > 0) {
                return value(option, i + 1 < word.length(), name, last);
            }
        }
        return new Reading(null, false);
    }

    private static Reading value(OptionSpec option, boolean inSameWord, String name, boolean last) {
        if (option.arity().min() == 0 || inSameWord) {
            return new Reading(
                    null,
                    option.arity().max() > 0
                            && !inSameWord
                            && !option.typeInfo().isBoolean());
        }
        return last ? new Reading("flag needs an argument: " + name, false) : new Reading(null, true);
    }

    private Optional<String> refusal(String flag) {
        return refused.find(flag).map(spoken -> command + ": " + spoken + " is not supported yet");
    }
}
