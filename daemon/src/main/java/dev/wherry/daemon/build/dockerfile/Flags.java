package dev.wherry.daemon.build.dockerfile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The flags of one instruction, checked against those its keyword has. */
final class Flags {

    private static final List<String> WITHOUT_VALUE = List.of("link");

    private final Statement statement;
    private final Map<String, Part> values = new LinkedHashMap<>();

    private Flags(Statement statement) {
        this.statement = statement;
    }

    static Flags of(Statement statement, Keyword keyword) {
        var flags = new Flags(statement);
        for (Part flag : statement.flags()) {
            flags.read(flag, keyword);
        }
        return flags;
    }

    private void read(Part flag, Keyword keyword) {
        int equals = flag.text().indexOf('=');
        String name = flag.text().substring(2, equals < 0 ? flag.text().length() : equals);
        if (keyword.unsupportedFlags().contains(name)) {
            throw statement.problem(flag, keyword + " --" + name + " is not supported yet");
        }
        if (!keyword.flags().contains(name)) {
            throw unknown(flag, name, keyword);
        }
        boolean takesValue = !WITHOUT_VALUE.contains(name);
        String value = equals < 0 ? "" : flag.text().substring(equals + 1);
        if (takesValue && value.isEmpty()) {
            throw statement.problem(flag, keyword + " --" + name + " needs a value: --" + name + "=…");
        }
        if (!takesValue && equals >= 0 && !value.equals("true") && !value.equals("false")) {
            throw statement.problem(
                    flag, keyword + " --" + name + " is true or false, not " + DockerfileException.quote(value));
        }
        if (values.put(name, new Part(equals < 0 ? "true" : value, flag.offset() + equals + 1)) != null) {
            throw statement.problem(flag, keyword + " --" + name + " is given twice");
        }
    }

    private DockerfileException unknown(Part flag, String name, Keyword keyword) {
        List<String> known = Stream.concat(keyword.flags().stream(), keyword.unsupportedFlags().stream())
                .toList();
        String hint = known.isEmpty() ? " (" + keyword + " has no flags)" : Suggestion.hint("--", name, known);
        return statement.problem(
                flag, "unknown flag " + DockerfileException.quote("--" + name) + " of " + keyword + hint);
    }

    Optional<Word> word(String name) {
        return part(name).map(statement::word);
    }

    Optional<Part> part(String name) {
        return Optional.ofNullable(values.get(name));
    }

    boolean isSet(String name) {
        return part(name).filter(value -> value.text().equals("true")).isPresent();
    }
}
