package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.Csv;
import dev.wherry.cli.command.CsvFields;
import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.ContainerMount;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A value of {@code --mount}: fields with commas between them. */
final class MountSpec {
    /** Fields that may be given several times, as {@code volume-opt=type=nfs}. */
    private static final List<String> REPEATED = List.of("volume-opt", "volume-label");

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
            "volume-driver",
            "volume-label",
            "volume-nocopy",
            "volume-opt",
            "volume-subpath",
            "image-subpath",
            "tmpfs-size",
            "tmpfs-mode");

    private final String given;
    private final Map<String, String> fields;

    private MountSpec(String given) {
        this.given = given;
        this.fields = CsvFields.parse("--mount", given, KEYS);
    }

    /** @throws Failure when it is malformed */
    static ContainerMount parse(String given) {
        return new MountSpec(given).mount();
    }

    private ContainerMount mount() {
        String type = fields.getOrDefault("type", "volume").toLowerCase(Locale.ROOT);
        String target = first("target", "dst", "destination");
        if (!List.of("bind", "volume", "tmpfs", "image").contains(type)) {
            throw invalid("mount type unknown: \"" + type + "\": use bind, volume, tmpfs or image");
        }
        if (target.isEmpty()) {
            throw invalid("target is required");
        }
        for (String other : List.of("bind", "volume", "tmpfs", "image")) {
            if (!other.equals(type)) {
                refuse(other + "-", type);
            }
        }
        ContainerMount.Builder mount = ContainerMount.newBuilder()
                .setType(type)
                .setTarget(MountFlags.target(given, target))
                .setReadOnly(is("readonly") || is("ro"));
        return switch (type) {
            case "bind" -> bind(mount);
            case "tmpfs" -> tmpfs(mount);
            case "image" -> image(mount);
            default -> volume(mount);
        };
    }

    private ContainerMount bind(ContainerMount.Builder mount) {
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
        switch (fields.getOrDefault("bind-recursive", "enabled")) {
            case "enabled" -> {}
            case "disabled" -> mount.setNonRecursive(true);
            case "writable" -> {
                requireReadOnly(mount, "writable");
                mount.setReadOnlyBelow("no");
            }
            case "readonly" -> {
                requireReadOnly(mount, "readonly");
                if (!propagation.equals("rprivate")) {
                    throw invalid(
                            "option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified"
                                    + " in conjunction");
                }
                mount.setReadOnlyBelow("always");
            }
            default ->
                throw invalid("invalid value for bind-recursive: " + fields.get("bind-recursive")
                        + " (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")");
        }
        return mount.setSource(path.normalize().toString())
                .setPropagation(propagation)
                .setNonRecursive(mount.getNonRecursive() || is("bind-nonrecursive"))
                .build();
    }

    private void requireReadOnly(ContainerMount.Builder mount, String recursion) {
        if (!mount.getReadOnly()) {
            throw invalid(
                    "option 'bind-recursive=" + recursion + "' requires 'readonly' to be specified in conjunction");
        }
    }

    private ContainerMount volume(ContainerMount.Builder mount) {
        mount.setSource(first("source", "src"))
                .setNoCopy(is("volume-nocopy"))
                .setSubpath(fields.getOrDefault("volume-subpath", ""))
                .setVolumeDriver(fields.getOrDefault("volume-driver", ""));
        for (String field : Csv.fields("--mount", given)) {
            String[] words = field.split("=", 3);
            String key = words[0].toLowerCase(Locale.ROOT);
            if (REPEATED.contains(key) && words.length > 1) {
                String value = words.length > 2 ? words[2] : "";
                if (key.equals("volume-opt")) {
                    mount.putVolumeOptions(words[1], value);
                } else {
                    mount.putVolumeLabels(words[1], value);
                }
            }
        }
        return mount.build();
    }

    private ContainerMount image(ContainerMount.Builder mount) {
        String source = first("source", "src");
        if (source.isEmpty()) {
            throw invalid("invalid mount config for type \"image\": field Source must not be empty");
        }
        return mount.setSource(source)
                .setSubpath(fields.getOrDefault("image-subpath", ""))
                .build();
    }

    private ContainerMount tmpfs(ContainerMount.Builder mount) {
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
        return switch (value.toLowerCase(Locale.ROOT)) {
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
