package dev.wherry.daemon.builder.dockerfile;

import dev.wherry.daemon.builder.dockerfile.instruction.CommandLine;
import dev.wherry.daemon.builder.dockerfile.lexer.JsonArray;
import dev.wherry.daemon.builder.dockerfile.lexer.Statement;
import dev.wherry.daemon.builder.dockerfile.lexer.TextSpan;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.List;
import java.util.Optional;

/** The forms that arguments have in several instructions: a JSON array, or plain text where they are none. */
final class ArgumentForms {

    private ArgumentForms() {}

    /** The exec form where the part is a JSON array, else the shell form. */
    static CommandLine command(Statement statement, TextSpan part) {
        return json(statement, part)
                .<CommandLine>map(CommandLine.Exec::new)
                .orElseGet(() -> new CommandLine.Shell(part.text()));
    }

    /** The words of a JSON array, else those between blanks. */
    static List<Word> words(Statement statement, TextSpan part) {
        return json(statement, part)
                .map(strings -> strings.stream()
                        .map(string -> statement.word(new TextSpan(string, part.offset())))
                        .toList())
                .orElseGet(() -> statement.words(part.fields()));
    }

    /** The strings of a part that is a JSON array; nothing where it is none. */
    static Optional<List<String>> json(Statement statement, TextSpan part) {
        Optional<JsonArray> array = JsonArray.parse(part.text());
        array.ifPresent(found -> {
            String keyword = statement.keyword().toUpperCase(java.util.Locale.ROOT);
            if (!found.onlyStrings()) {
                throw statement.problem(part, keyword + " in JSON form takes an array of strings only");
            }
            if (found.strings().stream().anyMatch(s -> s.indexOf('\0') >= 0)) {
                throw statement.problem(part, "an argument of " + keyword + " has a zero character");
            }
        });
        return array.map(JsonArray::strings);
    }
}
