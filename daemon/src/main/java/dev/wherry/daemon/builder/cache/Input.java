package dev.wherry.daemon.builder.cache;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that the result of a step depends on, under the name that its author gave it. A step's {@link Inputs} are an
 * ordered list of these: the digest of the list is the cache key, and the difference of two lists is the explanation of a
 * cache miss. So whatever changes the result of a step must be an input, and an input's value must be complete: two
 * values that mean different things are different texts.
 *
 * @param name tells inputs of one kind apart: the name of a variable, the target of a mount; empty where a step has one
 * @param value what is compared
 */
public record Input(Kind kind, String name, String value) {

    /** What sort of thing an input is, in the order in which an explanation lists them. */
    public enum Kind {
        BASE_IMAGE("base image"),
        INSTRUCTION("instruction"),
        COMMAND("command"),
        SOURCES("sources"),
        HEREDOC("here-document"),
        DESTINATION("destination"),
        BUILD_ARG("ARG"),
        ENV("ENV"),
        USER("user"),
        WORKDIR("workdir"),
        OWNER("owner"),
        MODE("mode"),
        MOUNT("mount"),
        NETWORK("network"),
        OPTION("option"),
        COMMIT("commit of"),
        CONTENT("content of"),
        FILES("files");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** What messages call an input of this kind. */
        public String label() {
            return label;
        }

        /** The kind that counts: to a process a build argument is a variable like any other. */
        public Kind counted() {
            return this == BUILD_ARG ? ENV : this;
        }

        /** True if an input of this kind says what the step reads, false if it says what the step is. */
        public boolean isContent() {
            return this == COMMIT || this == CONTENT || this == FILES;
        }
    }

    /** An input of a kind of which a step has one. */
    public static Input of(Kind kind, String value) {
        return new Input(kind, "", value);
    }

    public static Input of(Kind kind, String name, String value) {
        return new Input(kind, name, value);
    }

    /** A flag or another setting of the instruction. */
    public static Input option(String name, String value) {
        return new Input(Kind.OPTION, name, value);
    }

    /**
     * A word as part of a value: unchanged if it is plain, else in quotes.
     *
     * @param reserved words that the value uses for something else, and that are quoted therefore
     */
    public static String word(String word, String... reserved) {
        boolean plain = !word.isEmpty()
                && word.chars().noneMatch(c -> Character.isWhitespace(c) || c == '"' || c == '\\' || c == ',')
                && !List.of(reserved).contains(word);
        return plain ? word : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Words as one value. */
    public static String words(Collection<String> words) {
        return words.stream().map(word -> word(word)).collect(Collectors.joining(" "));
    }
}
