package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Suggestion;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The values of one {@code --mount}, and the mount that they describe. */
final class MountValues {

    private static final List<String> TYPES = List.of("bind", "cache", "tmpfs", "secret", "ssh");
    private static final List<String> SHARING = List.of("shared", "private", "locked");
    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

    /** Keys that some types only have. */
    private static final Map<String, Set<String>> ONLY = Map.of(
            "sharing", Set.of("cache"),
            "required", Set.of("secret", "ssh"),
            "size", Set.of("tmpfs"),
            "env", Set.of("secret"),
            "mode", Set.of("cache", "secret", "ssh"),
            "uid", Set.of("cache", "secret", "ssh"),
            "gid", Set.of("cache", "secret", "ssh"));

    private static final Map<String, String> SYNONYMS = Map.of(
            "src", "source",
            "dst", "target",
            "destination", "target",
            "ro", "readonly",
            "rw", "readwrite");

    /** @param text of the field, for messages; {@code value} is "true" where the key stands alone */
    private record Given(MountFlag.Field field, String value) {}

    private final MountFlag flag;
    private final Map<String, Given> given = new HashMap<>();

    MountValues(MountFlag flag, Scope scope) {
        this.flag = flag;
        for (MountFlag.Field field : flag.fields()) {
            String value = field.value().map(word -> word.expand(scope)).orElse("true");
            given.put(SYNONYMS.getOrDefault(field.key(), field.key()), new Given(field, value));
        }
    }

    RunMount mount() {
        String type = choice("type", TYPES).orElse("bind");
        for (Map.Entry<String, Given> one : given.entrySet()) {
            Set<String> types = ONLY.getOrDefault(one.getKey(), Set.of(type));
            if (!types.contains(type)) {
                throw wrong(one.getKey(), "a mount of type " + type + " has no " + one.getKey());
            }
        }
        return switch (type) {
            case "cache" -> cache();
            case "tmpfs" -> new RunMount.Tmpfs(text("target").orElse(""), size());
            case "secret" -> secret();
            case "ssh" -> ssh();
            default ->
                new RunMount.Bind(text("target").orElse(""), text("source").orElse("/"), text("from"), !readOnly(true));
        };
    }

    private RunMount cache() {
        String target = text("target").orElse("");
        RunMount.Sharing sharing = choice("sharing", SHARING)
                .map(name -> RunMount.Sharing.valueOf(name.toUpperCase(Locale.ROOT)))
                .orElse(RunMount.Sharing.SHARED);
        return new RunMount.Cache(
                target,
                text("id").orElse(target),
                readOnly(false),
                sharing,
                text("from"),
                text("source").orElse("/"),
                access(0755));
    }

    private RunMount secret() {
        if (text("from").isPresent()) {
            throw wrong("from", "a secret comes from the client: it has no from");
        }
        if (text("source").isPresent() && text("id").isPresent()) {
            throw wrong("source", "a secret has an id or a source, not both");
        }
        Optional<String> target = text("target");
        Optional<String> env = text("env");
        String id = text("id")
                .or(() -> text("source"))
                .or(() -> target.map(MountValues::lastName))
                .orElseThrow(() -> problem(flag.value(), "a secret needs an id: id=…"));
        Optional<String> file =
                target.isEmpty() && env.isEmpty() ? Optional.of("/run/secrets/" + lastName(id)) : target;
        return new RunMount.Secret(id, file, env, yes("required").orElse(false), access(0400));
    }

    private RunMount ssh() {
        if (text("source").isPresent()) {
            throw wrong("source", "an ssh mount has no source: name the agent with id=…");
        }
        return new RunMount.Ssh(
                text("id").orElse("default"), text("target"), yes("required").orElse(false), access(0600));
    }

    private static String lastName(String path) {
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    /** A value that says something; an empty one says no more than none. */
    private Optional<String> text(String key) {
        return Optional.ofNullable(given.get(key)).map(Given::value).filter(value -> !value.isEmpty());
    }

    private boolean readOnly(boolean byDefault) {
        Optional<Boolean> writable = yes("readwrite");
        return yes("readonly").orElse(writable.map(yes -> !yes).orElse(byDefault));
    }

    private RunMount.Access access(int mode) {
        return new RunMount.Access(
                number("mode", 8, 07777).orElse(mode),
                number("uid", 10, Integer.MAX_VALUE).orElse(0),
                number("gid", 10, Integer.MAX_VALUE).orElse(0));
    }

    private Optional<String> choice(String key, List<String> choices) {
        Optional<String> value = text(key).map(text -> text.toLowerCase(Locale.ROOT));
        value.filter(text -> !choices.contains(text)).ifPresent(text -> {
            throw wrong(
                    key,
                    key + " is " + String.join(", ", choices) + ", not " + DockerfileException.quote(text)
                            + Suggestion.hint("", text, choices));
        });
        return value;
    }

    private Optional<Boolean> yes(String key) {
        return text(key).map(text -> {
            if (!TRUE.contains(text) && !FALSE.contains(text)) {
                throw wrong(key, key + " is true or false, not " + DockerfileException.quote(text));
            }
            return TRUE.contains(text);
        });
    }

    private Optional<Integer> number(String key, int radix, int largest) {
        return text(key).map(text -> {
            try {
                int number = Integer.parseUnsignedInt(text, radix);
                if (text.charAt(0) != '+' && number >= 0 && number <= largest) {
                    return number;
                }
            } catch (NumberFormatException notOne) {
                // told below
            }
            String kind = radix == 8 ? "an octal number such as 0700" : "a number";
            throw wrong(key, key + " is " + kind + ", not " + DockerfileException.quote(text));
        });
    }

    private OptionalLong size() {
        Optional<String> text = text("size");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(ByteSize.parse(text.get())
                .orElseThrow(() -> wrong(
                        "size",
                        "size is a number of bytes such as 64m, not " + DockerfileException.quote(text.get()))));
    }

    private DockerfileException wrong(String key, String message) {
        return problem(given.get(key).field().whole(), message);
    }

    private static DockerfileException problem(Word at, String message) {
        return new DockerfileException(at.position(), at.raw(), "RUN --mount: " + message);
    }
}
