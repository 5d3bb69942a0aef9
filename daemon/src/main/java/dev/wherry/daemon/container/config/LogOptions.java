package dev.wherry.daemon.container.config;

import dev.wherry.daemon.error.InvalidInputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The checked options of a container's log.
 *
 * @param maxBytes of a file before it is rotated; 0 for no limit
 * @param maxFiles how many files are kept, including the current one
 */
public record LogOptions(Driver driver, long maxBytes, int maxFiles, Map<String, String> given) {

    private static final Set<String> OF_ALL = Set.of("mode", "max-buffer-size");
    private static final Set<String> OF_FILES = Set.of("max-size", "max-file", "compress");
    private static final Set<String> OF_ATTRIBUTES = Set.of("labels", "labels-regex", "env", "env-regex", "tag");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})([kmgt]?)(i?b)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern FIELD = Pattern.compile("\\{\\{\\s*\\.(\\w+)\\s*}}");
    /** What is kept of a log where nothing else is said: a program that writes without end does not fill the disk. */
    private static final long DEFAULT_BYTES = 20L << 20;

    private static final int DEFAULT_FILES = 5;
    private static final long LEAST_BOUND = 16L << 20;
    private static final int MOST_FILES = 1000;

    /** Where the output goes. */
    public enum Driver {
        JSON_FILE("json-file"),
        LOCAL("local"),
        JOURNALD("journald"),
        NONE("none");

        final String title;

        Driver(String title) {
            this.title = title;
        }

        /** The names by which they are asked for. */
        public static List<String> titles() {
            return Arrays.stream(values()).map(driver -> driver.title).toList();
        }

        public boolean isFile() {
            return this == JSON_FILE || this == LOCAL;
        }

        private boolean knows(String option) {
            return switch (this) {
                case JSON_FILE -> OF_FILES.contains(option) || OF_ATTRIBUTES.contains(option);
                case LOCAL -> OF_FILES.contains(option);
                case JOURNALD -> OF_ATTRIBUTES.contains(option);
                case NONE -> true;
            };
        }
    }

    /** A field of a tag, written {@code {{.Name}}}. */
    public enum TagField {
        ID("ID"),
        FULL_ID("FullID"),
        NAME("Name"),
        IMAGE_NAME("ImageName"),
        IMAGE_ID("ImageID"),
        IMAGE_FULL_ID("ImageFullID"),
        DAEMON_NAME("DaemonName");

        private final String title;

        TagField(String title) {
            this.title = title;
        }

        private static TagField named(String name) {
            for (TagField field : values()) {
                if (field.title.equals(name)) {
                    return field;
                }
            }
            throw new InvalidInputException("log opt 'tag': {{." + name
                    + "}} is unknown: use ID, FullID, Name, ImageName, ImageID, ImageFullID or DaemonName");
        }
    }

    /** @throws InvalidInputException when the driver or an option is unknown, or a value malformed */
    public static LogOptions of(LogConfig config) {
        Driver driver = driver(config.driver());
        Map<String, String> given = config.options();
        for (String option : new TreeSet<>(given.keySet())) {
            if (!driver.knows(option) && !OF_ALL.contains(option)) {
                throw new InvalidInputException("unknown log opt '" + option + "' for " + driver.title + " log driver");
            }
        }
        long bytes = given.containsKey("max-size") ? size(given.get("max-size")) : DEFAULT_BYTES;
        int files = given.containsKey("max-file") ? files(given.get("max-file")) : DEFAULT_FILES;
        if (Boolean.parseBoolean(given.getOrDefault("compress", "false"))) {
            throw new InvalidInputException(
                    "log opt 'compress' is not supported: leave it out, or give compress=false");
        }
        for (String option : List.of("labels-regex", "env-regex")) {
            pattern(given.getOrDefault(option, ""));
        }
        LogOptions options = new LogOptions(driver, bytes, files, given);
        Matcher field = FIELD.matcher(given.getOrDefault("tag", ""));
        while (field.find()) {
            TagField.named(field.group(1));
        }
        return options;
    }

    private static Driver driver(String name) {
        for (Driver driver : Driver.values()) {
            if (driver.title.equals(name)) {
                return driver;
            }
        }
        throw new InvalidInputException(
                "logger: no log driver named '" + name + "' is registered: use json-file, local, journald or none");
    }

    private static long size(String text) {
        Matcher size = SIZE.matcher(text.strip());
        if (text.equals("-1")) {
            return 0;
        }
        if (!size.matches() || Long.parseLong(size.group(1)) == 0) {
            throw new InvalidInputException(
                    "invalid value '" + text + "' for log opt 'max-size': give it as 10m or 64k");
        }
        int shift = 10 * ("kmgt".indexOf(size.group(2).toLowerCase(java.util.Locale.ROOT)) + 1);
        long factor = size.group(2).isEmpty() ? 1 : 1L << shift;
        // No disk is larger than that.
        return Math.min(Long.parseLong(size.group(1)), (1L << 50) / factor) * factor;
    }

    private static int files(String text) {
        if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1) {
            throw new InvalidInputException(
                    "invalid value '" + text + "' for log opt 'max-file': give a number from 1 on");
        }
        return Math.min(Integer.parseInt(text), MOST_FILES);
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException failure) {
            throw new InvalidInputException("log opts: \"" + text + "\" is no regular expression");
        }
    }

    /**
     * How conmon is told of it. It writes files as "k8s-file", and begins one anew, without what it held, when that is
     * larger than all are to be together, or than what is written between two looks: so it stays within bounds when
     * nobody puts it aside.
     */
    public List<String> arguments(Path log, String tag) {
        return switch (driver) {
            case JSON_FILE, LOCAL ->
                maxBytes == 0
                        ? List.of("-l", "k8s-file:" + log)
                        : List.of(
                                "-l",
                                "k8s-file:" + log,
                                "--log-size-max",
                                Long.toString(Math.max(maxBytes * maxFiles, LEAST_BOUND)));
            case JOURNALD -> List.of("-l", "journald:", "--log-tag", tag);
            case NONE -> List.of("-l", "none");
        };
    }

    /**
     * The tag, with its fields filled in; docker's default is the short ID.
     *
     * @param values gives the value of a field
     */
    public String tag(Function<TagField, String> values) {
        String tag = given.getOrDefault("tag", "");
        return tag.isEmpty()
                ? values.apply(TagField.ID)
                : FIELD.matcher(tag)
                        .replaceAll(match -> Matcher.quoteReplacement(values.apply(TagField.named(match.group(1)))));
    }
}
