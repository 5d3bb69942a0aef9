package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Suggestion;
import dev.wherry.daemon.builder.dockerfile.word.VariableNames;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What FROM names: UndefinedArgInFrom, InvalidDefaultArgInFrom, RedundantTargetPlatform,
 * FromPlatformFlagConstDisallowed.
 */
final class BaseNames implements Check {

    private static final Set<String> SYSTEMS =
            Set.of("linux", "windows", "darwin", "freebsd", "netbsd", "openbsd", "solaris", "wasi");

    private final CheckContext surroundings;
    private final Set<String> declared = new LinkedHashSet<>();
    private final Set<String> stages = new LinkedHashSet<>();

    BaseNames(Dockerfile dockerfile, CheckContext surroundings) {
        this.surroundings = surroundings;
        dockerfile
                .globalArgs()
                .forEach(arg -> arg.declarations()
                        .forEach(declaration -> declared.add(declaration.name().raw())));
        for (String side : new String[] {"BUILD", "TARGET"}) {
            for (String part : new String[] {"PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT"}) {
                declared.add(side + part);
            }
        }
        declared.add("TARGETSTAGE");
    }

    @Override
    public void see(SourceInstruction written, StageFacts stage, Findings findings) {
        if (written.instruction() instanceof From from) {
            undeclared(from.image(), written, findings);
            invalidDefault(from.image(), written, findings);
            from.platform().ifPresent(platform -> {
                undeclared(platform, written, findings);
                platform(from, platform, written, findings);
            });
            from.name().ifPresent(stages::add);
        }
    }

    private void undeclared(Word word, SourceInstruction written, Findings findings) {
        for (String name : VariableNames.in(word)) {
            if (!declared.contains(name)) {
                String hint = Suggestion.nearest(name, declared)
                        .map(near -> " (did you mean " + near + "?)")
                        .orElse("");
                findings.add(
                        Rule.UNDEFINED_ARG_IN_FROM,
                        written,
                        word.position(),
                        "FROM argument '" + name + "' is not declared" + hint);
            }
        }
    }

    private void invalidDefault(Word image, SourceInstruction written, Findings findings) {
        if (VariableNames.in(image).isEmpty()) {
            return;
        }
        String name;
        try {
            name = image.expand(surroundings.defaults());
        } catch (DockerfileException required) {
            // ${NAME:?…} asks for a value, and says so itself.
            return;
        }
        boolean isStage = stages.contains(name.toLowerCase(Locale.ROOT));
        if (!isStage && !surroundings.isImageName().test(name)) {
            findings.add(
                    Rule.INVALID_DEFAULT_ARG_IN_FROM,
                    written,
                    image.position(),
                    "Default value for ARG " + image.raw() + " results in empty or invalid base image name");
        }
    }

    private static void platform(From from, Word platform, SourceInstruction written, Findings findings) {
        String raw = platform.raw();
        if (raw.equals("$TARGETPLATFORM") || raw.equals("${TARGETPLATFORM}")) {
            findings.add(
                    Rule.REDUNDANT_TARGET_PLATFORM,
                    written,
                    platform.position(),
                    "Setting platform to predefined " + raw + " in FROM is redundant as this is the default behavior");
        } else if (raw.indexOf('$') < 0 && !isTold(raw, from.name().orElse(""))) {
            findings.add(
                    Rule.FROM_PLATFORM_FLAG_CONST_DISALLOWED,
                    written,
                    platform.position(),
                    "FROM --platform flag should not use constant value \"" + raw + "\"");
        }
    }

    /** Whether the stage's name has the system or the architecture in it: then it is one of several on purpose. */
    private static boolean isTold(String platform, String stage) {
        String[] parts = platform.toLowerCase(Locale.ROOT).split("/");
        boolean systemGiven = parts.length > 1 || SYSTEMS.contains(parts[0]);
        String system = systemGiven ? parts[0] : "linux";
        String architecture = parts.length > 1 ? parts[1] : systemGiven ? "" : parts[0];
        String normal = switch (architecture) {
            case "x86_64", "x86-64" -> "amd64";
            case "aarch64" -> "arm64";
            case "armhf", "armel" -> "arm";
            case "i386" -> "386";
            default -> architecture;
        };
        return stage.contains(system) || !normal.isEmpty() && stage.contains(normal);
    }
}
