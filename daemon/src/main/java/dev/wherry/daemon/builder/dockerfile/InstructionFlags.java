package dev.wherry.daemon.builder.dockerfile;

import dev.wherry.daemon.builder.dockerfile.lexer.Statement;
import dev.wherry.daemon.builder.dockerfile.lexer.TextSpan;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Suggestion;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The flags of one instruction, checked against those its keyword has. */
final class InstructionFlags {
    private final Statement statement;
    private final Map<String, List<TextSpan>> values = new LinkedHashMap<>();

    private InstructionFlags(Statement statement) {
        this.statement = statement;
    }

    static InstructionFlags of(Statement statement, Keyword keyword) {
        var flags = new InstructionFlags(statement);
        for (TextSpan flag : statement.flags()) {
            flags.read(flag, keyword);
        }
        return flags;
    }

    private void read(TextSpan flag, Keyword keyword) {
        int equals = flag.text().indexOf('=');
        String name = flag.text().substring(2, equals < 0 ? flag.text().length() : equals);
        Keyword.Flag known = keyword.flag(name).orElseThrow(() -> unknown(flag, name, keyword));
        boolean takesValue = known.kind() != Keyword.Kind.YES_OR_NO;
        String value = equals < 0 ? "" : flag.text().substring(equals + 1);
        if (takesValue && value.isEmpty()) {
            throw statement.problem(flag, keyword + " --" + name + " needs a value: --" + name + "=…");
        }
        if (!takesValue && equals >= 0 && !value.equals("true") && !value.equals("false")) {
            throw statement.problem(
                    flag, keyword + " --" + name + " is true or false, not " + DockerfileException.quote(value));
        }
        List<TextSpan> given = values.computeIfAbsent(name, unused -> new ArrayList<>());
        if (!given.isEmpty() && known.kind() != Keyword.Kind.MANY) {
            throw statement.problem(flag, keyword + " --" + name + " is given twice");
        }
        given.add(new TextSpan(equals < 0 ? "true" : value, flag.offset() + equals + 1));
    }

    private DockerfileException unknown(TextSpan flag, String name, Keyword keyword) {
        List<String> known = keyword.flagNames();
        String hint = known.isEmpty() ? " (" + keyword + " has no flags)" : Suggestion.hint("--", name, known);
        return statement.problem(
                flag, "unknown flag " + DockerfileException.quote("--" + name) + " of " + keyword + hint);
    }

    Optional<Word> word(String name) {
        return part(name).map(statement::word);
    }

    Optional<TextSpan> part(String name) {
        return parts(name).stream().findFirst();
    }

    /** All values of a flag that may be given several times, in order. */
    List<TextSpan> parts(String name) {
        return values.getOrDefault(name, List.of());
    }

    List<Word> words(String name) {
        return statement.words(parts(name));
    }

    boolean isSet(String name) {
        return yesOrNo(name).orElse(false);
    }

    /** What a flag that is true or false was set to, if it was given. */
    Optional<Boolean> yesOrNo(String name) {
        return part(name).map(value -> value.text().equals("true"));
    }
}
