package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.lexer.Statement;
import dev.wherry.daemon.builder.dockerfile.lexer.TextSpan;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Suggestion;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code --mount} flag as it is written: {@code key=value} fields, separated by commas as in a CSV file. What it means
 * is known when its variables are.
 *
 * @param value the flag's value, and where it begins
 */
public record MountFlag(Word value, List<Field> fields) {

    static final List<String> KEYS = List.of(
            "type",
            "from",
            "source",
            "src",
            "target",
            "dst",
            "destination",
            "readonly",
            "ro",
            "readwrite",
            "rw",
            "id",
            "sharing",
            "required",
            "size",
            "mode",
            "uid",
            "gid",
            "env");

    private static final Set<String> ALONE = Set.of("readonly", "ro", "readwrite", "rw", "required");

    public MountFlag {
        fields = List.copyOf(fields);
    }

    /**
     * One field.
     *
     * @param key in small letters
     * @param value empty when the key stands alone
     */
    record Field(String key, Optional<Word> value, Word whole) {}

    /** @throws DockerfileException when a key is not known, or the flag without variables makes no sense */
    public static MountFlag parse(Statement statement, TextSpan flag) {
        List<Field> fields = new ArrayList<>();
        for (TextSpan part : split(statement, flag)) {
            fields.add(field(statement, part));
        }
        MountFlag mount = new MountFlag(statement.word(flag), fields);
        if (flag.text().indexOf('$') < 0) {
            mount.expand(name -> Optional.empty());
        }
        return mount;
    }

    /**
     * What the flag asks for.
     *
     * @throws DockerfileException when a value is wrong, or keys do not go together
     */
    public RunMount expand(Scope scope) {
        return new MountValues(this, scope).mount();
    }

    private static Field field(Statement statement, TextSpan part) {
        int equals = part.text().indexOf('=');
        String key = part.text()
                .substring(0, equals < 0 ? part.text().length() : equals)
                .toLowerCase(Locale.ROOT);
        if (!KEYS.contains(key)) {
            throw statement.problem(
                    part,
                    "RUN --mount has no option " + DockerfileException.quote(key) + Suggestion.hint("", key, KEYS));
        }
        if (equals < 0) {
            if (!ALONE.contains(key)) {
                throw statement.problem(part, "RUN --mount: " + key + " needs a value: " + key + "=…");
            }
            return new Field(key, Optional.empty(), statement.word(part));
        }
        TextSpan value = part.sub(equals + 1, part.text().length());
        if (key.equals("from") && value.text().indexOf('$') >= 0) {
            throw statement.problem(
                    value,
                    "RUN --mount: from takes no variables: name a stage with FROM " + value.text()
                            + " AS … and mount from that");
        }
        return new Field(key, Optional.of(statement.word(value)), statement.word(part));
    }

    /** Splits at commas; a field may stand in double quotes, in which a double quote is written twice. */
    private static List<TextSpan> split(Statement statement, TextSpan flag) {
        List<TextSpan> parts = new ArrayList<>();
        String text = flag.text();
        int at = 0;
        do {
            int start = at;
            var field = new StringBuilder();
            if (at < text.length() && text.charAt(at) == '"') {
                at = quoted(statement, flag, at + 1, field);
                parts.add(new TextSpan(field.toString(), flag.offset() + start + 1));
            } else {
                int comma = text.indexOf(',', at);
                at = comma < 0 ? text.length() : comma;
                if (text.substring(start, at).indexOf('"') >= 0) {
                    throw statement.problem(
                            flag.sub(start, at), "RUN --mount: a quoted field begins and ends with its quotes");
                }
                parts.add(flag.sub(start, at));
            }
        } while (at++ < text.length());
        return parts;
    }

    private static int quoted(Statement statement, TextSpan flag, int from, StringBuilder field) {
        String text = flag.text();
        for (int at = from; at < text.length(); at++) {
            if (text.charAt(at) != '"') {
                field.append(text.charAt(at));
            } else if (text.startsWith("\"\"", at)) {
                field.append('"');
                at++;
            } else if (at + 1 == text.length() || text.charAt(at + 1) == ',') {
                return at + 1;
            } else {
                break;
            }
        }
        throw statement.problem(
                flag.sub(from - 1, text.length()), "RUN --mount: a quoted field begins and ends with its quotes");
    }
}
