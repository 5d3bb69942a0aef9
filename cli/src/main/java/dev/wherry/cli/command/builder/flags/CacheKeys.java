package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.error.Failure;
import java.util.List;
import java.util.Map;

/** What the flags about shared caches have in common. */
final class CacheKeys {
    private CacheKeys() {}

    /** Refuses attributes besides these and the type. */
    static void only(AttributeText given, Map<String, String> attributes, String... known) {
        for (String key : attributes.keySet()) {
            if (!key.equals("type") && !List.of(known).contains(key)) {
                throw given.wrong("\"" + key + "\" is not one of " + String.join(", ", known));
            }
        }
        if (given.bool("registry.insecure", attributes.getOrDefault("registry.insecure", "false"))) {
            throw given.wrong("name the host in insecure-registries of the daemon's configuration instead of"
                    + " registry.insecure");
        }
    }

    static String required(AttributeText given, Map<String, String> attributes, String key) {
        String value = attributes.getOrDefault(key, "");
        if (value.isEmpty()) {
            throw given.wrong(key + "= is missing");
        }
        return value;
    }

    static Failure unknownType(AttributeText given, String type, String known) {
        return switch (type) {
            case "" -> given.wrong("type is missing: " + known);
            case "s3", "azblob" -> given.wrong("type=" + type + " is not supported: use " + known);
            default -> given.wrong("there is no type \"" + type + "\": it is " + known);
        };
    }
}
