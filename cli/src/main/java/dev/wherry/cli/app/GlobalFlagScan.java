package dev.wherry.cli.app;

import dev.wherry.cli.command.DaemonFlags;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import java.nio.file.Path;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the flags that stand before the command. */
final class GlobalFlagScan {
    private final Map<GlobalFlag, String> given = new HashMap<>();

    private GlobalFlagScan() {}

    /**
     * Takes the flags off a command line. Nothing is read after a flag for help or the version.
     *
     * @throws Failure if a flag is unknown or has no value
     */
    static GlobalFlagScan read(Deque<String> words) {
        GlobalFlagScan scan = new GlobalFlagScan();
        while (!words.isEmpty() && words.peek().startsWith("-") && !scan.has(GlobalFlag.HELP)) {
            scan.take(words.pop(), words);
            if (scan.has(GlobalFlag.VERSION)) {
                break;
            }
        }
        return scan;
    }

    boolean has(GlobalFlag flag) {
        return given.containsKey(flag);
    }

    DaemonFlags daemon() {
        return given.isEmpty()
                ? DaemonFlags.NONE
                : new DaemonFlags(
                        value(GlobalFlag.CONFIG).map(Path::of),
                        value(GlobalFlag.CONTEXT),
                        value(GlobalFlag.HOST),
                        value(GlobalFlag.TLS).map(Boolean::valueOf),
                        value(GlobalFlag.TLS_VERIFY).map(Boolean::valueOf),
                        value(GlobalFlag.TLS_CA).map(Path::of),
                        value(GlobalFlag.TLS_CERT).map(Path::of),
                        value(GlobalFlag.TLS_KEY).map(Path::of));
    }

    private Optional<String> value(GlobalFlag flag) {
        return Optional.ofNullable(given.get(flag)).filter(value -> !value.isEmpty());
    }

    private void take(String word, Deque<String> words) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        for (GlobalFlag flag : GlobalFlag.ALL) {
            boolean takesValue = !flag.value().isEmpty();
            if (flag.isCalled(name)) {
                given.put(
                        flag,
                        equals >= 0 ? inSameWord(flag, name, word.substring(equals + 1)) : next(flag, name, words));
                return;
            }
            if (takesValue && !flag.shortName().isEmpty() && word.startsWith(flag.shortName())) {
                given.put(flag, word.substring(flag.shortName().length()));
                return;
            }
        }
        throw unknown(word, "wherry", GlobalFlag.ALL);
    }

    private static String inSameWord(GlobalFlag flag, String name, String value) {
        return flag.value().isEmpty() ? Boolean.toString(FlagScan.isTrue(name, value)) : value;
    }

    private static String next(GlobalFlag flag, String name, Deque<String> words) {
        if (flag.value().isEmpty()) {
            return "true";
        }
        if (words.isEmpty()) {
            throw new Failure("flag needs an argument: " + name + "\nSee 'wherry --help'.", ExitStatus.NOT_STARTED);
        }
        return words.pop();
    }

    /** @param path the program and the groups that the flag followed */
    static Failure unknown(String word, String path, List<GlobalFlag> known) {
        String flag = word.split("=", 2)[0];
        FlagScan.Mistake mistake = flag.startsWith("--")
                ? FlagScan.unknown(flag, known.stream().map(GlobalFlag::longName))
                : new FlagScan.Mistake("unknown flag: " + flag, false);
        return new Failure(
                mistake.isExplained() ? mistake.sentence() : mistake.sentence() + "\nSee '" + path + " --help'.",
                ExitStatus.NOT_STARTED);
    }
}
