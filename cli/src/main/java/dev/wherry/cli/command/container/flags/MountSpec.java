package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.CsvFields;
import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.ContainerMount;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A value of {@code --mount}: fields with commas between them. */
final class MountSpec {
    private static final List<String> KEYS = List.of(
            "type",
            "source",
            "src",
            "target",
            "dst",
            "destination",
            "readonly",
            "ro",
            "consistency",
            "bind-propagation",
            "bind-nonrecursive",
            "bind-recursive",
            "tmpfs-size",
            "tmpfs-mode");

    private final String given;
    private final Map<String, String> fields;

    private MountSpec(String given) {
        this.given = given;
        this.fields = CsvFields.parse("--mount", given, KEYS);
    }

    /** @throws Failure when it is malformed, or of a type that is not supported */
    static ContainerMount parse(String given) {
        return new MountSpec(given).mount();
    }

    private ContainerMount mount() {
        String type = fields.getOrDefault("type", "volume");
        String target = first("target", "dst", "destination");
        if (!type.equals("bind") && !type.equals("tmpfs")) {
            throw new Failure(
                    "--mount " + given + ": mounts of type " + type
                            + " are not supported yet: use type=bind or type=tmpfs",
                    ExitStatus.NOT_STARTED);
        }
        if (target.isEmpty()) {
            throw invalid("target is required");
        }
        ContainerMount.Builder mount = ContainerMount.newBuilder()
                .setType(type)
                .setTarget(MountFlags.target(given, target))
                .setReadOnly(is("readonly") || is("ro"));
        return type.equals("bind") ? bind(mount) : tmpfs(mount);
    }

    private ContainerMount bind(ContainerMount.Builder mount) {
        refuse("tmpfs-", "bind");
        String source = first("source", "src");
        if (source.isEmpty()) {
            throw invalid("invalid mount config for type \"bind\": field Source must not be empty");
        }
        Path path = source.startsWith(".") ? Path.of(source).toAbsolutePath() : Path.of(source);
        if (!path.isAbsolute()) {
            throw invalid("invalid mount path: '" + source + "' mount path must be absolute");
        }
        String propagation = fields.getOrDefault("bind-propagation", "");
        if (!propagation.isEmpty() && !BindSpec.isPropagation(propagation)) {
            throw invalid("invalid propagation mode: " + propagation);
        }
        String recursion = fields.getOrDefault("bind-recursive", "enabled");
        if (!recursion.equals("enabled") && !recursion.equals("disabled")) {
            throw invalid("bind-recursive=" + recursion + " is not supported yet: use enabled or disabled");
        }
        return mount.setSource(path.normalize().toString())
                .setPropagation(propagation)
                .setNonRecursive(is("bind-nonrecursive") || recursion.equals("disabled"))
                .build();
    }

    private ContainerMount tmpfs(ContainerMount.Builder mount) {
        refuse("bind-", "tmpfs");
        if (!first("source", "src").isEmpty()) {
            throw invalid("invalid mount config for type \"tmpfs\": source must not be specified");
        }
        String mode = fields.getOrDefault("tmpfs-mode", "0");
        if (!mode.matches("[0-7]{1,5}")) {
            throw invalid("invalid value for tmpfs-mode: " + mode);
        }
        try {
            return mount.setTmpfsBytes(FlagValue.bytes("--mount", fields.get("tmpfs-size")))
                    .setTmpfsMode(Integer.parseInt(mode, 8))
                    .build();
        } catch (Failure e) {
            throw invalid("invalid value for tmpfs-size: " + fields.get("tmpfs-size"));
        }
    }

    private void refuse(String prefix, String type) {
        if (fields.keySet().stream().anyMatch(key -> key.startsWith(prefix))) {
            throw invalid("cannot mix '" + prefix + "*' options with mount type '" + type + "'");
        }
    }

    private boolean is(String key) {
        String value = fields.getOrDefault(key, "false");
        return switch (value.toLowerCase(java.util.Locale.ROOT)) {
            case "", "1", "t", "true" -> true;
            case "0", "f", "false" -> false;
            default -> throw invalid("invalid value for " + key + ": " + value);
        };
    }

    private String first(String... keys) {
        for (String key : keys) {
            if (fields.containsKey(key)) {
                return fields.get(key);
            }
        }
        return "";
    }

    private Failure invalid(String reason) {
        return FlagValue.invalid("--mount", given, reason);
    }
}
