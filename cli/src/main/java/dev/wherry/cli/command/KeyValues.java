package dev.wherry.cli.command;

import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code KEY=VALUE} pairs of flags and files. */
public final class KeyValues {
    private static final int LARGEST_FILE = 16 << 20;

    private KeyValues() {}

    /**
     * Variables, where {@code KEY} alone takes its value from {@code environment}, and stays alone if it has none there.
     *
     * @throws Failure if a key is empty
     */
    public static List<String> variables(List<String> given, Map<String, String> environment) {
        List<String> variables = new ArrayList<>();
        for (String variable : given) {
            if (variable.isEmpty() || variable.startsWith("=")) {
                throw new Failure("invalid environment variable: " + variable);
            }
            boolean resolved = variable.indexOf('=') < 0 && environment.containsKey(variable);
            variables.add(resolved ? variable + "=" + environment.get(variable) : variable);
        }
        return variables;
    }

    /** The same variables without those that have no value. */
    public static List<String> set(List<String> given, Map<String, String> environment) {
        return variables(given, environment).stream()
                .filter(variable -> variable.indexOf('=') > 0)
                .toList();
    }

    /** Variables as a map; the last one of a key wins. */
    public static Map<String, String> map(List<String> variables) {
        Map<String, String> map = new LinkedHashMap<>();
        variables.forEach(variable -> {
            int equals = variable.indexOf('=');
            map.put(variable.substring(0, equals), variable.substring(equals + 1));
        });
        return map;
    }

    /** Labels, where {@code KEY} alone has an empty value. */
    public static Map<String, String> labels(List<String> given) {
        return map(given.stream()
                .map(label -> label.indexOf('=') < 0 ? label + "=" : label)
                .toList());
    }

    /** Pairs as lists show them, sorted by their keys. */
    public static String shown(Map<String, String> pairs, String separator) {
        return new TreeMap<>(pairs)
                .entrySet().stream()
                        .map(pair -> pair.getKey() + "=" + pair.getValue())
                        .collect(Collectors.joining(separator));
    }

    /**
     * Reads a file with a variable a line; blank lines and those that start with {@code #} do not count.
     *
     * @param flag that names the file, for messages
     * @throws Failure when the file cannot be read or a key has white space in it
     */
    public static List<String> file(String flag, String file) {
        try {
            List<String> variables = new ArrayList<>();
            for (String line : text(flag, file).split("\r?\n")) {
                String variable = line.replaceFirst("^\ufeff", "").stripLeading();
                if (variable.isEmpty() || variable.startsWith("#")) {
                    continue;
                }
                String key = variable.split("=", 2)[0];
                if (key.isEmpty() || key.chars().anyMatch(Character::isWhitespace)) {
                    throw new Failure(flag + " " + file + ": invalid name '" + key + "'");
                }
                variables.add(variable);
            }
            return variables;
        } catch (java.nio.file.NoSuchFileException e) {
            throw Failure.of(flag + " " + file + " not found", e);
        } catch (IOException e) {
            throw Failure.of(flag + " " + file + " cannot be read as text", e);
        }
    }

    private static String text(String flag, String file) throws IOException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
                throw new Failure(flag + " " + file + " is larger than 16 MiB");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }
}
