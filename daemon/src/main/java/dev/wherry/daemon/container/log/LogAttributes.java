package dev.wherry.daemon.container.log;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.config.LogOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What a container's log options say about the container: its tag, and the labels and variables to show with lines. */
public final class LogAttributes {

    private LogAttributes() {}

    /** The name of the container in a log that several containers share: docker's default is the short ID. */
    public static String tag(LogOptions options, Container container) {
        return options.tag(field -> field(field, container));
    }

    private static String field(LogOptions.TagField field, Container container) {
        return switch (field) {
            case ID -> container.shortId();
            case FULL_ID -> container.id();
            case NAME -> container.name();
            case IMAGE_NAME -> container.settings().request().image();
            case IMAGE_ID -> container.image().hex().substring(0, 12);
            case IMAGE_FULL_ID -> container.image().toString();
            case DAEMON_NAME -> "wherry";
        };
    }

    /** The attributes that {@code --details} shows before each line: "env=a,label=b". */
    static String of(LogOptions options, Container container) {
        Map<String, String> found = new TreeMap<>();
        pick(options, container.settings().labels(), "labels", found);
        Map<String, String> env = new TreeMap<>();
        for (String variable : container.settings().env()) {
            String[] parts = variable.split("=", 2);
            env.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
        pick(options, env, "env", found);
        if (!options.given().getOrDefault("tag", "").isEmpty()) {
            found.put("tag", tag(options, container));
        }
        StringBuilder text = new StringBuilder();
        found.forEach((key, value) -> text.append(text.isEmpty() ? "" : ",")
                .append(escaped(key))
                .append('=')
                .append(escaped(value)));
        return text.toString();
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static void pick(LogOptions options, Map<String, String> from, String option, Map<String, String> into) {
        for (String name : options.given().getOrDefault(option, "").split(",")) {
            if (from.containsKey(name)) {
                into.put(name, from.get(name));
            }
        }
        String regex = options.given().getOrDefault(option + "-regex", "");
        if (!regex.isEmpty()) {
            Pattern wanted = Pattern.compile(regex);
            from.forEach((name, value) -> {
                if (wanted.matcher(name).find()) {
                    into.put(name, value);
                }
            });
        }
    }
}
